"""Room on the disk and folders that do not suit."""

import math
from pathlib import Path

import pytest

from monitor.session import disk


@pytest.mark.parametrize(("minutes", "words"), [(31.0, ""), (29.0, "Free some space."), (9.0, "now")])
def test_the_user_is_warned_at_thirty_and_ten_minutes(minutes: float, words: str) -> None:
    state = disk.judge(round(minutes * 60 * 10_000), 10_000.0)
    assert state.hours_left == pytest.approx(minutes / 60, rel=1e-6)
    assert words in state.warning
    assert bool(state.warning) == bool(words)


def test_a_silent_start_promises_no_century() -> None:
    assert disk.judge(5_000_000, 0.0).hours_left == pytest.approx(5_000_000 / 500 / 3600)


def test_unknown_room_is_not_zero(tmp_path: Path) -> None:
    assert disk.free_bytes(tmp_path / "nowhere") == -1
    state = disk.judge(-1, 100.0)
    assert math.isnan(state.hours_left)
    assert state.warning == ""


def test_a_writable_folder_is_told_from_a_missing_one(tmp_path: Path) -> None:
    assert disk.is_writable(tmp_path)
    assert not disk.is_writable(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["OneDrive", "OneDrive - Clinic", "Dropbox", "Google Drive", "iCloud", "Nextcloud"]
)
def test_folders_of_synchronisation_services_are_known(tmp_path: Path, name: str) -> None:
    assert "synchronisation" in disk.sync_warning(tmp_path / name / "sessions")


def test_an_ordinary_folder_needs_no_warning(tmp_path: Path) -> None:
    assert disk.sync_warning(tmp_path / "onedrivers") == ""
