"""Two people in one signal: from closed segments to rows and readings."""

from monitor.core.results import NAN, Reason, Result, Status, SynchronyReading, SynchronyRow
from monitor.core.synchrony.coupling import Coupling, SessionStatistic, missing_statistic
from monitor.core.synchrony.gate import SURE_SEGMENTS
from monitor.core.synchrony.pairings import Pairings
from monitor.core.synchrony.series import PersonSeries
from monitor.core.synchrony.signals import Signal

STEADY_PER_MIN = 0.8
"""Breathing of less spread is steady: simulated hearts of strangers then seem coupled in one session of nine."""

ALIKE_PER_MIN = 1.0
"""Rates closer than this keep their phase over several segments."""

RECENT_SUFFIX = "_5min"
"""Signals of rows weighted to the last minutes end so."""


class DyadSignal:
    """One signal of two people.

    Parameters
    ----------
    first, second : str
        Codes.
    people : tuple of PersonSeries
        Their series, in the same order.
    signal : Signal
        Which signal.
    pairings : Pairings
        Permutations, shared by all.
    """

    def __init__(
        self,
        first: str,
        second: str,
        people: tuple[PersonSeries, PersonSeries],
        signal: Signal,
        pairings: Pairings,
    ) -> None:
        self.first, self.second = first, second
        self.signal = signal
        self._people = people
        ours, theirs = (person.segments[signal.name] for person in people)
        self.coupling = Coupling(ours, theirs, pairings)
        self.latest: SessionStatistic | None = None

    @property
    def is_there(self) -> bool:
        """Whether at least one of the two has ever had this signal."""
        return any(self.signal.name in person.seen for person in self._people)

    def close(self, index: int, emit_s: float, *, readings: bool) -> list[Result]:
        """Compare a segment that both have completed.

        Parameters
        ----------
        index : int
            Place of the segment in the session.
        emit_s : float
            Session time of the tick.
        readings : bool
            Whether to give a reading for the eye too.

        Returns
        -------
        list of Result
            One row for the session so far, one for the last minutes where the signal has it, and the reading.
        """
        counts = self.coupling.close(index)
        if not self.is_there:
            return []
        statistic = self.coupling.statistic()
        if statistic.status is not Status.NA:
            self.latest = statistic
            if not counts:
                # Nothing new was learned: the number of before is not that of now.
                statistic = missing_statistic(self.coupling.why_not(index), statistic.n_segments)
            elif self.signal.breathed and statistic.status is Status.OK and self._breathe_alike(index):
                self.latest = statistic = statistic._replace(
                    lag_s=NAN, status=Status.LOW, reason=Reason.RESP_CONFOUNDED
                )
        t_s = (index + 1) * self.coupling.segment_s
        out: list[Result] = [self._row(t_s, statistic)]
        if self.signal.recent:
            out.append(self._recent_row(t_s, statistic))
        if readings and self.signal.recent:
            out.append(self._reading(t_s, emit_s, statistic))
        return out

    def _breathe_alike(self, index: int) -> bool:
        """Whether both breathe so steadily at one rate that their hearts keep time by themselves."""
        second = round((index + 1) * self.coupling.segment_s)
        ours, theirs = (person.breath_until(second) for person in self._people)
        steady = max(ours.spread_per_min, theirs.spread_per_min) < STEADY_PER_MIN
        return steady and abs(ours.per_min - theirs.per_min) < ALIKE_PER_MIN

    def _row(self, t_s: float, found: SessionStatistic) -> SynchronyRow:
        return SynchronyRow(
            self.first,
            self.second,
            self.signal.name,
            t_s,
            found.z,
            found.chance_lo,
            found.chance_hi,
            found.lag_s,
            found.status,
            found.reason,
        )

    def _recent_row(self, t_s: float, found: SessionStatistic) -> SynchronyRow:
        return self._row(t_s, found)._replace(
            signal=self.signal.name + RECENT_SUFFIX,
            z_session=found.z_recent,
            chance_lo=found.recent_lo,
            chance_hi=found.recent_hi,
            lag_s=NAN,
        )

    def _reading(self, t_s: float, emit_s: float, found: SessionStatistic) -> SynchronyReading:
        minutes = self.coupling.segment_s / 60.0
        return SynchronyReading(
            first=self.first,
            second=self.second,
            signal=self.signal.name,
            t_s=t_s,
            t_emit_s=emit_s,
            valid_min=self.coupling.n_segments * minutes,
            needed_min=SURE_SEGMENTS * minutes,
            z_session=found.z,
            chance_lo=found.chance_lo,
            chance_hi=found.chance_hi,
            p=found.p,
            z_recent=found.z_recent,
            recent_lo=found.recent_lo,
            recent_hi=found.recent_hi,
            z_in_phase=found.z_in_phase,
            z_anti_phase=found.z_anti_phase,
            z_lead=found.z_lead,
            lag_s=found.lag_s,
            status=found.status,
            reason=found.reason,
        )

    def final(self) -> SessionStatistic:
        """Return the statistic of everything so far.

        Returns
        -------
        SessionStatistic
            The newest that could be given, or why there is none.
        """
        if self.coupling.is_same_signal:
            return missing_statistic(Reason.NO_DATA)
        return self.latest or self.coupling.statistic()
