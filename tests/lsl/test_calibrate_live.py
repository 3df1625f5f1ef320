"""Guided calibrations through liblsl: recorded, led, stored, and taken again from the recording."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pylsl
import pytest
from rich.console import Console

from calibration.profile import BaselineKind, read_profile
from monitor import app
from monitor.calibrating.live import CalibrationOptions, CalibrationSession
from monitor.core.events import Annotation
from monitor.lsl.binding import local_clock
from monitor.lsl.source import LslSource
from monitor.profiles import ProfileStore
from monitor.protocols import load_protocol
from monitor.room import Room
from monitor.session.manifest import verify_manifest
from monitor.settings import Settings
from monitor.warm import warm_up
from monitor.xdf.reader import read_events

pytestmark = [pytest.mark.lsl, pytest.mark.slow]

SPEED = 25.0
PROTOCOL = """
name = "lab_opening"
kind = "opening"
title = "Short opening"
[[steps]]
name = "settle"
title = "Settling in"
instruction = "Sit."
use = "settle"
minutes = 0.3
[[steps]]
name = "talk"
title = "Ordinary talk"
instruction = "Talk."
use = "talk"
minutes = 3.5
minimum_minutes = 3.0
weight = 1.0
asks = ["tension"]
"""


class Rig:
    """One person with emulated wearables on a fast clock, and a session that calibrates them."""

    def __init__(self, folder: Path, *, by_itself: bool) -> None:
        token = uuid.uuid4().hex[:6]
        self.code, other = f"C-{token}", f"T-{token}"
        origin = local_clock()
        options = ["--client", self.code, "--therapist", other, "--minutes", "8", "--speed", str(SPEED)]
        options += ["--origin", repr(origin), "--wait-for-consumers", "3", "--no-faults"]
        self.child = subprocess.Popen(
            [sys.executable, "-P", "-m", "devices.cli", "emulated", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )
        assert self.child.stdout is not None
        assert json.loads(self.child.stdout.readline())["ready"]
        protocol = folder / "lab.toml"
        protocol.write_text(PROTOCOL, encoding="utf-8")
        room = Room.from_options([f"{self.code}={self.code}"])
        self.store = ProfileStore(folder / "profiles")
        self.console = Console(file=io.StringIO(), width=200)
        self.session = CalibrationSession(
            LslSource(
                room,
                clock=lambda: origin + (pylsl.local_clock() - origin) * SPEED,
                clock_tolerance_s=5.0 * SPEED,
            ),
            CalibrationOptions(
                code=self.code,
                protocol=load_protocol(str(protocol)),
                kind=BaselineKind.OPENING,
                store=self.store,
                room=room,
                root=folder / "sessions",
                settings=Settings(),
                headless=True,
                by_itself=by_itself,
            ),
            self.console,
        )

    @property
    def told(self) -> str:
        return self.console.file.getvalue()  # type: ignore[attr-defined]

    def end(self) -> None:
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self.child.wait(10.0)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait(10.0)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    warm_up()
    made: list[Rig] = []

    def make(*, by_itself: bool) -> Rig:
        made.append(Rig(tmp_path, by_itself=by_itself))
        return made[-1]

    yield make
    for one in made:
        one.end()


def wait_for(condition: Callable[[], object], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_calibration_led_by_itself_is_stored_and_its_recording_gives_the_same_again(
    rig: Callable[..., Rig], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = rig(by_itself=True)
    folder = one.session.run()
    assert one.session.profile is not None, one.told
    (baseline,) = one.session.profile.baselines
    assert baseline.session == folder.name
    assert baseline.protocol == "lab_opening"
    assert baseline.reference.valid_s >= 180
    assert set(one.session.profile.sensors) >= {"ecg", "eda"}
    assert read_profile(one.store.path(one.code), one.code) == one.session.profile
    assert "bpm" in one.told
    assert "provisional upper edge" in one.told
    assert (folder / "recording.xdf").is_file()
    assert (folder / "baseline.png").is_file()
    assert verify_manifest(folder) == []

    again = tmp_path / "again"
    code = app.main(
        ["calibrate", one.code, "--from", str(folder), "--kind", "opening", "--profiles", str(again)]
    )
    assert code == 0, capsys.readouterr().err
    (taken,) = read_profile(again / f"{one.code}.toml", one.code).baselines
    assert taken.reference == baseline.reference
    assert taken.utc_s == baseline.utc_s
    assert taken.breathing_per_min == baseline.breathing_per_min


def test_commands_lead_ratings_are_kept_and_stopping_the_program_stores_nothing(
    rig: Callable[..., Rig],
) -> None:
    one = rig(by_itself=False)
    session, seen = one.session, []

    def act() -> None:
        def view() -> dict[str, object]:
            return session._run.board.snapshot(0)["procedure"]  # type: ignore[return-value]

        try:
            wait_for(lambda: session._log.n_seconds > 5)
            assert view()["phase"] == "ready"
            session.command("begin")
            wait_for(lambda: view()["phase"] == "running")
            session.command("tension", 7.0)
            session.command("pause")
            wait_for(lambda: view()["phase"] == "paused")
            session.command("accept")
            wait_for(lambda: "not possible" in str(view()["message"]))
            session.command("resume")
            wait_for(lambda: view()["index"] == 1)
            seen.append("talk")
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    actor = threading.Thread(target=act)
    actor.start()
    folder = session.run()
    actor.join()
    assert seen == ["talk"]
    assert session.interrupted
    assert session.profile is None
    assert one.store.load(one.code) is None
    assert verify_manifest(folder) == []
    with (folder / "recording.xdf").open("rb") as file:
        told = [event for event in read_events(file) if isinstance(event, Annotation)]
    notes = [(event.label, event.text) for event in told if event.text.startswith(f"{one.code} ")]
    notes = [note for note in notes if not note[0].startswith("stream_")]
    assert notes == [
        ("calibration_step", f"{one.code} settle"),
        ("tension", f"{one.code} 7"),
        ("calibration_pause", f"{one.code} settle"),
        ("calibration_step", f"{one.code} settle"),
        ("calibration_step", f"{one.code} talk"),
    ]
