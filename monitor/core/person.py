"""One participant: the channels they wear and their markers on the session grid."""

import numpy as np
from numpy.typing import NDArray

from calibration.baseline import Reference, build_reference
from monitor.core.agreement import EVERY_S, StrapAgreement
from monitor.core.arousal import Inputs, scores_at
from monitor.core.eda import EdaStage
from monitor.core.eda_unit import responder
from monitor.core.heart import EcgHeart, HeartSource, RateHeart, StrapHeart
from monitor.core.markers import EDA_DEPENDENT, EDA_MARKERS, HEART_MARKERS, MARKERS
from monitor.core.model import Modality
from monitor.core.results import (
    Estimate,
    MarkerRow,
    Notice,
    Reason,
    Result,
    Revocation,
    ScrRow,
    Status,
    missing,
)

_HEART_PREFERENCE = (Modality.ECG, Modality.RR, Modality.HR)
_SILENT_S = 5.0
_NO_DATA = missing(Reason.NO_DATA)
_NO_HEART = dict.fromkeys((*HEART_MARKERS, "heart_speed", "breathing_per_min"), _NO_DATA)
_NO_EDA = dict.fromkeys((*EDA_MARKERS, "ln_scl", "scr_rate_z"), _NO_DATA)
_MARKER_PLACES = tuple((spec.name, spec.window_s / 2.0, spec.unit, spec.window_s) for spec in MARKERS)


