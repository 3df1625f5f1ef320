"""Where one participant stands relative to their own reference and window."""

from collections.abc import Mapping
from math import isnan
from typing import NamedTuple

from calibration.baseline import BaselineError, Reference
from calibration.occupancy import CODES
from calibration.personal import Calibration
from calibration.pooling import day_reference
from calibration.zones import Second, Zone
from monitor.core import holds
from monitor.core.arousal import PART_BITS, Inputs, Scorer, Scores, no_scores
from monitor.core.opening import AGAIN, OPENING, Opening, Openings, retaken
from monitor.core.results import Estimate, Notice, Reason, Result, Revocation, ZoneReading
from monitor.core.zone_reading import reading_of
from monitor.core.zoning import CENTRE_S, ZoneStage, ZoneTrack

_FAR_SD = 4.0
_FAR_S = 120


class Held(NamedTuple):
    """Why the vagal index tells little of the state in one second.

    Parameters
    ----------
    confounded : Reason
        Speech, or breathing that would be out of band for anybody.
    held : Reason
        The same, or breathing far from this person's rest: the vagal score is held.
    """

    confounded: Reason
    held: Reason


class Taken(NamedTuple):
    """The opening of the day as taken during the session.

    Parameters
    ----------
    start_s : float
        Session time at which it began.
    reference : Reference
        Level and scale of the opening alone.
    breathing_per_min : float
        Breathing rate in it; NaN where unknown.
    """

    start_s: float
    reference: Reference
    breathing_per_min: float


