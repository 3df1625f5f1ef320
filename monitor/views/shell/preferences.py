"""What the user likes the window to be, kept in ``window.toml`` from one session to the next."""

import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import tomli_w

from monitor.board.commands import LABEL
from monitor.errors import MonitorError
from monitor.views.lines import tr

FILE_NAME = "window.toml"
TEXT_SCALES = (0.8, 2.0)
"""Least and greatest size of the text, relative to that of the computer."""

FACES = ("research", "glance", "window")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([_-][A-Za-z]{2,4})?")
_NO_NOTES: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How the window looks.

    Parameters
    ----------
    theme : str, default 'light'
        ``light`` or ``dark``.
    text_scale : float, default 1.0
        Size of the text, 0.8 to 2.0 times that of the computer.
    face : str, default 'research'
        What is shown first: ``research``, ``glance`` or ``window`` (of tolerance).
    on_top : bool, default False
        Whether the window stays above others.
    dim : bool, default False
        Whether it is dimmed.
    motion : bool, default False
        Whether the pace of breathing may move.
    language : str, default ''
        Code of a language (``de``); empty for that of the computer.
    hide_therapist : bool, default False
        Whether the therapist's side is hidden when the window opens.
    notes : mapping of str to str, optional
        Own notes of the palette: digit and label.
    """

    theme: str = "light"
    text_scale: float = 1.0
    face: str = "research"
    on_top: bool = False
    dim: bool = False
    motion: bool = False
    language: str = ""
    hide_therapist: bool = False
    notes: Mapping[str, str] = field(default_factory=lambda: _NO_NOTES)


def _theme(value: object) -> bool:
    return value in ("light", "dark")


def _scale(value: object) -> bool:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return known and TEXT_SCALES[0] <= float(value) <= TEXT_SCALES[1]  # type: ignore[arg-type]


def _face(value: object) -> bool:
    return value in FACES


def _switch(value: object) -> bool:
    return isinstance(value, bool)


def _language(value: object) -> bool:
    return isinstance(value, str) and (not value or LANGUAGE.fullmatch(value) is not None)


def _notes(value: object) -> bool:
    return isinstance(value, dict) and all(
        key in "123456789" and len(key) == 1 and isinstance(label, str) and LABEL.fullmatch(label)
        for key, label in value.items()
    )


_SWITCH = "must be true or false"
_RULES: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = MappingProxyType(
    {
        "theme": (_theme, 'must be "light" or "dark"'),
        "text_scale": (_scale, "must be a number from 0.8 to 2.0"),
        "face": (_face, 'must be "research", "glance" or "window"'),
        "on_top": (_switch, _SWITCH),
        "dim": (_switch, _SWITCH),
        "motion": (_switch, _SWITCH),
        "language": (_language, 'must be the code of a language, such as "de"'),
        "hide_therapist": (_switch, _SWITCH),
        "notes": (_notes, 'must give digits 1 to 9 a short word in small letters each: 5 = "laughter"'),
    }
)


def read_preferences(path: Path) -> tuple[Preferences, tuple[str, ...]]:
    """Read the preferences of the user.

    Parameters
    ----------
    path : Path
        The file; it need not exist.

    Returns
    -------
    Preferences
        What could be understood, and the standard for the rest.
    tuple of str
        What could not, for the user; empty when all could.
    """
    try:
        found = _load(path)
    except (OSError, ValueError) as error:
        return Preferences(), (tr("{file} cannot be read: {error}").format(file=path, error=error),)
    told: list[str] = []
    taken: dict[str, Any] = {}
    for name, value in found.items():
        fits, rule = _RULES.get(name, (None, ""))
        if fits is None:
            known = ", ".join(_RULES)
            told.append(tr("'{name}' is not known; known are: {known}").format(name=name, known=known))
        elif not fits(value):
            told.append(f"'{name}' {tr(rule)}")
        else:
            taken[name] = MappingProxyType(value) if name == "notes" else value
    said = tuple(tr("{file}: {text}").format(file=path, text=text) for text in told)
    return replace(Preferences(), **taken), said


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def keep_preference(path: Path, name: str, value: bool | float | str) -> None:
    """Keep one choice of the user; what else the file says stays as it is.

    Parameters
    ----------
    path : Path
        The file; made when it does not exist. One that cannot be understood is moved aside.
    name : str
        Field of `Preferences`, but for ``notes``.
    value : bool, float or str
        What was chosen.

    Raises
    ------
    MonitorError
        If it cannot be written.
    """
    if name not in {f.name for f in fields(Preferences)} or not _RULES[name][0](value):
        raise ValueError(f"{value!r} is no preference for '{name}'")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            found = _load(path)
        except ValueError:
            path.replace(path.with_name(f"{path.name}.damaged"))
            found = {}
        _replace(path, tomli_w.dumps({**found, name: value}).encode("utf-8"))
    except OSError as error:
        message = tr("{file} cannot be written: {error}").format(file=path, error=error)
        raise MonitorError(message) from error


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
