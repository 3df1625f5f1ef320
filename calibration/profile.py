"""Profiles on disk: one TOML file for each person, never half written, never lost."""

import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from calibration.migrations import migrated
from calibration.personal_profile import SAME_DAY_S, SCALE_DAYS, Profile
from calibration.profile_document import check_participant, document_of, profile_from
from calibration.profile_facts import (
    Baseline,
    BaselineKind,
    Conditions,
    Medication,
    Posture,
    ProfileError,
    ProfileMissingError,
    Screening,
)
from calibration.profile_file import locked, previous_of, replace_file

__all__ = [
    "MAX_BYTES",
    "SAME_DAY_S",
    "SCALE_DAYS",
    "Baseline",
    "BaselineKind",
    "Conditions",
    "Medication",
    "Posture",
    "Profile",
    "ProfileError",
    "ProfileMissingError",
    "Screening",
    "profile_path",
    "profile_text",
    "read_profile",
    "save_profile",
    "update_profile",
]

MAX_BYTES = 2**20
"""Largest file that is read as a profile."""

_DIGEST_LINE = 100
_DATES = ("created", "updated", "date")
_HEADER = """\
# What attune knows of one person, by code; there is no place for a name.
# conditions  under which the person was calibrated; sensors that were worn; versions that wrote this file
# prior       where the edges were thought to be before any mark; edges: where they are thought to be now
# baselines   calibrations, oldest first: level (mean), scale (sd) and independent samples of each series
# marks       moments somebody judged, with arousal in reference SD
# Times utc_s are seconds since 1970. The line sha256 tells damage; who changes something by hand removes it.

"""


def profile_path(folder: Path, participant: str) -> Path:
    """Return where the profile of a person is kept.

    Parameters
    ----------
    folder : Path
        Folder of profiles.
    participant : str
        Code of the person.

    Returns
    -------
    Path
        ``CODE.toml`` in that folder, never outside.

    Raises
    ------
    ProfileError
        If the code cannot be one.
    """
    return folder / f"{check_participant(participant)}.toml"


def profile_text(profile: Profile) -> str:
    """Write a profile as TOML with comments.

    Parameters
    ----------
    profile : Profile
        The profile.

    Returns
    -------
    str
        What `read_profile` reads back exactly.

    Raises
    ------
    ProfileError
        If it holds something that could not be read back, such as a level that is not finite.
    """
    try:
        # Through reading, so that what is written is what will be read.
        text = _text(document_of(profile_from(document_of(profile))))
    except ProfileError as error:
        raise ProfileError(
            f"The profile of {profile.participant} is not written: {str(error).rstrip('.')}. The one before is kept."
        ) from error
    return text


def read_profile(path: Path, participant: str) -> Profile:
    """Read the profile of a person.

    Parameters
    ----------
    path : Path
        The file, see `profile_path`.
    participant : str
        Code of the person it must be of.

    Returns
    -------
    Profile
        The profile; an older version of the file is understood and left as it is.

    Raises
    ------
    ProfileMissingError
        If there is no such file.
    ProfileError
        If it is damaged, of another person, of a newer program or not a profile. Nothing is ever guessed or filled in.
    """
    check_participant(participant)
    try:
        if not path.exists():
            raise ProfileMissingError(
                f"There is no profile of {participant} at '{path}'. Make one: attune calibrate {participant}."
            )
        if not path.is_file():
            raise ProfileError(f"'{path}' is not a file. Move it away, or choose another folder of profiles.")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ProfileError(
            f"'{path}' cannot be read ({error.strerror}). Check that it and its folder may be read."
        ) from error
    try:
        profile = _parsed(content)
    except ProfileError as error:
        raise ProfileError(f"'{path}': {str(error).rstrip('.')}. {_way_out(path, participant)}") from error
    if profile.participant != participant:
        raise ProfileError(
            f"'{path}' is the profile of another person, {profile.participant}, and not of {participant}. "
            f"Give it its own name, {profile.participant}.toml, or choose another folder of profiles."
        )
    return profile


def save_profile(path: Path, profile: Profile) -> None:
    """Write a profile in place of the one before, which is kept as ``CODE.toml.previous``.

    At every moment, whatever happens to machine or program, the file is the old or the new one, whole.
    Use `update_profile` to change what is there: between reading and saving another program may write.

    Parameters
    ----------
    path : Path
        The file; its folder is made when missing.
    profile : Profile
        The profile.

    Raises
    ------
    ProfileError
        If the file there is damaged or of another person, somebody else is writing, or the disk refuses.
    """
    with locked(path):
        _read_if_there(path, profile.participant)
        replace_file(path, profile_text(profile).encode())


