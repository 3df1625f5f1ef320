"""One bound channel on its way into the analysis: scaled, screened, and verified before a number counts."""

import numpy as np
from numpy.typing import NDArray

from monitor.core.intake import Intake, gap_limit_s
from monitor.core.model import Binding, StreamInfo
from monitor.core.plausibility import Judgement, Plausibility, Verdict

_RATE_TOLERANCE = 0.05
_EMPTY: NDArray[np.float64] = np.empty(0)


class Channel:
    """A channel bound to a role.

    Samples are held until the first seconds of data agree with what was declared (unit, scale, rate); then
    they are released at once. A channel that does not agree is refused and releases nothing.

    Parameters
    ----------
    info : StreamInfo
        The stream.
    binding : Binding
        The channel and its role.

    Attributes
    ----------
    retired : bool
        Whether another stream took the role over; what still comes is not analysed.
    """

    __slots__ = (
        "_doubted",
        "_held_t",
        "_held_x",
        "_plausibility",
        "binding",
        "info",
        "intake",
        "problem",
        "retired",
        "verdict",
    )

    def __init__(self, info: StreamInfo, binding: Binding) -> None:
        self.info = info
        self.binding = binding
        self.intake = Intake(binding.key.modality, gap_limit_s(info))
        self.verdict: Verdict | None = None
        integer = info.channel_format.startswith("int")
        self._plausibility = Plausibility(binding.key.modality, binding.unit, integer, info.nominal_rate_hz)
        self._held_t: NDArray[np.float64] = _EMPTY
        self._held_x: NDArray[np.float64] = _EMPTY
        self._doubted = 0
        self.problem = ""
        self.retired = False

    @property
    def verified(self) -> bool:
        """Whether the data were found to be what they were declared to be."""
        return self.verdict is not None and self.verdict.judgement is Judgement.PLAUSIBLE

    @property
    def rate_hz(self) -> float:
        """Rate for the design of filters: as declared where the data agree, else as measured."""
        nominal = self.info.nominal_rate_hz
        measured = self.verdict.measured_rate_hz if self.verdict else float("nan")
        if nominal > 0 and not abs(measured / nominal - 1.0) > _RATE_TOLERANCE:
            return nominal
        return measured

    def push(
        self, t: NDArray[np.float64], x: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], Verdict | None]:
        """Take the next samples.

        Parameters
        ----------
        t : ndarray of float64, shape (n,)
            Session seconds.
        x : ndarray of float64, shape (n,)
            Values as received.

        Returns
        -------
        t, x : ndarray of float64, shape (m,)
            Samples released into the analysis, in the canonical unit.
        verdict : Verdict or None
            The verdict, on the one push that brought it.
        """
        scale = self.binding.scale
        t, x = self.intake.push(t, x * scale if scale != 1.0 else x)
        if self.verdict is not None:
            return (t, x, None) if self.verified else (_EMPTY, _EMPTY, None)
        if not t.size:
            return _EMPTY, _EMPTY, None
        verdict = self._plausibility.push(t, x)
        # What was too flat or too sparse to be judged is not worth holding for minutes.
        drop = self._plausibility.n_undecided - self._doubted
        self._doubted += drop
        held_t, held_x = np.concatenate((self._held_t, t))[drop:], np.concatenate((self._held_x, x))[drop:]
        if verdict is not None and verdict.judgement is Judgement.PLAUSIBLE:
            self.verdict, self.problem = verdict, ""
            self._held_t, self._held_x = _EMPTY, _EMPTY
            return held_t, held_x, verdict
        self._held_t, self._held_x = held_t, held_x
        if verdict is None:
            return _EMPTY, _EMPTY, None
        told_before, self.problem = verdict.text == self.problem, verdict.text
        if verdict.judgement is Judgement.IMPLAUSIBLE:
            self.verdict = verdict
            self._held_t, self._held_x = _EMPTY, _EMPTY
            return _EMPTY, _EMPTY, verdict
        return _EMPTY, _EMPTY, None if told_before else verdict
