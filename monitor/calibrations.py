"""Which calibration each participant of a run has: profile, reference span, or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from calibration.baseline import Reference
from calibration.personal import Calibration
from calibration.personal_profile import Profile
from calibration.pooling import day_reference
from monitor.core.pipeline import CalibrationSource
from monitor.errors import SettingsError
from monitor.paths import profiles_folder
from monitor.profiles import ProfileStore

COPIES = "profiles"
"""Folder inside a session folder with the profiles the session used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrations:
    """What is known of the people of one run.

    Parameters
    ----------
    profiles : Mapping of str to Profile
        By code.
    references : Mapping of str to Reference, optional
        Taken from spans of the recording itself; with a profile they are the opening of the day.
    problems : tuple of str, optional
        Profiles that could not be used, for the user.
    session : str, optional
        Name of the session: an opening taken in it is of its day, although it is younger than its beginning.
    """

    profiles: Mapping[str, Profile] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    session: str = ""

    def sources(self) -> dict[str, CalibrationSource]:
        """Return what the pipeline asks once it knows when the session began.

        Returns
        -------
        dict of str to callable
            By code.
        """
        codes = dict.fromkeys([*self.profiles, *self.references])
        return {code: partial(self._calibration, code) for code in codes}

    def _calibration(self, code: str, utc_s: float) -> Calibration:
        profile, reference = self.profiles.get(code), self.references.get(code)
        known = Calibration(participant=code)
        if profile is not None:
            known = profile.calibration_at(utc_s, session=self.session)
        if reference is None:
            return known
        day = day_reference(reference, known.earlier)
        return replace(known, reference=day, chosen=True, problem="", text="")


def profiles_of(store: ProfileStore, codes: Iterable[str]) -> Calibrations:
    """Read the profiles of the people of a session; one that is damaged does not stop the others.

    Parameters
    ----------
    store : ProfileStore
        Where profiles are.
    codes : iterable of str
        Codes of the people.

    Returns
    -------
    Calibrations
        Those that could be read, and what is wrong with the rest.
    """
    profiles: dict[str, Profile] = {}
    problems = []
    for code in codes:
        try:
            profile = store.load(code)
        except SettingsError as error:
            problems.append(f"{code} goes on without a calibration: {error}")
            continue
        if profile is not None:
            profiles[code] = profile
    return Calibrations(profiles=profiles, problems=tuple(problems))


def store_for(recording: Path, chosen: str | None) -> ProfileStore:
    """Tell where the profiles for a recording are.

    Parameters
    ----------
    recording : Path
        The XDF file.
    chosen : str or None
        Folder named by the user; it wins.

    Returns
    -------
    ProfileStore
        That folder; else, of a session of ours, the copies it kept, so that it comes out as it was live; else
        the user's own profiles.
    """
    if chosen is None and (recording.parent / "session.toml").is_file():
        return ProfileStore(recording.parent / COPIES)
    return ProfileStore(profiles_folder(chosen))