def _middle(values: list[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.median(known)) if known else float("nan")


class InputLog:
    """The four series of a reference span, collected second by second.

    Parameters
    ----------
    start_s, stop_s : float
        The span in session seconds.
    """

    def __init__(self, start_s: float, stop_s: float) -> None:
        self.start_s = start_s
        self.stop_s = stop_s
        self._seconds: list[Inputs] = []
        self._scl_us: list[float] = []
        self.n_scr = 0

    def note(self, second: float, inputs: Inputs, scl_us: float) -> None:
        """Take one grid second; seconds outside the span are ignored.

        Parameters
        ----------
        second : float
            Grid second in session time.
        inputs : Inputs
            The series.
        scl_us : float
            Skin conductance level in microsiemens, NaN where missing.
        """
        if self.start_s < second <= self.stop_s:
            self._seconds.append(inputs)
            self._scl_us.append(scl_us)

    def reference(self, participant: str) -> Reference:
        """Make the reference of the span.

        Parameters
        ----------
        participant : str
            Code of the person.

        Returns
        -------
        Reference
            The reference statistics.

        Raises
        ------
        BaselineError
            If too little of the span is valid.
        """
        names = ("ln_scl", "scr_rate", "heart_speed", "ln_rmssd")
        length = max(round(self.stop_s - self.start_s), len(self._seconds))
        series = {name: np.full(length, np.nan) for name in names}
        flagged = np.zeros(length, dtype=np.bool_)
        for i, inputs in enumerate(self._seconds):
            for name, estimate in zip(names, inputs, strict=True):
                series[name][i] = estimate.value
                flagged[i] |= estimate.status is Status.LOW
        return build_reference(
            participant,
            self.start_s,
            self.stop_s,
            series,
            flagged,
            responder=responder(_middle(self._scl_us), self.n_scr),
        )


class Person:
    """Everything computed for one participant.

    Parameters
    ----------
    participant : str
        Code of the person.
    reference : Reference or None
        The person's reference, if there is one.
    log : InputLog or None
        Where to collect the series of a reference span, if one is to be made.
    """

    def __init__(self, participant: str, reference: Reference | None, log: InputLog | None) -> None:
        self.participant = participant
        self._reference = reference
        self._log = log
        self._hearts: dict[Modality, tuple[float, HeartSource]] = {}
        self._eda: tuple[float, EdaStage] | None = None
        self._agreement = StrapAgreement()
        self._newest_s: dict[Modality, float] = {}

    def open(self, modality: Modality, rate_hz: float) -> None:
        """Take a verified channel into use.

        Parameters
        ----------
        modality : Modality
            What it measures.
        rate_hz : float
            Its sampling rate. At the same rate as before the stage goes on over the gap; else it starts anew.
        """
        if modality is Modality.EDA:
            if self._eda is None or self._eda[0] != rate_hz:
                self._eda = (rate_hz, EdaStage(rate_hz))
            return
        heart = self._hearts.get(modality)
        if modality in _HEART_PREFERENCE and (heart is None or heart[0] != rate_hz):
            self._hearts[modality] = (rate_hz, self._new_heart(modality, rate_hz))

    def _new_heart(self, modality: Modality, rate_hz: float) -> HeartSource:
        if modality is Modality.ECG:
            return EcgHeart(self.participant, rate_hz)
        return StrapHeart(self.participant) if modality is Modality.RR else RateHeart()

    def push(self, modality: Modality, t: NDArray[np.float64], x: NDArray[np.float64]) -> list[Result]:
        """Take screened samples of one channel.

        Parameters
        ----------
        modality : Modality
            What the channel measures.
        t : ndarray of float64, shape (n,)
            Session seconds, strictly ascending.
        x : ndarray of float64, shape (n,)
            Values in the canonical unit.

        Returns
        -------
        list of Result
            Beats, skin conductance responses and revocations decided meanwhile.
        """
        if not t.size:
            return []
        self._newest_s[modality] = float(t[-1])
        if modality is Modality.EDA:
            return self._push_eda(t, x)
        return self._hearts[modality][1].push(t, x) if modality in self._hearts else []

    def _push_eda(self, t: NDArray[np.float64], x: NDArray[np.float64]) -> list[Result]:
        if self._eda is None:
            return []
        events = self._eda[1].push(t, x)
        out: list[Result] = []
        for scr in events.scrs:
            row = ScrRow(self.participant, *scr)
            out.append(row)
            if self._log and self._log.start_s < row.t_peak_s <= self._log.stop_s:
                self._log.n_scr += 1
        out.extend(
            Revocation(self.participant, EDA_DEPENDENT, start, stop, reason)
            for start, stop, reason in events.revoked
        )
        return out

    def finish(self) -> list[Result]:
        """Hand out what was still undecided when the source ended.

        Returns
        -------
        list of Result
            The last beats and skin conductance responses.
        """
        out = [result for _, heart in self._hearts.values() for result in heart.finish()]
        if self._eda:
            out.extend(ScrRow(self.participant, *scr) for scr in self._eda[1].finish().scrs)
        return out

    def rows(self, second: int, emit_s: float) -> list[Result]:
        """Close the windows that end at a grid second.

        Parameters
        ----------
        second : int
            Grid second in session time.
        emit_s : float
            Session time of the tick that closes them.

        Returns
        -------
        list of Result
            One row for each marker of the registry, in its order, and what the user must be told.
        """
        end = float(second)
        estimates = dict(self._heart_at(end))
        estimates.update(self._eda[1].at(end) if self._eda else _NO_EDA)
        inputs = Inputs(
            estimates["ln_scl"], estimates["scr_rate_z"], estimates["heart_speed"], estimates["ln_rmssd"]
        )
        if self._log:
            self._log.note(end, inputs, estimates["scl_us"].value)
        estimates.update(scores_at(inputs, self._reference))
        who, new = self.participant, tuple.__new__
        out: list[Result] = []
        for name, half, unit, window in _MARKER_PLACES:
            value, se, status, reason, coverage = estimates[name]
            # As MarkerRow(...) does, in half the time: there are fifteen in every second of every person.
            row = (who, name, end - half, emit_s, value, se, unit, status, reason, window, coverage)
            out.append(new(MarkerRow, row))
        if second % EVERY_S == 0:
            out.extend(self._compared(end))
        return out

    def _compared(self, end_s: float) -> list[Result]:
        """Compare the strap's own intervals with those of its ECG, where both are there."""
        if Modality.ECG not in self._hearts or Modality.RR not in self._hearts:
            return []
        ecg, strap = (self._hearts[modality][1].at(end_s) for modality in (Modality.ECG, Modality.RR))
        text = self._agreement.note(ecg["heart_speed"], strap["heart_speed"])
        return (
            [Notice(end_s, self.participant, "strap_disagrees", f"{self.participant}: {text}.")]
            if text
            else []
        )

    def _heart_at(self, end_s: float) -> dict[str, Estimate]:
        best: HeartSource | None = None
        for modality in _HEART_PREFERENCE:
            if modality not in self._hearts:
                continue
            source = self._hearts[modality][1]
            # The best source that still sends: a strap's own intervals stand in for an ECG that fell silent.
            if self._newest_s.get(modality, -np.inf) >= end_s - _SILENT_S:
                return source.at(end_s)
            best = best or source
        return best.at(end_s) if best is not None else _NO_HEART
