"""What an outlet declares on the wire: the vocabulary of stream metadata, without the LSL library."""

import re
from dataclasses import dataclass

CODE_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,32}")
"""What a participant's code may look like; codes are in stream names, for anyone on the network to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSpec:
    """One channel of a stream.

    Parameters
    ----------
    label : str
        Name of the channel.
    unit : str
        Unit in words, as the XDF metadata pages write it: ``microvolts``, ``milliseconds``, ``microsiemens``.
    type : str
        What it measures: ``ECG``, ``RR``, ``EDA``.
    """

    label: str
    unit: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletSpec:
    """Everything a stream says of itself before its first sample.

    Parameters
    ----------
    name : str
        Name shown in lists; holds the participant's code, never a name.
    type : str
        Content type of the stream: ``ECG``, ``RR``, ``EDA``.
    source_id : str
        Identity that survives a restart, made of the serial number.
    channels : tuple of ChannelSpec
        The channels, in the order of the values.
    nominal_rate_hz : float
        Declared rate; 0.0 means irregular.
    channel_format : {"float32", "double64", "string"}
        Format on the wire.
    manufacturer, model, serial_number, firmware : str
        The device.
    offset_mean_s : float, default 0.0
        Estimate of the constant delay of the stamps, in seconds, to be subtracted by a reader that wants it.

    Raises
    ------
    ValueError
        If the format is unknown, there is no channel, or the source identity is empty.
    """

    name: str
    type: str
    source_id: str
    channels: tuple[ChannelSpec, ...]
    nominal_rate_hz: float
    channel_format: str
    manufacturer: str
    model: str
    serial_number: str
    firmware: str
    offset_mean_s: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what a reader could not identify again."""
        if self.channel_format not in {"float32", "double64", "string"}:
            raise ValueError(f"unknown format {self.channel_format!r}; use float32, double64 or string")
        if not self.channels:
            raise ValueError(f"stream {self.name!r} declares no channel")
        if not self.source_id:
            raise ValueError(f"stream {self.name!r} has no source_id; a restart could not be recognised")