class Standing:
    """Scores, zones and references of one participant.

    Parameters
    ----------
    calibration : Calibration
        What is known of the person.
    first : int
        The first grid second.
    readings : bool, default True
        Whether to give a reading each second, for the eye.
    """

    def __init__(self, calibration: Calibration, first: int, *, readings: bool = True) -> None:
        self.calibration = calibration
        self._readings = readings
        self.zones = ZoneStage(calibration.participant, first)
        self.reference: Reference | None = None
        self.taken: Taken | None = None
        self._scorer: Scorer | None = None
        self._generation = 0
        self._openings = Openings()
        self._holds = (holds.START, holds.START)
        self._no_scores = no_scores(Reason(calibration.problem or Reason.NOT_CALIBRATED))
        self._demanding = False
        self._last = first
        self._far = 0
        self._told_far = False
        if calibration.reference is not None:
            self._use(calibration.reference)

    def _use(self, reference: Reference) -> None:
        self.reference = reference
        self._scorer = Scorer(reference)
        # Another reference is another arousal: no dwell may span the change.
        self._generation += 1

    def hold(self, speech_share: float, breathing: Estimate) -> Held:
        """Decide whether the vagal index is held in the next second.

        Parameters
        ----------
        speech_share : float
            Share of the last 30 s in which the person spoke; NaN where unknown.
        breathing : Estimate
            Breathing rate per minute.

        Returns
        -------
        Held
            For anybody, and for this person.
        """
        anybody = holds.step(self._holds[0], speech_share=speech_share, breathing=breathing)
        resting = self.calibration.breathing_per_min
        person = anybody
        if not isnan(resting):
            person = holds.step(
                self._holds[1], speech_share=speech_share, breathing=breathing, resting_per_min=resting
            )
        self._holds = (anybody, person)
        return Held(anybody.reason, person.reason)

    def told(self, at_s: float, label: str, text: str) -> None:
        """Take what the user said.

        Parameters
        ----------
        at_s : float
            Session time.
        label, text : str
            As in the recording, without the code.
        """
        if label in {"demanding_on", "demanding_off"}:
            self._demanding = label == "demanding_on"
        elif not (self.calibration.chosen and (label, text) == ("reference_start", OPENING)):
            self._openings.told(at_s, label, text)

    def score(self, inputs: Inputs, held: Reason) -> Scores:
        """Score one second.

        Parameters
        ----------
        inputs : Inputs
            The four series.
        held : Reason
            Why the vagal score is held, if it is.

        Returns
        -------
        Scores
            NA throughout without a reference.
        """
        if self._scorer is None:
            return self._no_scores
        return self._scorer.at(inputs, held)

    def push(self, second: int, emit_s: float, scores: Scores, *, speaking: bool) -> list[Result]:
        """Decide about the zone of one second.

        Parameters
        ----------
        second : int
            Grid second.
        emit_s : float
            Session time of the tick.
        scores : Scores
            From `score`.
        speaking : bool
            Whether speech was marked lately.

        Returns
        -------
        list of Result
            The reading of this second, complete stretches of zones, and what the user must be told.
        """
        self._last = second
        edges = self.calibration.edges if self._scorer is not None else None
        at = Second(
            scores.arousal.value,
            scores.arousal.se,
            scores.z_eda.value,
            scores.z_heart.value,
            scores.z_vagal.value,
            scores.parts | self._generation << PART_BITS,
        )
        out: list[Result] = []
        out += self.zones.push(second, emit_s, at, edges, speaking=speaking)
        if self._readings:
            out.append(self._reading(second, emit_s, scores))
        out += self._taken(second)
        out += self._doubt(second, scores)
        return out

    def log(self, second: int, inputs: Inputs, breathing: Estimate, scl: Estimate, held: Reason) -> None:
        """Keep the series of one second for a reference that is being taken.

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
        self._openings.note(second, inputs, breathing, scl, held)

    def note_response(self, t_peak_s: float) -> None:
        """Take one skin conductance response.

        Parameters
        ----------
        t_peak_s : float
            Session time of its peak.
        """
        self._openings.note_response(t_peak_s)

    def revoke(self, revocation: Revocation) -> None:
        """Take seconds back.

        Parameters
        ----------
        revocation : Revocation
            Which, and why.
        """
        self._openings.revoke(revocation)
        if "arousal" in revocation.markers:
            self.zones.revoke(revocation)

    def finish(self) -> list[Result]:
        """Complete what is open at the end.

        Returns
        -------
        list of Result
            The last stretches of zones, and what was not finished.
        """
        out: list[Result] = list(self.zones.finish())
        if self._openings.running:
            text = "The recording ended before the level that was being taken was in use."
            out.append(Notice(float(self._last), self.calibration.participant, "reference_refused", text))
        return out

    def track(self) -> ZoneTrack:
        """Return the zones of the whole session.

        Returns
        -------
        ZoneTrack
            One entry per grid second.
        """
        return self.zones.track()

    def _reading(self, second: int, emit_s: float, scores: Scores) -> ZoneReading:
        return reading_of(
            self.calibration,
            self.zones.state if self._scorer is not None else None,
            scores.arousal,
            second - CENTRE_S,
            emit_s,
            note=self._remark(),
            drift=self.zones.drift.level,
        )

    def _remark(self) -> str:
        if self._openings.running:
            return "opening"
        if self.zones.state.low_eda:
            return "low_eda"
        if self._demanding and self.zones.flat():
            return "flat"
        return "drift" if self.zones.drift.suggest else ""

    def _taken(self, second: int) -> list[Result]:
        """Put a reference into use that was taken during the session, or say why not."""
        opening = self._openings.due(second)
        if opening is None:
            return []
        who = self.calibration.participant
        try:
            if opening.kind == AGAIN:
                reference, text = self._again(opening)
            else:
                day = opening.reference(who)
                reference = day_reference(day, self.calibration.earlier)
                self.taken = Taken(opening.start_s, day, opening.breathing_per_min)
                text = (
                    f"the opening of {opening.length_s:.0f} s ({day.valid_s} valid) is in use from here on."
                )
        except BaselineError as error:
            return [Notice(float(second), who, "reference_refused", str(error))]
        self._use(reference)
        return [Notice(float(second), who, "reference_taken", text)]

    def _again(self, opening: Opening) -> tuple[Reference, str]:
        if self.reference is None:
            raise BaselineError(
                "there is no reference whose level could be taken anew. Take an opening of 3 to 5 minutes first.",
                "not_calibrated",
            )
        within = CODES.index(Zone.WITHIN)
        usable = [s for s in opening.seconds if CODES.index(self.zones.zone_at(s)) == within]
        return retaken(self.reference, opening, usable)

    def _doubt(self, second: int, scores: Scores) -> list[Result]:
        """Ask whose profile this is when the numbers lie far from it for two minutes."""
        if self._told_far or not scores.parts:
            return []
        known = [z.value for z in (scores.z_eda, scores.z_heart) if not isnan(z.value)]
        if known:
            self._far = self._far + 1 if max(abs(z) for z in known) >= _FAR_SD else 0
        if self._far < _FAR_S:
            return []
        self._told_far = True
        who = self.calibration.participant
        text = (
            f"Values have been more than {_FAR_SD:g} SD from the reference for 2 min. Are profile and "
            f"sensors those of {who}? If so, a new opening may help: `attune calibrate {who} --protocol opening`."
        )
        return [Notice(float(second), who, "profile_doubtful", text)]


def sensor_notice(calibration: Calibration, worn: Mapping[str, str], at_s: float) -> list[Notice]:
    """Tell which sensors are not those of the calibration.

    Parameters
    ----------
    calibration : Calibration
        What is known of the person.
    worn : Mapping of str to str
        Name of the stream by modality, of those just found.
    at_s : float
        Session time.

    Returns
    -------
    list of Notice
        One for each modality with another sensor.
    """
    who = calibration.participant
    out = []
    for modality, name in worn.items():
        before = calibration.sensors.get(modality)
        if before is not None and before != name:
            text = (
                f"{who} was calibrated with '{before}' and wears '{name}' now: {modality.upper()} levels of two "
                f"sensors differ. Take an opening with this one: `attune calibrate {who} --protocol opening`."
            )
            out.append(Notice(at_s, who, "other_sensor", text))
    return out
