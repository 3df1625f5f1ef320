"""When a participant speaks: what several sources tell, and the spoken share of a window."""

from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from monitor.core.results import NAN
from monitor.core.speech_runs import SILENT, SPEAKS, UNKNOWN, Runs, covered_s

SILENT_S = 2.0
"""A regular voice-activity stream that sent nothing for longer tells nothing."""

SPEAKING = 0.5
"""Least value of voice activity that means speaking."""

APPLICATION = 0
"""Source of the marks set in the application; streams count from 1."""

_KEPT_S = 300.0
_LEAST_KNOWN = 0.5


def hold_s(nominal_rate_hz: float) -> float:
    """Tell how long a value of voice activity holds when no other follows.

    Parameters
    ----------
    nominal_rate_hz : float
        Declared rate of the stream; 0.0 means irregular.

    Returns
    -------
    float
        Two seconds, or two periods of a slower stream; infinity for an irregular one, which sends on change.
    """
    return max(SILENT_S, 2.0 / nominal_rate_hz) if nominal_rate_hz > 0.0 else inf


class SpeechLog:
    """When one participant spoke, after all sources that tell it.

    The person speaks while any source says so, and is silent while some source says silent and none says
    speaking. A mark holds until the next one of its source; a value of regular voice activity holds for 2 s at
    most, and then nothing is known. Answers do not depend on how the samples were cut into pieces, on the
    interleaving of sources, or on anything later than the window asked for.

    Attributes
    ----------
    n_late : int
        Samples left out because their stamp is before the newest of their source, or is no number.
    """

    __slots__ = ("_horizon_s", "_sources", "n_late")

    def __init__(self) -> None:
        self._sources: dict[int, Runs] = {}
        self._horizon_s = -inf
        self.n_late = 0

    @property
    def n_runs(self) -> int:
        """Stretches of one state kept in memory."""
        return sum(len(runs) for runs in self._sources.values())

    def set(self, t_s: float, speaking: bool, source: int = APPLICATION) -> None:
        """Take a mark.

        Parameters
        ----------
        t_s : float
            Session time in seconds. Of marks under one stamp the last holds.
        speaking : bool
            Whether the person speaks from then on.
        source : int, default APPLICATION
            Number of the stream, or the application.
        """
        runs = self._runs(source, inf)
        if not isfinite(t_s) or t_s < runs.newest_s:
            self.n_late += 1
            return
        runs.note(t_s, SPEAKS if speaking else SILENT)

    def push(
        self, t_s: NDArray[np.float64], values: NDArray[np.float64], source: int, nominal_rate_hz: float
    ) -> str:
        """Take samples of voice activity.

        Parameters
        ----------
        t_s : ndarray of float64, shape (n,)
            Session seconds.
        values : ndarray of float64, shape (n,)
            0 to 1; 0.5 or more means speaking, NaN that nothing is known.
        source : int
            Number of the stream.
        nominal_rate_hz : float
            Declared rate; 0.0 means irregular.

        Returns
        -------
        str
            What to tell the user when a value outside 0 to 1 shows that this is no voice activity: once; else
            empty. Such a source tells nothing from that value on.
        """
        runs = self._runs(source, hold_s(nominal_rate_hz))
        if runs.refused:
            return ""
        for stamp, value in zip(t_s.tolist(), values.tolist(), strict=True):
            if not isfinite(stamp) or stamp < runs.newest_s:
                self.n_late += 1
            elif 0.0 <= value <= 1.0:
                runs.note(stamp, SPEAKS if value >= SPEAKING else SILENT)
            else:
                runs.note(stamp, UNKNOWN)
                runs.refused = value == value
                if runs.refused:
                    return (
                        f"A value of {value:g} is no voice activity; the stream is recorded only. "
                        "Let the sender publish 0 to 1, with 0.5 or more for speaking."
                    )
        return ""

    def end(self, t_s: float, source: int) -> None:
        """Note that a source was lost: from then on it tells nothing until it sends again.

        Parameters
        ----------
        t_s : float
            Session time in seconds.
        source : int
            Number of the stream.
        """
        runs = self._sources.get(source)
        if runs is not None and isfinite(t_s):
            runs.note(max(t_s, runs.newest_s), UNKNOWN)

    def share(self, start_s: float, stop_s: float) -> float:
        """Share of a window in which the person spoke.

        What lies more than 300 s before the newest window asked for is forgotten, and unknown.

        Parameters
        ----------
        start_s, stop_s : float
            The window in session seconds.

        Returns
        -------
        float
            Spoken share, 0 to 1, of what is known of the window, or of half the window where less is known, so
            that a moment does not speak for a minute. NaN where nothing is known.
        """
        if start_s - _KEPT_S > self._horizon_s:
            self._horizon_s = start_s - _KEPT_S
            for runs in self._sources.values():
                runs.forget(self._horizon_s)
        first_s = max(start_s, self._horizon_s)
        pieces = [piece for runs in self._sources.values() for piece in runs.pieces(first_s, stop_s)]
        if len(self._sources) > 1:
            pieces.sort()
        known_s = covered_s(pieces)
        if known_s == 0.0:
            return NAN
        spoken_s = covered_s([piece for piece in pieces if piece[2] == SPEAKS])
        return min(1.0, spoken_s / max(known_s, _LEAST_KNOWN * (stop_s - start_s)))

    def _runs(self, source: int, length_s: float) -> Runs:
        runs = self._sources.get(source)
        if runs is None:
            runs = self._sources[source] = Runs(length_s)
        return runs
