"""What is known of each stream of a recording at its end: plain values for the summary."""

from dataclasses import dataclass
from typing import NamedTuple

from monitor.core.model import Modality, StreamInfo


class Gap(NamedTuple):
    """A stretch without data, in seconds of session time."""

    start_s: float
    stop_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReport:
    """How the clock of a stream behaved.

    Parameters
    ----------
    n_offsets : int
        Measured clock offsets.
    median_offset_s : float
        Median offset to the monitor's clock; NaN without any.
    drift_ppm : float
        Drift against the monitor's clock, parts per million; NaN where unknown.
    n_resets : int
        How often the clock began anew.
    verified : bool
        Whether offsets were measured throughout.
    """

    n_offsets: int
    median_offset_s: float
    drift_ppm: float
    n_resets: int
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReport:
    """One stream, or one bound channel of it, as found.

    Parameters
    ----------
    info : StreamInfo
        As declared.
    participant : str
        Code; empty for a stream that was recorded only.
    modality : Modality or None
        What it measures; None for a stream that was recorded only.
    measured_rate_hz : float
        From the stamps; NaN for irregular or too short streams.
    n_samples : int
        Samples received.
    n_rejected : int
        Samples refused: stamps out of order, in the future or not finite.
    gaps : tuple of Gap
        Stretches without data.
    clock : ClockReport or None
        Behaviour of its clock; None where nothing is known.
    warnings : tuple of str
        What the user must know of this stream.
    """

    info: StreamInfo
    participant: str = ""
    modality: Modality | None = None
    measured_rate_hz: float = float("nan")
    n_samples: int = 0
    n_rejected: int = 0
    gaps: tuple[Gap, ...] = ()
    clock: ClockReport | None = None
    warnings: tuple[str, ...] = ()
