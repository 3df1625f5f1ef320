"""From a calibration that was measured to the profile that keeps it."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from calibration.profile import (
    Baseline,
    BaselineKind,
    Conditions,
    Medication,
    Posture,
    Profile,
    ProfileError,
    Screening,
)
from calibration.protocol import Protocol, Rating
from monitor.calibrating.result import Attempt, result_lines
from monitor.core.pipeline import Pipeline
from monitor.core.series_log import SeriesLog
from monitor.errors import MonitorError, SettingsError
from monitor.figures.baseline import draw_baseline
from monitor.profiles import ProfileStore
from monitor.protocols import load_protocol
from monitor.versions import versions

_Word = TypeVar("_Word", Medication, Posture, Screening)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a calibration comes from.

    Parameters
    ----------
    utc_s : float
        When its recording began, in seconds since 1970: so it holds for the whole of that recording.
    kind : BaselineKind
        First calibration or opening of the day.
    session : str
        Name of the session folder or file.
    protocol : str
        Name of the protocol.
    conditions : Conditions
        What the user said this time; what was not said stays as it was.
    sensors : Mapping of str to str
        Name of the sensor by modality.
    ratings : sequence of (Rating, float)
        In the order they were given.
    """

    utc_s: float
    kind: BaselineKind
    session: str
    protocol: str
    conditions: Conditions = field(default_factory=Conditions)
    sensors: Mapping[str, str] = field(default_factory=dict)
    ratings: Sequence[tuple[Rating, float]] = ()


def conditions_from(options: argparse.Namespace) -> Conditions:
    """Read the options about the conditions of a calibration.

    Parameters
    ----------
    options : argparse.Namespace
        With ``posture``, ``medication`` and ``screening``.

    Returns
    -------
    Conditions
        What was said.

    Raises
    ------
    SettingsError
        If a word is not one of those known.
    """
    try:
        return Conditions(
            posture=_word("posture", options.posture, Posture) if options.posture else None,
            medication=tuple(_word("medication", word, Medication) for word in options.medication),
            screening=tuple(_word("screening", word, Screening) for word in options.screening),
        )
    except ProfileError as error:
        raise SettingsError(str(error)) from error


def _word(option: str, word: str, known: type[_Word]) -> _Word:
    try:
        return known(word)
    except ValueError as error:
        raise SettingsError(f"--{option} takes {', '.join(known)}, not {word[:40]!r}.") from error


def chosen_protocol(options: argparse.Namespace, profile: Profile | None) -> tuple[Protocol, BaselineKind]:
    """Choose the protocol, and what the calibration is to be.

    Parameters
    ----------
    options : argparse.Namespace
        With ``protocol`` and ``kind``.
    profile : Profile or None
        What is known of the person.

    Returns
    -------
    Protocol
        The one asked for, else that of the kind.
    BaselineKind
        The one asked for, else that of the protocol asked for, else first for a person without calibration and
        opening for any other.

    Raises
    ------
    SettingsError
        If the protocol cannot be read.
    """
    usual = BaselineKind.OPENING if profile is not None and profile.baselines else BaselineKind.FIRST
    kind = BaselineKind(options.kind) if options.kind else None
    protocol = load_protocol(options.protocol or kind or usual)
    return protocol, kind or BaselineKind(protocol.kind)


def sensors_of(pipeline: Pipeline, participant: str) -> dict[str, str]:
    """Tell which sensors a person wore.

    Parameters
    ----------
    pipeline : Pipeline
        After the measurement.
    participant : str
        Code of the person.

    Returns
    -------
    dict of str to str
        Name of the stream by modality; the last one where one followed another.
    """
    return {
        channel.binding.key.modality.value: stream.info.name
        for stream in pipeline.streams
        for channel in stream.channels
        if channel.binding.key.participant == participant
    }


def keep(store: ProfileStore, tried: Attempt, origin: Origin) -> Profile:
    """Store a calibration in the profile of the person.

    Parameters
    ----------
    store : ProfileStore
        Where profiles are kept.
    tried : Attempt
        The calibration; it has a reference.
    origin : Origin
        Where it comes from.

    Returns
    -------
    Profile
        As stored.

    Raises
    ------
    SettingsError
        If there is no reference, or the profile cannot be read or written.
    """
    if tried.reference is None:
        raise SettingsError(tried.problem)
    try:
        baseline = Baseline(
            utc_s=origin.utc_s,
            kind=origin.kind,
            session=origin.session,
            protocol=origin.protocol,
            reference=tried.reference,
            breathing_per_min=tried.breathing_per_min,
            tension=tuple(value for rating, value in origin.ratings if rating is Rating.TENSION),
            present=tuple(value for rating, value in origin.ratings if rating is Rating.PRESENT),
        )
    except ProfileError as error:
        raise SettingsError(str(error)) from error

    def _add(profile: Profile) -> Profile:
        said = origin.conditions
        conditions = replace(
            profile.conditions,
            posture=said.posture or profile.conditions.posture,
            medication=said.medication or profile.conditions.medication,
            screening=said.screening or profile.conditions.screening,
        )
        sensors = {**profile.sensors, **origin.sensors}
        changed = replace(profile, conditions=conditions, sensors=sensors, versions=versions())
        return changed.with_baseline(baseline)

    start = Profile(participant=tried.participant, created_utc_s=origin.utc_s)
    return store.update(tried.participant, _add, start=start)


def stored_lines(store: ProfileStore, tried: Attempt, profile: Profile) -> list[str]:
    """Tell what was stored.

    Parameters
    ----------
    store : ProfileStore
        Where profiles are kept.
    tried : Attempt
        The calibration.
    profile : Profile
        As stored.

    Returns
    -------
    list of str
        Lines for the user.
    """
    edges = profile.edges
    words = [
        f"{'provisional ' if edge.provisional else ''}{name} edge {edge.mean:+.1f} SD"
        for name, edge in (("upper", edges.upper), ("lower", edges.lower))
    ]
    count = len(profile.baselines)
    return [
        f"Profile of {tried.participant}: {store.path(tried.participant)}",
        *(f"  {line}" for line in result_lines(tried)),
        f"  {', '.join(words)} ({len(profile.marks)} marks)",
        f"  {count} {'calibration' if count == 1 else 'calibrations'} in the profile",
    ]


def draw(path: Path, tried: Attempt, log: SeriesLog) -> tuple[list[Path], str]:
    """Draw what was used.

    Parameters
    ----------
    path : Path
        Where the plot goes, without suffix.
    tried : Attempt
        The calibration.
    log : SeriesLog
        The series.

    Returns
    -------
    list of Path
        The files; none when they could not be written.
    str
        For the user: why not; empty otherwise. A calibration is not lost for want of a plot.
    """
    try:
        return draw_baseline(path, tried.participant, log.arrays(), tried.spans, tried.reference), ""
    except (MonitorError, OSError) as error:
        return [], f"The plot could not be written: {error}"
