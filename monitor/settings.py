"""Settings that influence results: frozen, from TOML, unknown keys refused."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from monitor.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSettings:
    """When windows close.

    Parameters
    ----------
    lateness_s : float, default 3.0
        How long after its end a window waits for data: transport of a strap's frames (0.6 s), look-ahead of
        the beat detector (0.45 s) and the two beats of the artefact correction. 0 to 30.
    """

    lateness_s: float = 3.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.lateness_s <= 30.0:
            raise SettingsError(f"windows.lateness_s is {self.lateness_s}; choose 0 to 30 seconds.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings that influence results."""

    windows: WindowSettings = field(default_factory=WindowSettings)

    def as_mapping(self) -> dict[str, Any]:
        """Return the settings as plain values.

        Returns
        -------
        dict of str to Any
            Nested by section, as in TOML.
        """
        return asdict(self)


_SECTIONS = {"windows": WindowSettings}


def settings_from(mapping: Mapping[str, Any], where: str) -> Settings:
    """Make settings from nested plain values.

    Parameters
    ----------
    mapping : Mapping of str to Any
        Sections and their keys.
    where : str
        Name of the source for messages.

    Returns
    -------
    Settings
        The settings, defaults where nothing is said.

    Raises
    ------
    SettingsError
        If a section, key or value is unknown or out of range.
    """
    made: dict[str, Any] = {}
    for section, values in mapping.items():
        if section not in _SECTIONS:
            raise SettingsError(
                f"`{where}`: unknown section `{section}`. Valid sections: {', '.join(_SECTIONS)}."
            )
        kind = _SECTIONS[section]
        valid = sorted(f.name for f in fields(kind))
        if not isinstance(values, Mapping):
            raise SettingsError(f"`{where}`: `{section}` must be a table with the keys {', '.join(valid)}.")
        for key, value in values.items():
            if key not in valid:
                known = ", ".join(valid)
                raise SettingsError(
                    f"`{where}`: unknown key `{section}.{key}`. Valid keys in `{section}`: {known}."
                )
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise SettingsError(f"`{where}`: `{section}.{key}` must be a number, not {value!r}.")
        made[section] = kind(**{key: float(value) for key, value in values.items()})
    return Settings(**made)


def load_settings(path: Path) -> Settings:
    """Read settings from a TOML file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Settings
        The settings.

    Raises
    ------
    SettingsError
        If the file cannot be read or says something unknown.
    """
    try:
        with path.open("rb") as file:
            mapping = tomllib.load(file)
    except OSError as error:
        raise SettingsError(
            f"Cannot read the settings `{path}`: {error.strerror}. Check the path."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"`{path}` is not valid TOML: {error}. Correct that line.") from error
    return settings_from(mapping, path.name)