def update_profile(
    path: Path, participant: str, change: Callable[[Profile], Profile], *, start: Profile | None = None
) -> Profile:
    """Change a profile so that no other program's change is lost.

    Parameters
    ----------
    path : Path
        The file.
    participant : str
        Code of the person.
    change : callable
        Takes the profile as it is and returns the one to be saved.
    start : Profile or None, default None
        What to begin with where there is no profile yet; None makes that an error.

    Returns
    -------
    Profile
        As saved. Nothing is written where `change` returns what it was given.

    Raises
    ------
    ProfileMissingError
        If there is no profile and no `start`.
    ProfileError
        As for `read_profile` and `save_profile`.
    """
    check_participant(participant)
    with locked(path):
        found = _read_if_there(path, participant)
        before = found if found is not None else start
        if before is None:
            return read_profile(path, participant)
        after = change(before)
        if after.participant != participant:
            raise ProfileError(f"The profile of {participant} cannot become that of {after.participant}.")
        if after is not found:
            replace_file(path, profile_text(after).encode())
        return after


def _text(document: dict[str, Any]) -> str:
    dates = {key: _calendar(document.pop(key)) for key in ("created", "updated")}
    lists = {key: document.pop(key) for key in ("baselines", "marks")}
    lines = [f"{key} = {date:%Y-%m-%dT%H:%M:%SZ}\n" for key, date in dates.items()]
    entries = [_titled(key, entry) for key, all_of_key in lists.items() for entry in all_of_key]
    body = "".join([*lines, tomli_w.dumps(document), *entries])
    if len(body.encode()) > MAX_BYTES - len(_HEADER) - _DIGEST_LINE:
        raise ProfileError("it has become larger than a megabyte")
    return f'{_HEADER}sha256 = "{_digest(tomllib.loads(body))}"\n{body}'


def _calendar(utc_s: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(utc_s, dt.UTC)


def _titled(key: str, entry: Mapping[str, Any]) -> str:
    """One entry of a list as TOML, under a comment with its date."""
    title = ""
    if "utc_s" in entry:
        title = f"# {_calendar(entry['utc_s']):%Y-%m-%d %H:%M} UTC\n"
    # As a list, short entries would come out in one line, which cannot be continued by the next entry.
    table = tomli_w.dumps({key: entry}).replace(f"[{key}]", f"[[{key}]]", 1)
    return f"\n{title}{table}"


def _digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of the values, which does not depend on comments, line ends or order."""
    text = json.dumps(document, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _parsed(content: bytes) -> Profile:
    if len(content) > MAX_BYTES:
        raise ProfileError("the file is larger than a megabyte, so that it is no profile")
    try:
        document = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ProfileError(f"byte {error.start} is not UTF-8 text, so that the file is damaged") from error
    except RecursionError as error:
        raise ProfileError("brackets are nested too deep, so that the file is damaged") from error
    except ValueError as error:
        raise ProfileError(f"the file is not TOML or is damaged: {str(error)[:200]}") from error
    told = document.pop("sha256", None)
    if told is not None and told != _digest(document):
        raise ProfileError(
            "the content does not fit the line `sha256`: the file is damaged, or was changed by hand (then remove "
            "that line)"
        )
    return profile_from(migrated(_with_seconds(document)))


def _with_seconds(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with calendar dates as seconds since 1970."""
    changed = dict(document)
    for key in _DATES:
        value = changed.get(key)
        if isinstance(value, dt.datetime) and value.tzinfo is not None:
            changed[key] = value.timestamp()
        elif key == "date" and isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            noon = dt.time(12, tzinfo=dt.UTC)
            changed[key] = dt.datetime.combine(value, noon).timestamp()
        elif value is not None:
            raise ProfileError(f"`{key}` must be a date and time in UTC, such as 2026-11-22T09:30:00Z")
    return changed


def _way_out(path: Path, participant: str) -> str:
    previous = previous_of(path)
    if previous.exists():
        return (
            f"Nothing was changed. To go back to the profile before, copy {previous.name} over {path.name}."
        )
    return (
        f"Nothing was changed. Mend it, or move it away and calibrate again: attune calibrate {participant}."
    )


def _read_if_there(path: Path, participant: str) -> Profile | None:
    try:
        return read_profile(path, participant)
    except ProfileMissingError:
        return None
