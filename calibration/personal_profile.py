"""What is kept of one person between sessions, and what of it holds on one day."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from calibration.baseline import Scale
from calibration.edges import PRIOR, Edges, Mark, MarkLabel, update_edges
from calibration.personal import Calibration
from calibration.pooling import day_reference, frozen_scales, pooled_scales
from calibration.profile_facts import Baseline, Conditions, ProfileError

SCALE_DAYS = 90
"""Days after which a scale expires, SCIENCE E.10."""

SAME_DAY_S = 43200
"""Oldest opening that is one of the day, in seconds before the session begins."""

MAX_BASELINES = 200
MAX_MARKS = 2000

_DAY_S = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is kept of one person between sessions.

    Parameters
    ----------
    participant : str
        Code of the person.
    created_utc_s : float
        When it was made, seconds since 1970; whole seconds are kept.
    updated_utc_s : float, default NaN
        When it was last changed; NaN takes `created_utc_s`.
    conditions : Conditions
        Conditions of the newest calibration.
    sensors : Mapping of str to str
        Name of the sensor by modality.
    versions : Mapping of str to str
        Version by name of program or library that made the last change.
    prior : Edges
        Where the edges were thought to be before any mark.
    edges : Edges
        The edges in use.
    marks : tuple of Mark, default ()
        All marks, in the order they were made.
    baselines : tuple of Baseline, default ()
        All calibrations, oldest first.
    """

    participant: str
    created_utc_s: float
    updated_utc_s: float = math.nan
    conditions: Conditions = field(default_factory=Conditions)
    sensors: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    prior: Edges = PRIOR
    edges: Edges = PRIOR
    marks: tuple[Mark, ...] = ()
    baselines: tuple[Baseline, ...] = ()

    def __post_init__(self) -> None:
        if not math.isfinite(self.created_utc_s):
            raise ProfileError(f"The profile of {self.participant} needs the date it is made at.")
        updated = self.created_utc_s if math.isnan(self.updated_utc_s) else self.updated_utc_s
        # The file says these two in calendar form, which a person can read and which has whole seconds.
        object.__setattr__(self, "created_utc_s", float(math.floor(self.created_utc_s)))
        object.__setattr__(self, "updated_utc_s", float(math.floor(updated)))

    def with_baseline(self, baseline: Baseline) -> "Profile":
        """Add a calibration.

        Parameters
        ----------
        baseline : Baseline
            Of this person. It replaces one of the same kind less than 12 h away.

        Returns
        -------
        Profile
            With at most 200 calibrations: beyond that the third oldest goes, as the first two are the unit
            in which sessions are compared.

        Raises
        ------
        ProfileError
            If it is the calibration of another person.
        """
        if baseline.reference.participant != self.participant:
            raise ProfileError(
                f"A calibration of {baseline.reference.participant} cannot go into the profile of "
                f"{self.participant}. Choose the profile of {baseline.reference.participant}."
            )
        others = [
            other
            for other in self.baselines
            if other.kind is not baseline.kind or abs(other.utc_s - baseline.utc_s) > SAME_DAY_S
        ]
        ordered = sorted([*others, baseline], key=lambda one: one.utc_s)
        kept = ordered[:2] + ordered[2:][-(MAX_BASELINES - 2) :]
        return replace(self, baselines=tuple(kept), updated_utc_s=max(self.updated_utc_s, baseline.utc_s))

    def with_mark(self, mark: Mark, now_utc_s: float) -> "Profile":
        """Add a mark and estimate the edges anew.

        Parameters
        ----------
        mark : Mark
            The same label by the same source at the same moment of the same session is added once.
        now_utc_s : float
            Seconds since 1970.

        Returns
        -------
        Profile
            With at most 2000 marks, the newest; this very profile if it holds the mark already.
        """
        if any(_same(mark, other) for other in self.marks):
            return self
        marks = (*self.marks, mark)[-MAX_MARKS:]
        edges = update_edges(marks, prior=self.prior, now_utc_s=now_utc_s)
        return replace(self, marks=marks, edges=edges, updated_utc_s=max(self.updated_utc_s, now_utc_s))

    def frozen_scales(self) -> dict[str, Scale] | None:
        """Return the unit in which sessions of this person are compared.

        Returns
        -------
        dict of str to Scale or None
            `calibration.pooling.frozen_scales` of the longest calibration of each of the first two sittings;
            None before two sittings.
        """
        return frozen_scales([_longest(sitting).reference for sitting in _sittings(self.baselines)])

    def calibration_at(self, utc_s: float, *, session: str = "") -> Calibration:
        """Return what is usual and tolerable for this person at the beginning of a session.

        Parameters
        ----------
        utc_s : float
            When the session begins, seconds since 1970; NaN where its recording has no date, which takes the
            newest calibration and says so.
        session : str, default ""
            Name of the session: a calibration made in it is of the day, although it was made later.

        Returns
        -------
        Calibration
            The reference is that of the newest calibration of at most 12 h before, its scale pooled with
            all of at most 90 days before. Without one of the day there is no reference, and `problem` is
            ``not_calibrated``, or ``calibration_expired`` where the newest is more than 90 days old; scales and edges
            are there in the first case, so that an opening in the session can use them.
        """
        dated = not math.isnan(utc_s)
        if not dated:
            utc_s = max((one.utc_s for one in self.baselines), default=0.0)
        known = [one for one in self.baselines if _of_session(one, session) or one.utc_s <= utc_s]
        usable = [one for one in known if utc_s - one.utc_s <= SCALE_DAYS * _DAY_S]
        of_day = [one for one in usable if _of_session(one, session) or utc_s - one.utc_s <= SAME_DAY_S]
        before = [one for one in usable if one not in of_day]
        earlier = tuple(one.reference for one in before)
        reference = None
        if of_day:
            today = next((one for one in reversed(of_day) if _of_session(one, session)), of_day[-1])
            others = [one.reference for one in usable if one is not today and one.utc_s <= today.utc_s]
            reference = day_reference(today.reference, others)
        problem, text = self._problem(known, usable, of_day, utc_s) if dated else self._undated(of_day)
        breathing = [one.breathing_per_min for one in usable if math.isfinite(one.breathing_per_min)]
        return Calibration(
            participant=self.participant,
            reference=reference,
            scales=pooled_scales(earlier),
            earlier=earlier,
            n_earlier=len(_sittings(before)),
            edges=self.edges,
            n_low_marks=sum(
                mark.label is MarkLabel.TOO_LITTLE and math.isfinite(mark.arousal) for mark in self.marks
            ),
            breathing_per_min=breathing[-1] if breathing else math.nan,
            sensors=self.sensors,
            problem=problem,
            text=text,
        )

    def _problem(
        self, known: list[Baseline], usable: list[Baseline], of_day: list[Baseline], utc_s: float
    ) -> tuple[str, str]:
        """Reason and text for the user; both empty with a calibration of the day."""
        who = self.participant
        if of_day:
            return "", ""
        if not known:
            when = "from after the beginning of this session" if self.baselines else "not there yet"
            return "not_calibrated", (
                f"The first calibration of {who} is {when}; make one: attune calibrate {who} --protocol first."
            )
        age = _age(utc_s - known[-1].utc_s)
        if not usable:
            return "calibration_expired", (
                f"The newest calibration of {who} is from {age} before, and a scale expires after {SCALE_DAYS} "
                f"days; make a new one: attune calibrate {who} --protocol first."
            )
        return "not_calibrated", (
            f"The newest opening of {who} is from {age} before; make one: attune calibrate {who} --protocol "
            "opening, or start the opening in the session."
        )

    def _undated(self, of_day: list[Baseline]) -> tuple[str, str]:
        who = self.participant
        if not of_day:
            return self._problem([], [], [], math.nan)
        return "", (
            f"The recording has no date, so the newest calibration of {who} is used. Check that it is of that day."
        )


def _of_session(baseline: Baseline, session: str) -> bool:
    return bool(session) and baseline.session == session


def _same(first: Mark, second: Mark) -> bool:
    return (first.session, first.t_s, first.label, first.by) == (
        second.session,
        second.t_s,
        second.label,
        second.by,
    )


def _sittings(baselines: Sequence[Baseline]) -> list[list[Baseline]]:
    """Group calibrations, oldest first, that are at most 12 h after the first of their group."""
    groups: list[list[Baseline]] = []
    for one in baselines:
        if groups and one.utc_s - groups[-1][0].utc_s <= SAME_DAY_S:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _longest(sitting: Sequence[Baseline]) -> Baseline:
    return max(sitting, key=lambda one: one.reference.valid_s)


def _age(seconds: float) -> str:
    if seconds < 2 * _DAY_S:
        return f"{seconds / 3600.0:.0f} hours"
    return f"{seconds / _DAY_S:.0f} days"
