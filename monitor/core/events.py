"""Everything that can enter the pipeline, live or from a file."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.core.model import Binding, StreamInfo

Samples = NDArray[Any] | tuple[tuple[str, ...], ...]
"""Values of a chunk: an array of shape (n, channels) in the stream's own type, or rows of strings."""


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Consecutive samples of one stream with their raw stamps (the sender's clock).

    Parameters
    ----------
    stream_id : int
        The stream.
    stamps : ndarray of float64, shape (n,)
        Raw LSL stamps in seconds, as received.
    values : ndarray of shape (n, channels) or tuple of tuple of str
        Samples in the stream's own type.
    """

    stream_id: int
    stamps: NDArray[np.float64]
    values: Samples


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """One measured offset of a stream's clock.

    Parameters
    ----------
    stream_id : int
        The stream.
    collected_s : float
        When it was measured, on the sender's clock.
    offset_s : float
        What must be added to a raw stamp to get the monitor's clock.
    """

    stream_id: int
    collected_s: float
    offset_s: float


@dataclass(frozen=True, slots=True)
class Tick:
    """The monitor's clock after a round of pulling; only ticks close windows.

    Parameters
    ----------
    now_s : float
        Monitor clock (LSL local clock) in seconds.
    utc_s : float
        Seconds since 1970 at that moment; NaN where unknown. A label only, never used in a computation.
    """

    now_s: float
    utc_s: float


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """A stream was opened and verified, with the roles of its channels (none: recorded only)."""

    info: StreamInfo
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class StreamLost:
    """A stream stalled or ended.

    Parameters
    ----------
    stream_id : int
        The stream.
    at_s : float
        Monitor clock in seconds when it was noticed.
    reason : str
        In words for the user.
    """

    stream_id: int
    at_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note of the application itself: a refused stream, a user's mark, a resumed recording.

    Parameters
    ----------
    at_s : float
        Monitor clock in seconds.
    label : str
        Short machine-readable label.
    text : str
        For the reader.
    """

    at_s: float
    label: str
    text: str


Event = Chunk | ClockOffset | Tick | StreamOpened | StreamLost | Annotation
