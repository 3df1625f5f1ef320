"""Whether the first seconds of a channel agree with what the stream declares; nothing is converted."""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.model import CANONICAL_UNIT, Modality

_WINDOW_S = 5.0
_WINDOW_OF_BEATS_S = 8.0
_MIN_SAMPLES = 4
_MIN_FINITE_SHARE = 0.5
_RATE_TOLERANCE = 0.05
_MIN_ECG_HZ = 100.0
_BURST_SHARE = 0.3
"""A typical step below this share of a period is no step between samples taken one after the other."""
_LOST_FRAMES = 2
"""Gaps in the window that do not count against the measured rate: a lost frame is not a wrong rate."""


class Judgement(StrEnum):
    """What the data say of a channel."""

    PLAUSIBLE = "plausible"
    IMPLAUSIBLE = "implausible"
    UNDECIDED = "undecided"


class Verdict(NamedTuple):
    """A judgement with its reason.

    Parameters
    ----------
    judgement : Judgement
        UNDECIDED (flat, missing or too few values) is followed by another verdict; the others are final.
    text : str
        What was seen and what to do; for the user.
    measured_rate_hz : float
        Samples per second over the window; NaN where it cannot be told.
    """

    judgement: Judgement
    text: str
    measured_rate_hz: float


class Plausibility:
    """Judges a bound channel by its first seconds: unit, range, rate, missing values.

    Until the verdict is PLAUSIBLE no number of the channel may be shown. A window that cannot be judged
    gives UNDECIDED and the next window is tried. The verdict depends on the samples alone, not on how they
    were cut.

    Parameters
    ----------
    modality : Modality
        What the channel is taken for.
    unit : str
        Declared unit in normal form; empty when none is declared.
    integer : bool
        Whether the stream sends integers.
    nominal_rate_hz : float
        Declared rate; 0.0 means irregular.
    scale : float, default 1.0
        Factor from the values pushed to the canonical unit.
    """

    __slots__ = (
        "_done", "_integer", "_limit", "_modality", "_nominal_hz", "_scale", "_stamps", "_unit", "_values",
        "_window_s", "n_undecided",
    )  # fmt: skip

    def __init__(
        self, modality: Modality, unit: str, integer: bool, nominal_rate_hz: float, scale: float = 1.0
    ) -> None:
        self._modality = modality
        self._unit = unit
        self._integer = integer
        self._nominal_hz = nominal_rate_hz
        self._scale = scale
        self._window_s = _WINDOW_OF_BEATS_S if modality in {Modality.RR, Modality.HR} else _WINDOW_S
        # A sender whose stamps never advance is judged as well, after many times the samples it announced.
        self._limit = int(20.0 * self._window_s * (nominal_rate_hz or 20.0))
        self._stamps = np.empty(0)
        self._values = np.empty(0)
        self._done = False
        self.n_undecided = 0

    @property
    def done(self) -> bool:
        """Whether a final verdict was given."""
        return self._done

    def push(self, stamps: NDArray[np.float64], values: NDArray[np.float64]) -> Verdict | None:
        """Take the next samples.

        Parameters
        ----------
        stamps : ndarray of float64, shape (n,)
            Stamps in seconds.
        values : ndarray of float64, shape (n,)
            Values of the channel; multiplied by `scale` they are in the canonical unit.

        Returns
        -------
        Verdict or None
            The verdict that these samples complete (of several, the last); None when there is none.
        """
        verdict: Verdict | None = None
        if self._done:
            return None
        self._stamps = np.concatenate((self._stamps, stamps))
        self._values = np.concatenate((self._values, values * self._scale))
        while not self._done:
            stop = self._end_of_window()
            if stop is None:
                break
            verdict = self._judge(self._stamps[:stop], self._values[:stop])
            self._stamps, self._values = self._stamps[stop:], self._values[stop:]
            self._done = verdict.judgement is not Judgement.UNDECIDED
            self.n_undecided += 0 if self._done else stop
        return verdict

    def _end_of_window(self) -> int | None:
        """Index of the first sample after the window, if it is there."""
        finite = np.flatnonzero(np.isfinite(self._stamps))
        stop = self._limit if self._stamps.size > self._limit else None
        if finite.size:
            late = np.flatnonzero(self._stamps - self._stamps[finite[0]] >= self._window_s)
            if late.size and (stop is None or late[0] < stop):
                stop = int(late[0])
        return stop

    def _judge(self, stamps: NDArray[np.float64], values: NDArray[np.float64]) -> Verdict:
        rate_hz = measured_rate(stamps, self._nominal_hz)
        finite = values[np.isfinite(values)]
        if self._modality is Modality.RR:
            # A zero is what several senders put where no interval is due.
            finite = finite[finite != 0.0]
        problem = self._burst_problem(stamps, rate_hz) or self._rate_problem(rate_hz)
        if problem:
            return Verdict(Judgement.IMPLAUSIBLE, problem, rate_hz)
        if finite.size < _MIN_SAMPLES:
            text = f"only {finite.size} usable values in {self._window_s:g} s: check that the sensor is worn"
            return Verdict(Judgement.UNDECIDED, text, rate_hz)
        if finite.size < _MIN_FINITE_SHARE * values.size and self._modality is not Modality.RR:
            share = 100.0 * (1.0 - finite.size / values.size)
            return Verdict(
                Judgement.UNDECIDED, f"{share:.0f} % of the values are missing: check contact", rate_hz
            )
        judgement, text = self._judge_values(finite)
        return Verdict(judgement, text, rate_hz)

    def _burst_problem(self, stamps: NDArray[np.float64], rate_hz: float) -> str:
        """Say so where many samples share nearly one stamp: then nobody knows when each was taken."""
        if self._modality is not Modality.ECG or not rate_hz < 2.0 * self._nominal_hz:
            return ""
        if float(np.median(np.diff(stamps))) >= _BURST_SHARE / self._nominal_hz:
            return ""
        return (
            "its samples come in bursts under nearly one stamp, as from a bridge that stamps on arrival, so "
            "intervals between beats cannot be measured: use a bridge that stamps every sample, or the strap's RR"
        )

    def _rate_problem(self, rate_hz: float) -> str:
        nominal = self._nominal_hz
        regular = self._modality not in {Modality.RR, Modality.HR}
        if (
            regular
            and nominal > 0.0
            and np.isfinite(rate_hz)
            and abs(rate_hz / nominal - 1.0) > _RATE_TOLERANCE
        ):
            return f"declared {nominal:g} Hz, measured {rate_hz:.4g} Hz: correct the rate at the sender"
        if self._modality is Modality.ECG and rate_hz < _MIN_ECG_HZ * (1.0 - _RATE_TOLERANCE):
            return f"{rate_hz:.4g} Hz is too slow for an ECG: set the sender to {_MIN_ECG_HZ:g} Hz or more"
        return ""

    def _judge_values(self, finite: NDArray[np.float64]) -> tuple[Judgement, str]:
        if self._modality is Modality.ECG:
            return _judge_ecg(finite)
        if self._modality is Modality.EDA and not np.ptp(finite):
            return Judgement.UNDECIDED, f"constant {finite[0]:g}: check the electrodes"
        middle = float(np.median(finite))
        guess = _other_unit(self._modality, middle, self._integer, declared=bool(self._unit))
        canonical = CANONICAL_UNIT.get(self._modality, "")
        if not guess:
            return Judgement.PLAUSIBLE, f"median {middle:.4g} {canonical}".rstrip()
        asked = f"declared {self._unit}" if self._unit else "no unit declared"
        text = f"median {middle:.4g}: looks like {guess}, not {canonical} ({asked})."
        return (
            Judgement.IMPLAUSIBLE,
            f"{text} Correct the unit at the sender, or name it with unit = … in room.toml",
        )


