"""Synchrony of everybody with everybody, segment by segment, on the session grid."""

from collections import deque
from collections.abc import Mapping
from math import ceil
from typing import NamedTuple

from monitor.core.results import Notice, Result, Status
from monitor.core.synchrony.dyad import DyadSignal
from monitor.core.synchrony.group import GroupStatistic, group_statistic
from monitor.core.synchrony.pair import Choices, Pair
from monitor.core.synchrony.pairings import Pairings
from monitor.core.synchrony.series import PersonSeries
from monitor.core.synchrony.signals import SIGNALS, Signal

MOST_PEOPLE = 16
"""Synchrony is computed among so many at most."""

_RANKS = {"client": 0, "therapist": 2}
_WITHIN_S = 25
"""All pairs have been compared so many seconds after a segment was complete."""

_AT_ONCE = 2


class Job(NamedTuple):
    """One comparison that is due."""

    segment: int
    dyad: DyadSignal


class SynchronyStage:
    """All dyads of a session.

    Who is a client comes first in a pair, a therapist last; within a kind the order is that of the codes.

    Parameters
    ----------
    choices : Choices
        Segments, lags, permutations, seed.
    kinds : Mapping of str to str
        ``client``, ``therapist`` or ``other`` by code, as far as known.
    readings : bool, default True
        Whether to give readings for the eye.
    """

    def __init__(self, choices: Choices, kinds: Mapping[str, str], *, readings: bool = True) -> None:
        self.choices = choices
        self._pairings = Pairings(choices.n_surrogates, choices.seed)
        self._kinds = dict(kinds)
        self._readings = readings
        self._people: dict[str, PersonSeries] = {}
        self._dyads: dict[tuple[str, str, str], DyadSignal] = {}
        self._jobs: deque[Job] = deque()
        self._closed = dict.fromkeys((signal.name for signal in SIGNALS), 0)
        self._seen = 0
        self._same: set[tuple[str, str, str]] = set()

    @property
    def dyads(self) -> tuple[DyadSignal, ...]:
        """Every pair in every signal that one of the two ever had."""
        return tuple(dyad for dyad in self._dyads.values() if dyad.is_there)

    @property
    def participants(self) -> tuple[str, ...]:
        """Codes in the order in which pairs are formed."""
        return tuple(self._people)

    def series_for(self, code: str) -> PersonSeries:
        """Return the series of a participant, for them to fill.

        Parameters
        ----------
        code : str
            Code; pairs with everybody who came before are formed.

        Returns
        -------
        PersonSeries
            Empty at first. Beyond 16 people nobody is compared with the next.
        """
        series = PersonSeries(segment_s=self.choices.segment_s, lag_s=self.choices.lag_s)
        for signal in SIGNALS:
            # Segments that were over before this person came are missing.
            for index in range(self._closed[signal.name]):
                series.close(signal, index)
        if code in self._people or len(self._people) >= MOST_PEOPLE:
            return series
        self._people[code] = series
        for other, theirs in list(self._people.items())[:-1]:
            pair = sorted(((code, series), (other, theirs)), key=lambda person: self._rank(person[0]))
            (first, ours), (second, others) = pair
            for signal in SIGNALS:
                dyad = DyadSignal(first, second, (ours, others), signal, self._pairings)
                for index in range(self._closed[signal.name]):
                    dyad.coupling.close(index)
                self._dyads[first, second, signal.name] = dyad
        self._people = dict(sorted(self._people.items(), key=lambda person: self._rank(person[0])))
        self._dyads = dict(sorted(self._dyads.items(), key=lambda item: self._place(item[0])))
        return series

    def _rank(self, code: str) -> tuple[int, str, str]:
        return (_RANKS.get(self._kinds.get(code, ""), 1), code.casefold(), code)

    def _place(self, key: tuple[str, str, str]) -> tuple[int, int, int]:
        codes, names = list(self._people), [signal.name for signal in SIGNALS]
        return codes.index(key[0]), codes.index(key[1]), names.index(key[2])

    def push(self, second: int, final: int, emit_s: float) -> list[Result]:
        """Close the segments that are complete and do the comparisons that are due.

        Comparisons of many pairs are spread over the seconds that follow, so that no second is much longer than
        the others; which are done when depends on nothing but the grid.

        Parameters
        ----------
        second : int
            Grid second up to which there is `ln_rmssd`, which is never taken back.
        final : int
            Grid second up to which the fast signals are final.
        emit_s : float
            Session time of the tick.

        Returns
        -------
        list of Result
            Rows, readings and notices.
        """
        if second != self._seen:
            self._seen = second
            for signal in SIGNALS:
                until = second if signal.name == "ln_rmssd" else final
                while self._is_complete(signal, until):
                    self._close(signal)
        out: list[Result] = []
        for _ in range(min(len(self._jobs), max(_AT_ONCE, ceil(len(self._dyads) / _WITHIN_S)))):
            segment, dyad = self._jobs.popleft()
            out += dyad.close(segment, emit_s, readings=self._readings)
            out += self._doubt(dyad, emit_s)
        return out

    def _is_complete(self, signal: Signal, until: int) -> bool:
        segment_s = self.choices.segment_s * signal.segment_factor
        return until >= (self._closed[signal.name] + 1) * segment_s + signal.margin_s

    def _close(self, signal: Signal) -> None:
        index = self._closed[signal.name]
        self._closed[signal.name] = index + 1
        for series in self._people.values():
            series.close(signal, index)
        self._jobs.extend(Job(index, dyad) for dyad in self._dyads.values() if dyad.signal is signal)

    def _doubt(self, dyad: DyadSignal, emit_s: float) -> list[Result]:
        key = (dyad.first, dyad.second, dyad.signal.name)
        if key in self._same or not dyad.coupling.is_same_signal:
            return []
        self._same.add(key)
        text = (
            f"{dyad.first} and {dyad.second} have the same signal ({dyad.signal.title}); their synchrony is not "
            f"given. One stream may have been assigned to both: check the roles."
        )
        return [Notice(emit_s, f"{dyad.first}, {dyad.second}", "same_signal", text)]

    def group(self, signal: str) -> GroupStatistic | None:
        """Return the index of the whole group.

        Parameters
        ----------
        signal : str
            Name of the signal.

        Returns
        -------
        GroupStatistic or None
            None with fewer than three people.
        """
        if len(self._people) < 3:
            return None
        codes = list(self._people)
        couplings = [
            (codes.index(d.first), codes.index(d.second), d.coupling)
            for d in self._dyads.values()
            if d.signal.name == signal
        ]
        return group_statistic(couplings, n_permutations=self.choices.n_surrogates, seed=self.choices.seed)

    def matrix(self, signal: str) -> list[list[float | None]]:
        """Return the synchrony of all pairs.

        Parameters
        ----------
        signal : str
            Name of the signal.

        Returns
        -------
        list of list of float or None
            ``z`` of the session by person and person, in the order of `participants`; None where not available
            and on the diagonal.
        """
        codes = list(self._people)
        out: list[list[float | None]] = [[None] * len(codes) for _ in codes]
        for (first, second, name), dyad in self._dyads.items():
            found = dyad.final()
            if name == signal and found.status is not Status.NA:
                a, b = codes.index(first), codes.index(second)
                out[a][b] = out[b][a] = found.z
        return out

    def pairs(self) -> list[Pair]:
        """Return the series of every pair and signal, for methods that look at a whole session.

        Returns
        -------
        list of Pair
            On the grid from the first to the last second both may have; four hours at most.
        """
        return [self._pair(dyad) for dyad in self.dyads]

    def _pair(self, dyad: DyadSignal) -> Pair:
        signal = dyad.signal
        grids = [self._people[code].raw[signal.name] for code in (dyad.first, dyad.second)]
        first = max(grid.first for grid in grids)
        stop = max(first, *(grid.stop for grid in grids))
        raw_x, raw_y = (grid.cut(first, stop) for grid in grids)
        return Pair(
            dyad.first,
            dyad.second,
            signal.name,
            signal.rate_hz,
            first / signal.rate_hz,
            raw_x,
            raw_y,
            signal.prepare(raw_x),
            signal.prepare(raw_y),
        )
