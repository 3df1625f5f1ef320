"""A session is analysed with the settings it was made with, unless others are asked for."""

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import SettingsError
from monitor.offline import Offline, RunOptions
from monitor.room import Room
from monitor.session.folder import SessionFolder, read_settings
from monitor.settings import Settings, settings_from

PLAIN = RunOptions(room=Room(), spans={}, settings=None, file_format="parquet")
MADE_WITH = settings_from(
    {"windows": {"lateness_s": 5.0}, "synchrony": {"seed": 7, "methods": ["suco"]}}, "x"
)


def test_those_of_the_session_are_taken(tmp_path: Path) -> None:
    folder = SessionFolder.create(tmp_path, settings=MADE_WITH.as_mapping())
    assert Offline(folder.recording, PLAIN).settings == MADE_WITH


def test_those_asked_for_win(tmp_path: Path) -> None:
    folder = SessionFolder.create(tmp_path, settings=MADE_WITH.as_mapping())
    assert Offline(folder.recording, replace(PLAIN, settings=Settings())).settings == Settings()


@pytest.mark.parametrize("text", [None, "", "settings = 3", "not toml ["])
def test_a_foreign_or_unreadable_file_gives_the_defaults(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "session.toml").write_text(text, encoding="utf-8")
    assert read_settings(tmp_path / "session.toml") == {}
    assert Offline(tmp_path / "recording.xdf", PLAIN).settings == Settings()


def test_settings_of_another_version_are_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "session.toml").write_text("[settings.windows]\nlatency_s = 3.0\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"unknown key `windows.latency_s`.* --settings FILE"):
        Offline(tmp_path / "recording.xdf", PLAIN)
