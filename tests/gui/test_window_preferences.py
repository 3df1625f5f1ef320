"""What the user likes the window to be: read with patience, written without loss."""

import tomllib
from pathlib import Path

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import MonitorError
from monitor.paths import config_folder
from monitor.views.shell.preferences import Preferences, keep_preference, read_preferences

pytestmark = pytest.mark.gui


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "window.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_is_as_usual(tmp_path: Path) -> None:
    assert read_preferences(tmp_path / "none.toml") == (Preferences(), ())


def test_what_is_liked_is_taken(tmp_path: Path) -> None:
    text = (
        'theme = "dark"\ntext_scale = 1.5\nface = "glance"\nhide_therapist = true\n[notes]\n5 = "laughter"\n'
    )
    liked, told = read_preferences(written(tmp_path, text))
    assert told == ()
    assert (liked.theme, liked.text_scale, liked.face, liked.hide_therapist) == ("dark", 1.5, "glance", True)
    assert dict(liked.notes) == {"5": "laughter"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('colour = "red"', "'colour' is not known; known are: theme"),
        ('theme = "green"', "'theme' must be"),
        ("text_scale = 3", "from 0.8 to 2.0"),
        ("text_scale = true", "from 0.8 to 2.0"),
        ("text_scale = nan", "from 0.8 to 2.0"),
        ("on_top = 1", "true or false"),
        ('language = "../../etc"', "code of a language"),
        ('notes = {12 = "x"}', "digits 1 to 9"),
        ('notes = {5 = "A Long Story, with names"}', "digits 1 to 9"),
        ("theme = ", "cannot be read"),
    ],
)
def test_nonsense_is_told_and_the_rest_is_taken(tmp_path: Path, line: str, said: str) -> None:
    path = written(tmp_path, f"dim = true\n{line}\n")
    liked, told = read_preferences(path)
    assert len(told) == 1
    assert said in told[0]
    assert str(path) in told[0]
    assert liked == Preferences(dim="cannot be read" not in said)


def test_a_choice_is_kept_beside_everything_else(tmp_path: Path) -> None:
    path = written(tmp_path, 'later = 7\n[notes]\n5 = "laughter"\n')
    keep_preference(path, "theme", "dark")
    keep_preference(path, "dim", True)
    kept = tomllib.loads(path.read_text())
    assert kept == {"later": 7, "notes": {"5": "laughter"}, "theme": "dark", "dim": True}
    assert [p.name for p in tmp_path.iterdir()] == ["window.toml"]


def test_a_file_that_cannot_be_understood_is_moved_aside(tmp_path: Path) -> None:
    path = written(tmp_path, "theme = \n# my own words")
    keep_preference(path, "theme", "dark")
    assert read_preferences(path) == (Preferences(theme="dark"), ())
    assert "my own words" in (tmp_path / "window.toml.damaged").read_text()


def test_a_place_that_cannot_be_written_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MonitorError, match=r"window\.toml cannot be written"):
        keep_preference(tmp_path / "file" / "window.toml", "dim", True)


def test_only_preferences_are_kept(tmp_path: Path) -> None:
    for name, value in (("theme", "green"), ("colour", "red"), ("text_scale", 9.0)):
        with pytest.raises(ValueError, match="no preference"):
            keep_preference(tmp_path / "window.toml", name, value)


@given(st.binary(max_size=200))
def test_no_file_is_too_odd(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "odd.toml"
    path.write_bytes(data)
    liked, _ = read_preferences(path)
    keep_preference(path, "dim", not liked.dim)
    assert read_preferences(path)[0].dim is not liked.dim


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ATTUNE_CONFIG", str(tmp_path / "here"))
    assert config_folder() == tmp_path / "here"
    monkeypatch.delenv("ATTUNE_CONFIG")
    assert config_folder().name == "attune"
