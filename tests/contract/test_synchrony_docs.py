"""What is said of synchrony in the documentation is what the code has."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from monitor.core.synchrony.methods import DEFAULT_METHODS, METHODS
from monitor.core.synchrony.signals import SIGNALS
from monitor.exporting.tools import FACTS, Tool
from monitor.settings import SynchronySettings, settings_from

DOCS = Path(__file__).resolve().parents[2] / "docs"


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """The text under a heading, up to the next one of any level."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", text_of(name), re.MULTILINE | re.DOTALL)
    assert found, heading
    return found.group(1)


def rows(text: str) -> list[str]:
    """The first cell of each row of a table that begins with a name."""
    return re.findall(r"^\| `([a-z_0-9]+)` \|", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "heading"), [("methods.md", "13.5 Methods for a whole session"), ("synchrony.md", "Methods")]
)
def test_the_tables_list_the_methods_of_the_registry_and_no_other(name: str, heading: str) -> None:
    assert sorted(rows(section(name, heading))) == sorted(METHODS)


def test_every_source_of_a_method_is_listed() -> None:
    sources = section("methods.md", "12 Sources")
    for method in METHODS.values():
        for doi in re.findall(r"doi:([^\s;,]+)", method.reference):
            assert doi in sources, method.name


def test_the_example_of_the_settings_is_the_default_and_names_every_key() -> None:

    (example,) = re.findall(r"```toml\n(.*?)```", section_with_code("synchrony.md"), re.DOTALL)
    mapping = tomllib.loads(example)
    assert set(mapping["synchrony"]) == {field.name for field in fields(SynchronySettings)}
    assert settings_from(mapping, "docs").synchrony == SynchronySettings()
    for name in DEFAULT_METHODS:
        assert name in mapping["synchrony"]["methods"]


def section_with_code(name: str) -> str:
    # Comments inside the example look like headings.
    return text_of(name).split("## Settings\n")[1].split("\n## ")[0]


def test_every_signal_and_package_is_described() -> None:
    for signal in SIGNALS:
        assert f"`{signal.name}`" in section("methods.md", "13.1 Signals and grid")
        assert f"`{signal.name}`" in section("synchrony.md", "What it means here")
    export = section("files.md", "What an export writes")
    assert sorted(rows(export)) == sorted(Tool)
    assert all(facts.script in export for facts in FACTS.values())


def test_no_sentence_of_the_page_grades() -> None:
    text = text_of("synchrony.md").lower()
    for word in ("in sync", "well attuned", "better rapport", "therapist leads", "client leads"):
        assert word not in text
