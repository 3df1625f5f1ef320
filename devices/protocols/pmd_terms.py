"""The vocabulary of Polar's measurement data service: its UUIDs, and what its numbers mean."""

from enum import IntEnum

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL_POINT = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"


class Measurement(IntEnum):
    """What can be streamed; the number is also its bit among the features."""

    ECG = 0
    PPG = 1
    ACC = 2
    PPI = 3
    GYR = 5
    MAG = 6


class Command(IntEnum):
    """What can be asked of the control point."""

    SETTINGS = 1
    START = 2
    STOP = 3


class Setting(IntEnum):
    """What can be chosen for a measurement."""

    RATE_HZ = 0
    RESOLUTION_BITS = 1
    RANGE = 2
    RANGE_MILLI = 3
    CHANNELS = 4
    FACTOR = 5


class Status(IntEnum):
    """Answer to a command."""

    OK = 0
    BAD_COMMAND = 1
    BAD_MEASUREMENT = 2
    UNSUPPORTED = 3
    BAD_LENGTH = 4
    BAD_PARAMETER = 5
    ALREADY = 6
    BAD_RESOLUTION = 7
    BAD_RATE = 8
    BAD_RANGE = 9
    BAD_MTU = 10
    BAD_CHANNELS = 11
    BAD_STATE = 12
    IN_CHARGER = 13
    DISK_FULL = 14


STATUS_WORDS: dict[int, str] = {
    Status.OK: "accepted",
    Status.BAD_COMMAND: "unknown command",
    Status.BAD_MEASUREMENT: "unknown measurement",
    Status.UNSUPPORTED: "not supported",
    Status.BAD_LENGTH: "wrong length",
    Status.BAD_PARAMETER: "wrong parameter",
    Status.ALREADY: "already in that state",
    Status.BAD_RESOLUTION: "resolution not offered",
    Status.BAD_RATE: "sampling rate not offered",
    Status.BAD_RANGE: "range not offered",
    Status.BAD_MTU: "packets of the link too small",
    Status.BAD_CHANNELS: "number of channels not offered",
    Status.BAD_STATE: "not possible in its present state",
    Status.IN_CHARGER: "in the charger",
    Status.DISK_FULL: "memory full",
}
"""The answers in words."""
