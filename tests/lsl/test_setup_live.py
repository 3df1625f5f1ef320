"""The set-up before a recording, with real outlets: what is wrong is named, and the session begins as it was shown."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor import app
from monitor.attach import running_engine
from monitor.board.client import BoardClient, Link
from monitor.board.commands import Command
from monitor.commands import live
from monitor.core.events import Annotation, StreamOpened
from monitor.display import Window
from monitor.lsl.lookout import Lookout
from monitor.paths import running_folder
from monitor.preflight.seats import Seats
from monitor.preflight.setup import DEFAULT_PEOPLE, Setup
from monitor.warm import warm_up
from monitor.xdf.reader import read_events
from tests.senders import Senders, heart, skin

pytestmark = [pytest.mark.lsl, pytest.mark.slow]


@pytest.fixture
def senders() -> Iterator[Senders]:
    made = Senders()
    yield made
    made.end()


def setup_of(view: Any, name: str) -> Any:
    return next((s for s in view["streams"] if s["title"].startswith(f"{name} @")), None)


def test_what_is_wrong_first_is_named_with_its_cure(senders: Senders) -> None:
    warm_up()
    senders.add("Slow", "ECG", "microvolts", 65.0, heart, declared_hz=130.0)
    senders.add("Scaled", "EDA", "", 50.0, lambda t: 60.0 * skin(t))
    senders.add("Open", "EDA", "microsiemens", 51.2, lambda t: np.zeros(t.size))
    senders.add("Good", "EDA", "microsiemens", 40.0, skin)
    setup = Setup(Lookout(), Seats(DEFAULT_PEOPLE[:1]))
    began: list[Any] = []
    thread = threading.Thread(target=lambda: began.append(setup.run(lambda: bool(stopping))))
    stopping: list[bool] = []
    thread.start()

    def view() -> Any:
        return setup.board.snapshot(0)["setup"]

    def until(done: Callable[[Any], bool], seconds: float = 30.0) -> Any:
        end = time.monotonic() + seconds
        while not done(seen := view()):
            assert time.monotonic() < end, seen
            time.sleep(0.05)
        return seen

    def give(name: str) -> None:
        for other in view()["streams"]:
            setup.ask(Command("assign", other["uid"] + (" C01" if other["title"].startswith(name) else "")))

    def wrong(name: str, word: str, cure: str) -> None:
        give(name)
        found = until(lambda v: word in v["wrong"])
        assert found["wrong"].startswith(f"client C01, {name}: ")
        assert cure in found["cure"]
        assert not found["ready"]
        assert found["can_start"]

    try:
        seen = until(lambda v: len(v["streams"]) == 4)
        until(lambda v: setup_of(v, "Slow")["device"] == "Attune tests")
        assert seen["people"] == [{"code": "C01", "kind": "client"}]
        wrong("Slow", "65", "nearer to its receiver")
        wrong("Scaled", "looks like kilo-ohm", "Correct the unit at the sender")
        wrong("Open", "constant 0", "Check the electrodes")
        give("Good")
        until(lambda v: v["ready"])
        setup.ask(Command("start"))
        thread.join(10.0)
    finally:
        stopping.append(True)
        thread.join(10.0)
    (start,) = began
    assert start.preflight == "all checks passed"
    assert [rule.match for rule in start.room.streams] == ["Good"]


class Driver:
    """Uses the window of `attune live` from beside it, as a second window would."""

    def __init__(self, windows: list[Window], work: Callable[["Driver"], None]) -> None:
        self.windows = windows
        self.error: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self.windows or not self.windows[0].is_open:
                time.sleep(0.02)
            self.client = BoardClient(self.windows[0].address, key=self.windows[0].key)
            self._work(self)
        except BaseException as error:  # noqa: BLE001 - raised again in join()
            self.error = error
            os.kill(os.getpid(), signal.SIGINT)
        finally:
            with contextlib.suppress(AttributeError):
                self.client.close()

    def until(self, done: Callable[[Any], bool], seconds: float = 40.0) -> Any:
        end = time.monotonic() + seconds
        while True:
            snapshot = self.client.poll()
            if snapshot is not None and done(snapshot):
                return snapshot
            assert time.monotonic() < end, snapshot
            time.sleep(0.02)

    def join(self) -> None:
        self._thread.join(30.0)
        assert not self._thread.is_alive()
        if self.error is not None:
            raise self.error


@pytest.fixture
def attune_live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[int, Path]]:
    monkeypatch.setenv("ATTUNE_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("DISPLAY", ":77")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    windows: list[Window] = []

    class Seen(Window):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            windows.append(self)

    monkeypatch.setattr(live, "Window", Seen)

    def run(work: Callable[[Driver], None], *arguments: str) -> tuple[int, Path]:
        driver = Driver(windows, work)
        code = app.main(["live", "--out", str(tmp_path / "sessions"), *arguments])
        driver.join()
        return code, tmp_path / "sessions"

    return run


def second_live(folder: Path) -> subprocess.Popen[str]:
    code = "import sys; from monitor.app import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code, "live", "--out", str(folder / "second")],
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )


def test_from_set_up_to_a_session_with_exactly_the_roles_that_were_shown(
    senders: Senders,
    attune_live: Callable[..., tuple[int, Path]],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def work(driver: Driver) -> None:
        first = driver.until(lambda s: s["setup"] is not None and not s["setup"]["message"])
        assert first["setup"]["streams"] == []
        assert not first["setup"]["can_start"]
        senders.add("Strap", "ECG", "microvolts", 130.0, heart)
        senders.add("Skin", "EDA", "microsiemens", 50.0, skin)
        senders.add("Other", "EDA", "microsiemens", 40.0, skin)
        there = driver.until(lambda s: len(s["setup"]["streams"]) == 3)["setup"]
        uids = {s["title"].split(" @")[0]: s["uid"] for s in there["streams"]}
        driver.client.send("person", "client K7")
        driver.client.send("person", "client ../x")
        driver.until(lambda s: "cannot be the code" in s["setup"]["message"])
        for asked in (f"{uids['Strap']} T01", f"{uids['Skin']} K7", uids["Other"]):
            driver.client.send("assign", asked)
        driver.until(lambda s: [x["participant"] for x in s["setup"]["streams"]].count("") == 1)
        driver.client.send("start")
        driver.until(lambda s: s["setup"] is None and s["state"] in {"warming_up", "running"})
        window = driver.windows[0]
        assert window._process is not None
        crashed = window._process
        crashed.kill()
        second = second_live(tmp_path)
        try:
            assert second.stderr is not None
            told = second.stderr.readline()
            driver.until(lambda _: window._process is not crashed and window._server.n_clients >= 3)
            assert running_engine(running_folder()) is not None
            second.send_signal(signal.SIGTERM)
            second.communicate(timeout=20)
        finally:
            second.kill()
        assert "opened its window" in told
        assert "--new" in told
        assert second.returncode == 130
        assert not (tmp_path / "second").exists()
        driver.client.send("stop_recording")
        while driver.client.link is not Link.GONE:
            driver.client.poll()
            time.sleep(0.02)

    code, sessions = attune_live(work)
    assert code == 0
    (folder,) = sessions.iterdir()
    assert folder.name.endswith("_K7_T01")
    with (folder / "recording.xdf").open("rb") as file:
        events = list(read_events(file))
    opened = [event for event in events if isinstance(event, StreamOpened)]
    roles = {e.info.name: [(b.key.participant, b.key.modality.value) for b in e.bindings] for e in opened}
    assert roles == {"Strap": [("T01", "ecg")], "Skin": [("K7", "eda")]}
    notes = [event for event in events if isinstance(event, Annotation)]
    assert notes[0].label == "preflight"
    assert notes[0].text.startswith("started before all was checked")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["preflight"] == notes[0].text
    kept = (tmp_path / "config" / "last_room.toml").read_text()
    assert '"Strap"' in kept
    assert '"Other"' not in kept
    assert running_engine(running_folder()) is None
    assert "Session saved in" in capfd.readouterr().err


def test_closing_the_window_of_the_set_up_records_nothing(
    attune_live: Callable[..., tuple[int, Path]], capfd: pytest.CaptureFixture[str]
) -> None:
    def work(driver: Driver) -> None:
        driver.until(lambda s: s["setup"] is not None)
        # What a window that was closed by its user looks like from outside.
        window = driver.windows[0]
        assert window._process is not None
        window._process.kill()
        window._process.wait(10)
        window._process.returncode = 0

    code, sessions = attune_live(work)
    assert code == 0
    assert not sessions.exists()
    assert "nothing was recorded" in capfd.readouterr().err
