"""Settings that influence results: frozen, from TOML, unknown keys refused."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from monitor.core.synchrony.methods import DEFAULT_METHODS, METHODS
from monitor.core.synchrony.pair import Choices
from monitor.errors import SettingsError

_LONGEST_SEED = 2**31 - 1


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
class SynchronySettings:
    """How synchrony is computed.

    Parameters
    ----------
    segment_s : float, default 30.0
        Length of a segment in seconds, 10 to 120, whole seconds; four times as long for lnRMSSD.
    lag_s : float, default 5.0
        Longest lag in seconds, 1 to 15 and at most half a segment.
    n_surrogates : int, default 999
        Permutations of each null distribution, 99 to 9999.
    seed : int, default 1
        Seed of everything random, from 0.
    methods : tuple of str
        Methods for the whole session, by name (`monitor.core.synchrony.methods.METHODS`).
    """

    segment_s: float = 30.0
    lag_s: float = 5.0
    n_surrogates: int = 999
    seed: int = 1
    methods: tuple[str, ...] = DEFAULT_METHODS

    def __post_init__(self) -> None:
        if not (10.0 <= self.segment_s <= 120.0 and self.segment_s == int(self.segment_s)):
            raise SettingsError(f"synchrony.segment_s is {self.segment_s:g}; choose 10 to 120 whole seconds.")
        if not (1.0 <= self.lag_s <= min(15.0, self.segment_s / 2) and self.lag_s == int(self.lag_s)):
            raise SettingsError(
                f"synchrony.lag_s is {self.lag_s:g}; choose 1 to 15 whole seconds, at most half a segment."
            )
        if not 99 <= self.n_surrogates <= 9999:
            raise SettingsError(f"synchrony.n_surrogates is {self.n_surrogates}; choose 99 to 9999.")
        if not 0 <= self.seed <= _LONGEST_SEED:
            raise SettingsError(f"synchrony.seed is {self.seed}; choose 0 to {_LONGEST_SEED}.")
        unknown = [name for name in self.methods if name not in METHODS]
        if unknown:
            raise SettingsError(
                f"synchrony.methods names `{unknown[0]}`, which is unknown. Known methods: {', '.join(METHODS)}."
            )

    def choices(self) -> Choices:
        """Return what the computation needs.

        Returns
        -------
        Choices
            Segments, lags, surrogates, seed.
        """
        return Choices(
            segment_s=self.segment_s, lag_s=self.lag_s, n_surrogates=self.n_surrogates, seed=self.seed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings that influence results."""

    windows: WindowSettings = field(default_factory=WindowSettings)
    synchrony: SynchronySettings = field(default_factory=SynchronySettings)

    def as_mapping(self) -> dict[str, Any]:
        """Return the settings as plain values.

        Returns
        -------
        dict of str to Any
            Nested by section, as in TOML.
        """
        return asdict(self)


_SECTIONS = {"windows": WindowSettings, "synchrony": SynchronySettings}


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
        for key in values:
            if key not in valid:
                known = ", ".join(valid)
                raise SettingsError(
                    f"`{where}`: unknown key `{section}.{key}`. Valid keys in `{section}`: {known}."
                )
        plain = asdict(kind())
        made[section] = kind(
            **{
                key: _value(value, plain[key], f"`{where}`: `{section}.{key}`")
                for key, value in values.items()
            }
        )
    return Settings(**made)


def _value(value: object, default: object, what: str) -> object:
    """Bring a value to the type of its default, or say what it must be."""
    if isinstance(default, tuple):
        if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
            raise SettingsError(f"{what} must be a list of names, not {value!r}.")
        return tuple(dict.fromkeys(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingsError(f"{what} must be a number, not {value!r}.")
    if isinstance(default, int):
        if value != int(value):
            raise SettingsError(f"{what} must be a whole number, not {value!r}.")
        return int(value)
    return float(value)


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
