"""One participant: the channels they wear and their markers on the session grid."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from calibration.personal import Calibration
from monitor.core.agreement import EVERY_S, StrapAgreement
from monitor.core.arousal import Inputs
from monitor.core.eda import EdaStage
from monitor.core.heart import EcgHeart, HeartSource, StrapHeart
from monitor.core.holds import SPEECH_SHARE
from monitor.core.markers import EDA_DEPENDENT, EDA_MARKERS, HEART_MARKERS, MARKERS
from monitor.core.model import Modality
from monitor.core.rate_heart import RateHeart
from monitor.core.results import (
    REVOCABLE_S,
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
from monitor.core.series_log import SeriesLog
from monitor.core.speech import SpeechLog
from monitor.core.standing import Standing, sensor_notice
from monitor.core.synchrony.series import PersonSeries

_HEART_PREFERENCE = (Modality.ECG, Modality.RR, Modality.HR)
_VAGAL_MARKERS = ("ln_rmssd", "rmssd_ms", "ln_rmssd_60s")
_SPEECH_WINDOW_S = 30.0
_SILENT_S = 5.0
_POINTS = 4

SETTLE_S = 5
"""Seconds of the signals compared with those of others that are handed on at a time."""

_NO_DATA = missing(Reason.NO_DATA)
_NO_HEART = dict.fromkeys((*HEART_MARKERS, "heart_speed", "breathing_per_min"), _NO_DATA)
_NO_EDA = dict.fromkeys((*EDA_MARKERS, "ln_scl", "scr_rate_z"), _NO_DATA)
_MARKER_PLACES = tuple((spec.name, spec.window_s / 2.0, spec.unit, spec.window_s) for spec in MARKERS)


def _annotated(estimate: Estimate, reason: Reason) -> Estimate:
    """Mark a value as confounded; one that is missing or LOW already keeps its reason."""
    if estimate.status is not Status.OK:
        return estimate
    return estimate._replace(status=Status.LOW, reason=reason)


class Person:
    """Everything computed for one participant.

    Parameters
    ----------
    participant : str
        Code of the person.
    calibrate : callable
        Gives what is known of the person, once session time is known.
    log : SeriesLog or None
        Where to collect the series of the session, if a reference is to be made of them.
    speech : SpeechLog
        When the person spoke.
    series : PersonSeries or None
        Where the signals go that are compared with those of others, if they are.
    readings : bool, default True
        Whether to give a reading of the zone each second, for the eye.
    """

    def __init__(
        self,
        participant: str,
        calibrate: Callable[[], Calibration],
        log: SeriesLog | None,
        speech: SpeechLog,
        series: PersonSeries | None,
        *,
        readings: bool = True,
    ) -> None:
        self.participant = participant
        self.standing: Standing | None = None
        self._series = series
        self._speech = speech
        self._readings = readings
        self._calibrate = calibrate
        self._log = log
        self._said: list[tuple[float, str, str]] = []
        self._worn: dict[str, str] = {}
        self._slow: list[tuple[float, float]] = []
        self._hearts: dict[Modality, tuple[tuple[float, bool], HeartSource]] = {}
        self._eda: tuple[float, EdaStage] | None = None
        self._agreement = StrapAgreement()
        self._newest_s: dict[Modality, float] = {}

    def told(self, at_s: float, label: str, text: str) -> None:
        """Take what the user said of this person; it counts from its moment on.

        Parameters
        ----------
        at_s : float
            Session time.
        label, text : str
            As in the recording, without the code.
        """
        if label in {"speech_on", "speech_off"}:
            self._speech.set(at_s, label == "speech_on")
        else:
            self._said.append((at_s, label, text))

    def open(self, modality: Modality, rate_hz: float, sensor: str, *, timed: bool = False) -> None:
        """Take a verified channel into use.

        Parameters
        ----------
        modality : Modality
            What it measures.
        rate_hz : float
            Its sampling rate. At the same rate as before the stage goes on over the gap; else it starts anew.
        sensor : str
            Name of its stream.
        timed : bool, default False
            Whether RR intervals are stamped with the times of their beats; a stage goes on only where that stays.
        """
        self._worn[modality.value] = sensor
        if modality is Modality.EDA:
            if self._eda is None or self._eda[0] != rate_hz:
                self._eda = (rate_hz, EdaStage(rate_hz))
            return
        heart = self._hearts.get(modality)
        if modality in _HEART_PREFERENCE and (heart is None or heart[0] != (rate_hz, timed)):
            self._hearts[modality] = ((rate_hz, timed), self._new_heart(modality, rate_hz, timed=timed))

    def _new_heart(self, modality: Modality, rate_hz: float, *, timed: bool) -> HeartSource:
        if modality is Modality.ECG:
            return EcgHeart(self.participant, rate_hz)
        return StrapHeart(self.participant, timed=timed) if modality is Modality.RR else RateHeart()

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
            if self._log:
                self._log.note_response(row.t_peak_s)
            if self.standing:
                self.standing.note_response(row.t_peak_s)
        for start, stop, reason in events.revoked:
            revocation = Revocation(self.participant, EDA_DEPENDENT, start, stop, reason)
            out.append(revocation)
            if self._log:
                self._log.revoke(revocation)
            if self.standing:
                self.standing.revoke(revocation)
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
        if self.standing:
            out.extend(self.standing.finish())
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
        standing = self._at(second)
        estimates = dict(self._heart_at(end))
        estimates.update(self._eda[1].at(end) if self._eda else _NO_EDA)
        breathing, scl = estimates["breathing_per_min"], estimates["scl_us"]
        share = self._speech.share(end - _SPEECH_WINDOW_S, end)
        confounded, held = standing.hold(share, breathing)
        if confounded:
            for name in _VAGAL_MARKERS:
                estimates[name] = _annotated(estimates[name], confounded)
        inputs = Inputs(
            estimates["ln_scl"], estimates["scr_rate_z"], estimates["heart_speed"], estimates["ln_rmssd"]
        )
        scores = standing.score(inputs, held)
        estimates.update(scores.as_mapping())
        standing.log(second, inputs, breathing, scl, held)
        if self._log:
            self._log.note(second, inputs, breathing, scl, held)
        who, new = self.participant, tuple.__new__
        out: list[Result] = []
        for name, half, unit, window in _MARKER_PLACES:
            value, se, status, reason, coverage = estimates[name]
            # As MarkerRow(...) does, in half the time: there are fifteen in every second of every person.
            row = (who, name, end - half, emit_s, value, se, unit, status, reason, window, coverage)
            out.append(new(MarkerRow, row))
        out.extend(standing.push(second, emit_s, scores, speaking=share >= SPEECH_SHARE))
        if self._series is not None:
            self._slow.append((estimates["ln_rmssd"].value, breathing.value))
            if second % SETTLE_S == 0:
                self._settle(second, self._series)
        if self._worn:
            out.extend(sensor_notice(standing.calibration, self._worn, end))
            self._worn.clear()
        if second % EVERY_S == 0:
            out.extend(self._compared(end))
        return out

    def _at(self, second: int) -> Standing:
        """Where the person stands, with everything taken in that was said until this second."""
        if self.standing is None:
            self.standing = Standing(self._calibrate(), second, readings=self._readings)
        if self._said:
            due = [said for said in self._said if said[0] <= second]
            self._said = [said for said in self._said if said[0] > second]
            for at_s, label, text in due:
                self.standing.told(at_s, label, text)
        return self.standing

    def _settle(self, second: int, series: PersonSeries) -> None:
        """Hand on the seconds of the signals that can no longer be taken back."""
        start = second - int(REVOCABLE_S) - SETTLE_S
        vagal, breathing = np.array(self._slow).T.copy()
        self._slow.clear()
        series.note(second - vagal.size, vagal, breathing)
        if start < 0:
            return
        n = _POINTS * SETTLE_S
        eda = self._eda[1].points_at(_POINTS * start, n, float(second)) if self._eda else None
        gain = self._eda[1].noise_gain if self._eda else 0.0
        series.push(_POINTS * start, eda, gain, self._intervals(float(start), n, float(second)))

    def _intervals(self, first_s: float, n: int, end_s: float) -> NDArray[np.float64] | None:
        """Intervals between beats; where the best source has none, those of the next."""
        found: NDArray[np.float64] | None = None
        for modality in _HEART_PREFERENCE:
            if modality in self._hearts and (found is None or np.isnan(found).any()):
                more = self._hearts[modality][1].intervals_at(first_s, 1.0 / _POINTS, n, end_s)
                found = more if found is None else np.where(np.isnan(found), more, found)
        return found

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
