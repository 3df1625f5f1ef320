"""`attune analyze` writes the page about a session beside the tables, and the tables without it."""

from collections.abc import Callable
from typing import Any

import pytest

from monitor.session.manifest import seal, verify_manifest

NAMES = ("ecg_a", "eda_a", "ecg_b", "eda_b")


def test_the_page_comes_with_the_tables_and_is_the_same_each_time(
    analyze: Callable[..., Any], people: dict[str, Any]
) -> None:
    streams = [people[name] for name in NAMES]
    first, second = (analyze(streams, own=True) for _ in range(2))
    assert f"Report: {first.folder / 'report.html'}" in first.text
    pages = [(run.folder / "report.html").read_text(encoding="utf-8") for run in (first, second)]
    # Two runs differ in the names of their folder and file alone.
    assert pages[0].replace("out1", "out2").replace("in1", "in2") == pages[1]
    assert "Participant A, valid of" in pages[0]


def test_tables_alone_are_to_be_had(analyze: Callable[..., Any], people: dict[str, Any]) -> None:
    run = analyze([people["ecg_a"]], "--no-report", own=True)
    assert run.code == 0
    assert not (run.folder / "report.html").exists()


def test_a_page_that_fails_leaves_the_analysis_whole(
    analyze: Callable[..., Any], people: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("monitor.report.page.render", broken)
    run = analyze([people["ecg_a"]], own=True)
    assert run.code == 0
    assert "No report: ZeroDivisionError: planted. The tables are complete" in run.text
    assert run.values("A", "hr_bpm")


def test_a_session_analysed_in_its_own_folder_stays_under_its_seal(
    attune: Callable[..., Any], record: Callable[..., Any], people: dict[str, Any]
) -> None:
    path = record([people["ecg_a"]], "recording.xdf", own=True)
    seal(path.parent)
    run = attune("analyze", path.parent, "--out", path.parent, folder=path.parent)
    assert run.code == 0
    assert (path.parent / "report.html").is_file()
    assert verify_manifest(path.parent) == []
