"""What can be wrong with a virtual Shimmer3, its line and its radio."""

from dataclasses import dataclass, field

from devices.emulator.byte_faults import ByteFaults
from devices.emulator.frames import CLOCK_DRIFT
from devices.protocols.shimmer import Hardware
from devices.protocols.shimmer_facts import Firmware

LOG_AND_STREAM = Firmware(kind=3, major=0, minor=16, release=10)
"""A LogAndStream that knows checksums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShimmerFaults:
    """How a virtual Shimmer3 differs from a perfect one. Times are in seconds since power-on, on the bridge's clock.

    Parameters
    ----------
    clock_drift : float
        How much faster its crystal is than the bridge's clock, relative.
    tick_start : int, default 0
        What its counter of 1/32768 s shows at power-on; ``2**24 - 32768`` lets the stamps wrap after a second.
    firmware : Firmware
        What it says it runs. BtStream and old LogAndStream do not know the command for checksums; very old ones
        stamp with 16 bits.
    hardware : int, default 3
        3 for Shimmer3, 10 for Shimmer3R, whose inquiry holds three more bytes.
    has_exg : bool, default False
        Whether an ECG board is fitted instead of the skin conductance board's free channels.
    battery_mv : int, default 3900
        Voltage of its battery in millivolts.
    nack : tuple of int
        Commands it refuses.
    ignores : tuple of int
        Commands it does not answer at all.
    nack_unknown : bool, default False
        Whether it refuses bytes that are no command; its true firmware passes over them.
    start_streaming : bool, default False
        Whether it streams from power-on, as one does whose program crashed and whose link held.
    streams_on : bool, default False
        Whether it keeps streaming when its port is closed; its true firmware stops.
    silent_at_s : float, optional
        When it stops sending packets while the link holds, until streaming is started anew.
    half_frame_at_s : tuple of float
        When only the first half of a packet leaves it.
    lost_packets : tuple of int
        Packets never sent, counted from the first of the whole life.
    disconnect_at_s : tuple of float
        When the port vanishes.
    away_s : float, default 3.0
        How long it stays away then.
    line : ByteFaults
        What happens to the bytes of data packets on their way; answers to commands arrive whole.
    base_latency_s : float, default 0.03
        Shortest time from sampling to arrival.
    jitter_s : float, default 0.01
        Mean of the exponential delay on top of it, drawn anew for every burst.
    burst_s : float, default 0.02
        Packets leave together this often: the slots of the radio.
    stalls : tuple of (float, float)
        From when for how many seconds the radio holds everything back, to send it at once afterwards.
    """

    clock_drift: float = CLOCK_DRIFT
    tick_start: int = 0
    firmware: Firmware = LOG_AND_STREAM
    hardware: int = Hardware.SHIMMER3
    has_exg: bool = False
    battery_mv: int = 3900
    nack: tuple[int, ...] = ()
    ignores: tuple[int, ...] = ()
    nack_unknown: bool = False
    start_streaming: bool = False
    streams_on: bool = False
    silent_at_s: float | None = None
    half_frame_at_s: tuple[float, ...] = ()
    lost_packets: tuple[int, ...] = ()
    disconnect_at_s: tuple[float, ...] = ()
    away_s: float = 3.0
    line: ByteFaults = field(default_factory=ByteFaults)
    base_latency_s: float = 0.03
    jitter_s: float = 0.01
    burst_s: float = 0.02
    stalls: tuple[tuple[float, float], ...] = ()
