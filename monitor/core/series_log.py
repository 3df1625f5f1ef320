"""The series of one person, second by second, for whoever takes a reference from them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.baseline import INPUTS, Reference, build_reference
from calibration.procedure_events import SecondQuality
from calibration.quality import BaselineQuality
from monitor.core.arousal import Inputs
from monitor.core.responder import responder
from monitor.core.results import Estimate, Reason, Revocation, Status

_ARRHYTHMIA = (Reason.ARRHYTHMIA_SUSPECTED, Reason.TOO_MANY_CORRECTED_BEATS)
_NAN = float("nan")
_NA = Status.NA


class _Noted(NamedTuple):
    """What is kept of one grid second; NaN where missing."""

    ln_scl: float
    scr_rate: float
    heart_speed: float
    ln_rmssd: float
    low: bool
    arrhythmia: bool
    movement: bool
    breathing_per_min: float
    scl_us: float


_NOTHING = _Noted(_NAN, _NAN, _NAN, _NAN, False, False, False, _NAN, _NAN)

SpanOf = tuple[float, float, float]
"""Start and stop in session seconds, and the weight of the span."""


class SeriesLog:
    """Collects the four series of a reference, and how good they are.

    Parameters
    ----------
    start_s, stop_s : float, optional
        Seconds outside ``(start_s, stop_s]`` are not kept.
    """

    def __init__(self, start_s: float = 0.0, stop_s: float = float("inf")) -> None:
        self.start_s = start_s
        self.stop_s = stop_s
        self._first = 0
        self._seconds: list[_Noted] = []
        self._responses_s: list[float] = []

    @property
    def n_seconds(self) -> int:
        """Grid seconds kept so far."""
        return len(self._seconds)

    @property
    def first(self) -> int:
        """The first grid second kept."""
        return self._first

    def note(self, second: int, inputs: Inputs, breathing: Estimate, scl: Estimate, held: Reason) -> None:
        """Take one grid second.

        Parameters
        ----------
        second : int
            Grid second in session time.
        inputs : Inputs
            The series.
        breathing : Estimate
            Breathing rate per minute.
        scl : Estimate
            Skin conductance level in microsiemens.
        held : Reason
            Why the vagal index is held, if it is: such a second tells nothing of its level.
        """
        if not self.start_s < second <= self.stop_s:
            return
        if not self._seconds:
            self._first = second
        while self._first + len(self._seconds) < second:
            self._seconds.append(_NOTHING)
        ln_scl, scr_rate, heart, vagal = inputs
        self._seconds.append(
            _Noted(
                ln_scl.value,
                scr_rate.value,
                heart.value,
                _NAN if held else vagal.value,
                Status.LOW in (ln_scl.status, scr_rate.status, heart.status)
                or (vagal.status is Status.LOW and not held),
                vagal.reason in _ARRHYTHMIA,
                scl.reason is Reason.MOTION,
                _NAN if breathing.status is _NA else breathing.value,
                scl.value,
            )
        )

    def note_response(self, t_peak_s: float) -> None:
        """Take one skin conductance response.

        Parameters
        ----------
        t_peak_s : float
            Session time of its peak.
        """
        if self.start_s < t_peak_s <= self.stop_s:
            self._responses_s.append(t_peak_s)

    def revoke(self, revocation: Revocation) -> None:
        """Take back skin conductance that later data showed to be unusable.

        Parameters
        ----------
        revocation : Revocation
            Which seconds, and why.
        """
        for second in range(
            max(self._first, int(np.ceil(revocation.start_s))),
            min(self._first + len(self._seconds) - 1, int(np.floor(revocation.stop_s))) + 1,
        ):
            row = self._seconds[second - self._first]
            self._seconds[second - self._first] = row._replace(
                ln_scl=_NAN,
                scr_rate=_NAN,
                scl_us=_NAN,
                movement=row.movement or revocation.reason is Reason.MOTION,
            )

    def second(self, second: int) -> SecondQuality:
        """Tell how good one grid second is.

        Parameters
        ----------
        second : int
            Grid second.

        Returns
        -------
        SecondQuality
            For the guided procedure.
        """
        row = self._row(second)
        return SecondQuality(
            second=second,
            valid=not (np.isnan(row.heart_speed) or np.isnan(row.ln_scl)),
            arrhythmia=row.arrhythmia,
            movement=row.movement,
            weak=row.low,
            breathing_per_min=row.breathing_per_min,
        )

    def _row(self, second: int) -> _Noted:
        place = second - self._first
        return self._seconds[place] if 0 <= place < len(self._seconds) else _NOTHING

    def _rows(self, spans: Sequence[SpanOf]) -> tuple[list[_Noted], list[float]]:
        """Rows of the seconds in ``(start, stop]`` of each span, with their weights."""
        rows, weights = [], []
        for start_s, stop_s, weight in spans:
            seconds = range(int(np.floor(start_s)) + 1, int(np.floor(stop_s)) + 1)
            rows += [self._row(second) for second in seconds]
            weights += [weight] * len(seconds)
        return rows, weights

    def quality(self, spans: Sequence[SpanOf]) -> BaselineQuality:
        """Tell how good the spans are together.

        Parameters
        ----------
        spans : sequence of (float, float, float)
            Start and stop in session seconds, and weight.

        Returns
        -------
        BaselineQuality
            Counts of seconds, and whether skin conductance responds.
        """
        rows, _ = self._rows(spans)
        return BaselineQuality(
            n_seconds=len(rows),
            n_valid=sum(not (np.isnan(row.heart_speed) or np.isnan(row.ln_scl)) for row in rows),
            n_arrhythmia=sum(row.arrhythmia for row in rows),
            n_movement=sum(row.movement for row in rows),
            responder=self._responder(rows, spans),
        )

    def _responder(self, rows: list[_Noted], spans: Sequence[SpanOf]) -> bool:
        levels = [row.scl_us for row in rows if not np.isnan(row.scl_us)]
        n_responses = sum(any(start < t <= stop for start, stop, _ in spans) for t in self._responses_s)
        return responder(float(np.median(levels)) if levels else _NAN, n_responses)

    def reference(self, participant: str, spans: Sequence[SpanOf], *, minimum_s: float = 300.0) -> Reference:
        """Make the reference of the spans.

        Parameters
        ----------
        participant : str
            Code of the person.
        spans : sequence of (float, float, float)
            Start and stop in session seconds, and the weight of each second.
        minimum_s : float, default 300.0
            Least length.

        Returns
        -------
        Reference
            The reference statistics.

        Raises
        ------
        BaselineError
            If too little of them is valid.
        """
        rows, weights = self._rows(spans)
        equal = len(set(weights)) <= 1
        return build_reference(
            participant,
            min((start for start, _, _ in spans), default=0.0),
            max((stop for _, stop, _ in spans), default=0.0),
            {name: np.array([getattr(row, name) for row in rows], dtype=np.float64) for name in INPUTS},
            np.array([row.low for row in rows], dtype=np.bool_),
            responder=self._responder(rows, spans),
            weights=None if equal else np.array(weights, dtype=np.float64),
            minimum_s=minimum_s,
        )

    def breathing(self, spans: Sequence[SpanOf]) -> float:
        """Tell the breathing rate in the spans.

        Parameters
        ----------
        spans : sequence of (float, float, float)
            Start and stop in session seconds, and weight.

        Returns
        -------
        float
            Median rate per minute; NaN with fewer than 30 known seconds.
        """
        rates = [row.breathing_per_min for row in self._rows(spans)[0]]
        known = [rate for rate in rates if not np.isnan(rate)]
        return float(np.median(known)) if len(known) >= 30 else _NAN

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Return everything kept, for a plot.

        Returns
        -------
        dict of str to ndarray of float64, shape (n,)
            ``t_s`` (grid seconds), the series of `INPUTS`, ``scl_us`` and ``breathing_per_min``.
        """
        names = (*INPUTS, "scl_us", "breathing_per_min")
        columns = {
            name: np.array([getattr(row, name) for row in self._seconds], dtype=np.float64) for name in names
        }
        return {"t_s": self._first + np.arange(len(self._seconds), dtype=np.float64), **columns}
