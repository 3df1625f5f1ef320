"""The opening of a live session: its first minutes become the level of the day."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from math import isfinite
from operator import itemgetter
from pathlib import Path

from calibration.personal_profile import Profile
from calibration.profile_facts import Baseline, BaselineKind, ProfileError
from monitor.core.events import Annotation
from monitor.core.noting import MARK, moments_of
from monitor.core.pipeline import Pipeline
from monitor.core.standing import Taken
from monitor.errors import MonitorError, SettingsError
from monitor.marking.adding import add_mark
from monitor.profiles import ProfileStore

TOO_TENSE = 7.0
"""Rating of tension that says too much by itself, SCIENCE E.5."""

BEGIN_S = 30.0
"""Before, no window of a session is full: the opening would begin with missing seconds."""


class LiveOpening:
    """Says when the opening of a session begins and ends, as notes of the recording.

    Parameters
    ----------
    pipeline : Pipeline
        Knows the session time and who is there.
    annotate : callable
        Takes label and text of a note.
    length_s : float
        Length of the opening in seconds of session time; 0 for none.
    """

    def __init__(self, pipeline: Pipeline, annotate: Callable[[str, str], object], length_s: float) -> None:
        self._pipeline = pipeline
        self._annotate = annotate
        self._length_s = length_s
        self._codes: tuple[str, ...] = ()
        self._done = length_s <= 0.0

    def on_tick(self) -> None:
        """Look at the clock of the session."""
        now_s = self._pipeline.session_now_s
        if self._done or not isfinite(now_s) or now_s < BEGIN_S:
            return
        if not self._codes:
            self._codes = self._pipeline.participants
            for code in self._codes:
                self._annotate("reference_start", f"{code} opening")
        elif now_s >= BEGIN_S + self._length_s:
            self._done = True
            for code in self._codes:
                self._annotate("reference_stop", code)


def said_by(name: str, value: float | str | None, participants: Collection[str]) -> tuple[str, str] | None:
    """Translate a command of the window into a note of the recording.

    Parameters
    ----------
    name : str
        Name of the command.
    value : float, str or None
        The code of the participant it is about.
    participants : collection of str
        Codes of everybody.

    Returns
    -------
    tuple of (str, str) or None
        Label and text; None for a command that is about nobody here.
    """
    if not isinstance(value, str) or value not in participants:
        return None
    if name == "level_start":
        return "reference_start", f"{value} again"
    if name == "level_stop":
        return "reference_stop", value
    return None


def keep_openings(
    pipeline: Pipeline, profiles: Mapping[str, Profile], store: ProfileStore, session: str
) -> list[str]:
    """Add the openings taken in a session to the profiles of their people.

    Parameters
    ----------
    pipeline : Pipeline
        After its last event.
    profiles : Mapping of str to Profile
        Profiles the session used.
    store : ProfileStore
        Where they are kept.
    session : str
        Name of the session folder.

    Returns
    -------
    list of str
        What the user must be told.
    """
    told = []
    for person in pipeline.people:
        code = person.participant
        taken = person.standing.taken if person.standing else None
        if taken is None or code not in profiles:
            continue
        try:
            baseline = _baseline(taken, pipeline.t0_utc_s, session)
            store.update(code, partial(_with, baseline))
        except (SettingsError, ProfileError) as error:
            told.append(f"The opening of {code} is in the recording but not in the profile: {error}")
    return told


def keep_marks(said: Iterable[Annotation], t0_s: float, session: Path, profiles: Path) -> list[str]:
    """Keep the marks made during a session, as `attune mark` would afterwards.

    Parameters
    ----------
    said : iterable of Annotation
        Notes of the session, in the order of the recording; marks that were taken back and what is no mark are left
        alone.
    t0_s : float
        Monitor clock at session time 0.
    session : Path
        The finished session folder.
    profiles : Path
        Folder of the profiles.

    Returns
    -------
    list of str
        What became of each mark, for the user.
    """
    told = []
    for at_s, code, label, by in _marks_in(tuple(said)):
        try:
            outcome = add_mark(
                session,
                at_s - t0_s,
                label,
                by,
                participant=code,
                profiles=profiles,
                now_utc_s=time.time(),
            )
        except MonitorError as error:
            told.append(f"A mark ({label}) of {code} is in the recording only: {error}")
        else:
            told.append(outcome.text)
    return told


def _marks_in(said: Sequence[Annotation]) -> list[tuple[float, str, str, str]]:
    """Moment, code, label and source of each mark, by time; a tension of 7 or more is one of the client's."""
    marks = [(m.at_s, m.participant, m.label, m.by) for m in moments_of(said) if m.kind == MARK]
    return sorted([*marks, *_tense(said)], key=itemgetter(0))


def _tense(said: Iterable[Annotation]) -> Iterator[tuple[float, str, str, str]]:
    for note in said:
        code, _, rating = note.text.partition(" ")
        with suppress(ValueError):
            if note.label == "tension" and float(rating) >= TOO_TENSE:
                yield note.at_s, code, "too_much", "client"


def _with(baseline: Baseline, profile: Profile) -> Profile:
    return profile.with_baseline(baseline)


def _baseline(taken: Taken, t0_utc_s: float | None, session: str) -> Baseline:
    return Baseline(
        utc_s=(float("nan") if t0_utc_s is None else t0_utc_s) + taken.start_s,
        kind=BaselineKind.OPENING,
        session=session,
        protocol="in session",
        reference=taken.reference,
        breathing_per_min=taken.breathing_per_min,
    )
