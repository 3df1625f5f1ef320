"""The folder of profiles: one file for each person, found by code."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from calibration.profile import (
    Profile,
    ProfileError,
    ProfileMissingError,
    read_profile,
    save_profile,
    update_profile,
)
from monitor.errors import SettingsError
from monitor.room import check_code


class ProfileStore:
    """The profiles kept in one folder.

    Parameters
    ----------
    folder : Path
        Where they are; it need not exist before the first is saved.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, code: str) -> Path:
        """Tell where the profile of a person is kept.

        Parameters
        ----------
        code : str
            Code of the person.

        Returns
        -------
        Path
            ``CODE.toml`` in the folder; it need not exist.

        Raises
        ------
        SettingsError
            If `code` cannot be a code, so that no code reaches outside the folder.
        """
        return self.folder / f"{check_code(code)}.toml"

    def codes(self) -> frozenset[str]:
        """Tell whose profiles are there.

        Returns
        -------
        frozenset of str
            Codes by the names of the files; empty where the folder is missing or cannot be read.
        """
        try:
            return frozenset(path.stem for path in self.folder.glob("*.toml"))
        except OSError:
            return frozenset()

    def load(self, code: str) -> Profile | None:
        """Read the profile of a person.

        Parameters
        ----------
        code : str
            Code of the person.

        Returns
        -------
        Profile or None
            None when there is no profile yet.

        Raises
        ------
        SettingsError
            If the file cannot be read or is not a profile of this person.
        """
        path = self.path(code)
        try:
            return read_profile(path, code)
        except ProfileMissingError:
            return None
        except ProfileError as error:
            raise SettingsError(str(error)) from error

    def save(self, profile: Profile) -> Path:
        """Write a profile, all or nothing; the one before is kept beside it.

        Parameters
        ----------
        profile : Profile
            What to keep.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        SettingsError
            If it cannot be written.
        """
        path = self.path(profile.participant)
        try:
            save_profile(path, profile)
        except ProfileError as error:
            raise SettingsError(str(error)) from error
        return path

    def update(
        self, code: str, change: Callable[[Profile], Profile], *, start: Profile | None = None
    ) -> Profile:
        """Change the profile of a person so that no other writer's change is lost.

        Parameters
        ----------
        code : str
            Code of the person.
        change : callable
            Takes the profile as it is now and returns the new one.
        start : Profile, optional
            What `change` gets where there is no profile yet; without it that is an error.

        Returns
        -------
        Profile
            As written.

        Raises
        ------
        SettingsError
            If the file cannot be read or written, is missing, or `change` refuses.
        """
        path = self.path(code)
        try:
            return update_profile(path, code, change, start=start)
        except ProfileError as error:
            raise SettingsError(str(error)) from error

    def copy_into(self, session: Path, codes: Iterable[str]) -> list[Path]:
        """Keep a copy of the profiles a session uses in its folder.

        Parameters
        ----------
        session : Path
            The session folder.
        codes : iterable of str
            Codes of the people; those without a profile are left out.

        Returns
        -------
        list of Path
            The copies, ``profiles/CODE.toml`` in the session folder.

        Raises
        ------
        SettingsError
            If one cannot be written.
        """
        copies = []
        for code in codes:
            source = self.path(code)
            if not source.exists():
                continue
            target = session / "profiles" / source.name
            try:
                target.parent.mkdir(mode=0o700, exist_ok=True)
                copies.append(Path(shutil.copyfile(source, target)))
                target.chmod(0o600)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise SettingsError(
                    f"Cannot write {target}: {reason}. Check the rights on the folder."
                ) from error
        return copies