def measured_rate(stamps: NDArray[np.float64], nominal_hz: float) -> float:
    """Measure samples per second, from stamps that may come in bursts and may lack a frame or two.

    Parameters
    ----------
    stamps : ndarray of float64, shape (n,)
        Stamps in seconds.
    nominal_hz : float
        Declared rate; only used to tell a gap from a step.

    Returns
    -------
    float
        Rate in hertz, NaN when it cannot be told.
    """
    t = stamps[np.isfinite(stamps)]
    if t.size < _MIN_SAMPLES or t[-1] <= t[0]:
        return float("nan")
    # The last burst counts by its stamp only: what it holds lies beyond the span.
    n = int(np.searchsorted(np.maximum.accumulate(t), t[-1]))
    span = float(t[-1] - t[0])
    if nominal_hz > 0.0:
        steps = np.diff(t)
        gaps = steps[steps > 3.5 / nominal_hz]
        if 0 < gaps.size <= _LOST_FRAMES and span > gaps.sum():
            n, span = n - gaps.size, span - float(gaps.sum())
    return n / span


def _judge_ecg(x: NDArray[np.float64]) -> tuple[Judgement, str]:
    low, high = np.percentile(x, (0.5, 99.5))
    swing_uv = float(high - low)
    fractional = bool(np.any(x != np.rint(x)))
    if swing_uv == 0.0:
        return Judgement.UNDECIDED, "a flat line: check that the strap is worn and moist"
    if swing_uv < 15.0 and fractional:
        text = f"the signal spans {swing_uv:.3g}: looks like millivolts, not microvolts: declare mV"
        return Judgement.IMPLAUSIBLE, text
    if swing_uv < 40.0:
        return (
            Judgement.UNDECIDED,
            f"the signal spans {swing_uv:.3g} uV, too little for an ECG: check the strap",
        )
    if swing_uv > 1e5:
        text = f"the signal spans {swing_uv:.3g} uV, too much for an ECG: correct the unit at the sender"
        return Judgement.IMPLAUSIBLE, text
    return Judgement.PLAUSIBLE, f"spans {swing_uv:.4g} uV"


def _other_unit(modality: Modality, middle: float, integer: bool, *, declared: bool) -> str:
    """Name what a median looks like when it is out of range; empty when it is in range."""
    if modality is Modality.RR:
        if 300.0 <= middle <= 2000.0:
            return ""
        return "seconds" if 0.3 <= middle <= 2.0 else "no RR interval at all"
    if modality is Modality.HR:
        if 25.0 <= middle <= 240.0:
            return ""
        return (
            "RR intervals in ms"
            if middle > 300.0
            else "seconds or hertz"
            if 0.3 <= middle <= 4.0
            else "no heart rate"
        )
    if modality is not Modality.EDA or 0.01 <= middle <= (100.0 if declared else 60.0):
        return ""
    if integer and middle > 4095.0:
        return "raw 16-bit words"
    if 0.0 < middle < 1e-4:
        return "siemens"
    if middle < 0.01:
        return "an open or wrongly scaled sensor"
    return (
        "kilo-ohm or nanosiemens"
        if middle < 8000.0
        else "ohm or nanosiemens"
        if middle < 5e6
        else "raw words"
    )
