"""No text of the project claims more than the body shows: every string is read, wherever it stands."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from monitor.views.words import FOOTER

ROOT = Path(__file__).parents[2]
PACKAGES = ("monitor", "calibration", "devices")

STANDING_FOOTER = (
    "Research use. Describes bodily arousal relative to this person's own reference. Does not measure safety, "
    "emotion, dissociation or relationship quality. Does not diagnose."
)

FORBIDDEN = (
    "safe",
    "safely",
    "unsafe",
    r"danger\w*",
    r"dysregulat\w*",
    r"hyper-?arous\w*",
    r"hypo-?arous\w*",
    r"dissociat\w*",
    r"freez(?:e|es|ing)",
    r"shut-?\s?downs?",
    "dorsal",
    "ventral",
    r"stress\w*",
    r"in\s+sync",
    r"alarm\w*",
    r"(?:ab|not\s+)?normal",
    r"vagal\s+tone",
    r"(?:para)?sympathetic\s+(?:tone|activation)",
    r"green\s+zone",
    r"diagnos\w*",
    r"disorders?",
    "ptsd",
    r"traum\w*",
    r"depress\w*",
    r"anxi\w*",
    "leads",
)
PATTERN = re.compile(rf"(?<![\w-])(?:{'|'.join(FORBIDDEN)})(?!\w)", re.IGNORECASE)

ALLOWED = {
    ("monitor/views/words.py", STANDING_FOOTER),
    # The class of a beat, as written in the tables.
    ("monitor/core/results.py", "normal"),
}


def strings_of(source: str) -> Iterator[str]:
    """Every string of a module but docstrings; what an f-string fills in reads as ``{}``."""
    tree = ast.parse(source)
    skipped = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }  # docstrings, of attributes too
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped.update(id(part) for part in node.values)
            parts = [str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values]
            yield "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value


def texts_of(document: object) -> Iterator[str]:
    """Every text of a TOML document."""
    if isinstance(document, dict):
        for key, item in document.items():
            yield from (key, *texts_of(item))
    elif isinstance(document, list):
        for item in document:
            yield from texts_of(item)
    elif isinstance(document, str):
        yield document


@cache
def everything() -> list[tuple[str, str]]:
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix == ".py":
                found += [(name, text) for text in strings_of(path.read_text(encoding="utf-8"))]
            elif path.suffix == ".toml":
                found += [(name, text) for text in texts_of(tomllib.loads(path.read_text(encoding="utf-8")))]
    return found


def offences(found: list[tuple[str, str]]) -> list[tuple[str, str, list[str]]]:
    return [
        (name, text, PATTERN.findall(text))
        for name, text in found
        if PATTERN.search(text) and (name, text) not in ALLOWED
    ]


def test_no_text_holds_a_word_that_claims_too_much() -> None:
    assert offences(everything()) == []


def test_what_is_allowed_is_there_and_would_be_found() -> None:
    assert set(everything()) >= ALLOWED
    assert all(PATTERN.search(text) for _, text in ALLOWED)


def test_the_standing_footer_is_that_of_the_specification() -> None:
    assert FOOTER == STANDING_FOOTER


def test_every_kind_of_text_is_read() -> None:
    found = everything()
    files = {name for name, _ in found}
    for part in ("monitor/views/", "monitor/commands/", "monitor/board/", "calibration/protocols/"):
        assert any(name.startswith(part) for name in files)
    assert any("within the calibrated range" in text for _, text in found)


@pytest.mark.parametrize(
    "text",
    [
        "You are SAFE now",
        "unsafe",
        "Danger!",
        "client is dysregulated",
        "hyperaroused",
        "hyperarousal",
        "hypo-arousal",
        "signs of dissociation",
        "do not freeze",
        "shutdown state",
        "shut-down",
        "dorsal state",
        "ventral vagal",
        "stress detected",
        "you are in\nsync",
        "Alarms on",
        "normal HRV",
        "abnormal HRV",
        "vagal  tone dropped",
        "sympathetic activation",
        "parasympathetic tone",
        "in the green zone",
        "diagnosis: none",
        "therapist leads",
    ],
)
def test_a_planted_word_is_found(text: str) -> None:
    assert offences([("monitor/views/words.py", text)])


@pytest.mark.parametrize(
    "text", ["lead_off", "low activation (unspecific)", "normalised", "misleads", "tone"]
)
def test_a_harmless_word_is_not(text: str) -> None:
    assert not offences([("monitor/views/words.py", text)])


def test_the_footer_is_allowed_in_its_place_only() -> None:
    assert offences([("monitor/views/terminal.py", STANDING_FOOTER)])
    assert offences([("monitor/views/words.py", STANDING_FOOTER + " No dissociation.")])


def test_docstrings_are_not_read_and_all_other_strings_are() -> None:
    source = '''
"""module safe"""
A = "one " "two"
"""attribute safe"""
def f(x, y="three"):
    """function safe"""
    return {f"four {x!r:>{y}} five": ["six"]}
'''
    assert {"one two", "three", "four {} five", "six"} <= set(strings_of(source))
    assert not [text for text in strings_of(source) if "safe" in text]
