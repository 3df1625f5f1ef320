"""References taken during a session: the opening of the day, and a level taken anew."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from calibration.baseline import INPUTS, BaselineError, Reference
from monitor.core.arousal import Inputs
from monitor.core.results import REVOCABLE_S, Estimate, Reason, Revocation
from monitor.core.series_log import SeriesLog

OPENING, AGAIN = "opening", "again"
_KINDS = (OPENING, AGAIN)
OPENING_S = 180.0
"""Least length of an opening, SCIENCE E.10."""

_AGAIN_S = 60.0
_AGAIN_AT_MOST_S = 120.0
_CALM = 3.0
_SETTLE_S = REVOCABLE_S + 1.0


class Opening:
    """A span of the running session from which a reference is taken.

    Parameters
    ----------
    kind : str
        ``opening`` (level of the day, with the scale where no earlier session gives it) or ``again`` (level only).
    start_s : float
        Session time at which it begins.
    """

    def __init__(self, kind: str, start_s: float) -> None:
        self.kind = kind
        self.start_s = start_s
        self.stop_s = start_s + _AGAIN_AT_MOST_S if kind == AGAIN else float("inf")
        self.log = SeriesLog(start_s)
        self.tension = float("nan")

    @property
    def length_s(self) -> float:
        """Length in seconds."""
        return self.stop_s - self.start_s

    @property
    def seconds(self) -> range:
        """Grid seconds of the span."""
        return range(int(np.floor(self.start_s)) + 1, int(np.floor(self.stop_s)) + 1)

    @property
    def breathing_per_min(self) -> float:
        """Breathing rate in the span; NaN where unknown."""
        return self.log.breathing([(self.start_s, self.stop_s, 1.0)])

    def reference(self, participant: str) -> Reference:
        """Make the reference of an opening.

        Parameters
        ----------
        participant : str
            Code of the person.

        Returns
        -------
        Reference
            Level and scale of this span alone.

        Raises
        ------
        BaselineError
            If too little of it is valid, or it is too short.
        """
        return self.log.reference(participant, [(self.start_s, self.stop_s, 1.0)], minimum_s=OPENING_S)


class Openings:
    """The spans of one session, one at a time."""

    def __init__(self) -> None:
        self._open: Opening | None = None
        self._tension = float("nan")
        # A response may be known before the second in which the span begins is closed.
        self._responses_s: deque[float] = deque(maxlen=32)

    @property
    def running(self) -> bool:
        """Whether a span is open or not yet in use."""
        return self._open is not None

    @property
    def _takes_the_day(self) -> bool:
        """Whether an opening runs or settles: nothing else may displace it."""
        return self._open is not None and self._open.kind == OPENING

    def told(self, at_s: float, label: str, text: str) -> None:
        """Take what the user said.

        Parameters
        ----------
        at_s : float
            Session time.
        label : str
            ``reference_start``, ``reference_stop`` or ``tension``; others are ignored.
        text : str
            Kind of the reference, or the rating.
        """
        if label == "tension":
            try:
                self._tension = float(text)
            except ValueError:
                return
            if self._open is not None and at_s <= self._open.stop_s:
                self._open.tension = float(np.fmax(self._open.tension, self._tension))
        elif label == "reference_start" and text in _KINDS and not self._takes_the_day:
            self._open = Opening(text, at_s)
            self._open.tension = self._tension
            for t_peak_s in self._responses_s:
                self._open.log.note_response(t_peak_s)
        elif label == "reference_stop" and self._open is not None:
            self._open.stop_s = min(self._open.stop_s, at_s)

    def note(self, second: int, inputs: Inputs, breathing: Estimate, scl: Estimate, held: Reason) -> None:
        """Keep the series of one second, if a span is open.

        Parameters
        ----------
        second : int
            Grid second.
        inputs : Inputs
            The four series.
        breathing, scl : Estimate
            Breathing rate per minute and skin conductance level in microsiemens.
        held : Reason
            Why the vagal index is held, if it is.
        """
        if self._open is not None and second <= self._open.stop_s:
            self._open.log.note(second, inputs, breathing, scl, held)

    def note_response(self, t_peak_s: float) -> None:
        """Take one skin conductance response.

        Parameters
        ----------
        t_peak_s : float
            Session time of its peak.
        """
        self._responses_s.append(t_peak_s)
        if self._open is not None:
            self._open.log.note_response(t_peak_s)

    def revoke(self, revocation: Revocation) -> None:
        """Take seconds back.

        Parameters
        ----------
        revocation : Revocation
            Which, and why.
        """
        if self._open is not None:
            self._open.log.revoke(revocation)

    def due(self, second: int) -> Opening | None:
        """Hand out the span that is over and can no longer change.

        Parameters
        ----------
        second : int
            Grid second just closed.

        Returns
        -------
        Opening or None
            None while there is none.
        """
        opening = self._open
        if opening is None or second < opening.stop_s + _SETTLE_S:
            return None
        self._open = None
        return opening


def retaken(reference: Reference, opening: Opening, usable: Sequence[int]) -> tuple[Reference, str]:
    """Take the level of a reference anew; its scale stays.

    Parameters
    ----------
    reference : Reference
        In use until now.
    opening : Opening
        The span of kind ``again``.
    usable : sequence of int
        Its grid seconds within the zone.

    Returns
    -------
    reference : Reference
        With other means.
    text : str
        What changed, for the log.

    Raises
    ------
    BaselineError
        If the span is too short or too tense.
    """
    if opening.tension > _CALM:
        raise BaselineError(
            f"the level was not taken anew, because tension was rated {opening.tension:g}; it takes 3 or less. "
            f"Try again in a calmer minute.",
            "tension",
        )
    arrays = opening.log.arrays()
    rows = [s - opening.log.first for s in usable if 0 <= s - opening.log.first < opening.log.n_seconds]
    n_valid = int(np.isfinite(arrays["heart_speed"][rows] + arrays["ln_scl"][rows]).sum()) if rows else 0
    if n_valid < _AGAIN_S:
        raise BaselineError(
            f"the level was not taken anew: {n_valid} valid seconds within the calibrated range, at least "
            f"{_AGAIN_S:g} are needed. Take 60 to 120 quiet seconds.",
            "coverage",
        )
    scales, moved = dict(reference.scales), []
    for name in INPUTS:
        values = arrays[name][rows]
        values = values[np.isfinite(values)]
        if name in scales and values.size >= _AGAIN_S / 2:
            moved.append(f"{name} {scales[name].mean:.3g} to {values.mean():.3g}")
            scales[name] = replace(scales[name], mean=float(values.mean()))
    text = (
        f"level taken anew from {opening.start_s:.0f} to {opening.stop_s:.0f} s ({n_valid} valid seconds): "
        f"{', '.join(moved)}. The scale and the edges stay."
    )
    return replace(reference, scales=scales), text
