"""Whether every stream of a recording grows: counted when its samples are in the file, not before."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.core.model import StreamInfo

STALL_S = 3.0
"""A regular stream of which nothing was written for so long is stalled; slow ones get five samples' time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamGrowth:
    """How one stream grows in the file.

    Parameters
    ----------
    stream_id : int
        The stream.
    title : str
        How it is named in messages.
    regular : bool
        Whether it has a declared rate; an irregular stream cannot stall.
    n_samples : int
        Samples in the file.
    grown_at_s : float
        Clock of the recorder when it last grew.
    allowed_s : float
        How long it may stand still.
    ended : bool
        Whether its loss was reported.
    """

    stream_id: int
    title: str
    regular: bool
    n_samples: int
    grown_at_s: float
    allowed_s: float
    ended: bool

    def is_stalled(self, now_s: float) -> bool:
        """Tell whether the stream should have grown and did not.

        Parameters
        ----------
        now_s : float
            Clock of the recorder.

        Returns
        -------
        bool
            False for irregular streams and for those that were reported lost.
        """
        return self.regular and not self.ended and now_s - self.grown_at_s > self.allowed_s


class GrowthWatch:
    """Growth of all streams; written by the recorder's thread, read by any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: dict[int, StreamGrowth] = {}

    def opened(self, info: StreamInfo, now_s: float) -> None:
        """Begin to watch a stream.

        Parameters
        ----------
        info : StreamInfo
            The stream.
        now_s : float
            Clock of the recorder.
        """
        regular = info.nominal_rate_hz > 0.0
        growth = StreamGrowth(
            stream_id=info.stream_id,
            title=info.title,
            regular=regular,
            n_samples=0,
            grown_at_s=now_s,
            allowed_s=max(STALL_S, 5.0 / info.nominal_rate_hz) if regular else float("inf"),
            ended=False,
        )
        with self._lock:
            self._streams[info.stream_id] = growth

    def grew(self, n_new: Mapping[int, int], now_s: float) -> None:
        """Count samples that are in the file now.

        Parameters
        ----------
        n_new : mapping of int to int
            Stream number to number of samples; streams not opened are left out.
        now_s : float
            Clock of the recorder.
        """
        with self._lock:
            for stream_id, n in n_new.items():
                old = self._streams.get(stream_id)
                if old is not None:
                    total = old.n_samples + n
                    self._streams[stream_id] = replace(old, n_samples=total, grown_at_s=now_s, ended=False)

    def ended(self, stream_id: int) -> None:
        """Stop to expect samples of a stream, until some come.

        Parameters
        ----------
        stream_id : int
            The stream.
        """
        with self._lock:
            old = self._streams.get(stream_id)
            if old is not None:
                self._streams[stream_id] = replace(old, ended=True)

    def streams(self) -> tuple[StreamGrowth, ...]:
        """Return the growth of every stream.

        Returns
        -------
        tuple of StreamGrowth
            In the order in which they were opened.
        """
        with self._lock:
            return tuple(self._streams.values())
