"""A replay in the window: runs ahead, compares, takes notes, and leaves the recording as it is."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
import tomli_w

from calibration.edges import MarkLabel
from calibration.profile import Profile, read_profile, save_profile
from monitor.board.commands import Command
from monitor.board.past import ReplayBoard
from monitor.commands.replay import run
from monitor.core.events import Annotation, Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.noting import LARGEST_NUMBER, mark_words, note_words, undo_words
from monitor.core.results import NAN
from monitor.display import WindowState
from monitor.errors import MonitorError, RecordingError, SettingsError
from monitor.marking.store import read_marks
from monitor.offline import Offline, RunOptions
from monitor.replaying.comparing import differences
from monitor.replaying.jumps import following, note_targets, preceding
from monitor.replaying.playhead import Playhead
from monitor.replaying.publishing import PlayedMarkers
from monitor.replaying.session import Choices, ReplaySession, Run
from monitor.replaying.survey import survey
from monitor.replaying.transport import Player
from monitor.replaying.zone_log import ZoneLog
from monitor.room import Room
from monitor.session.manifest import seal, verify_manifest
from monitor.session.notebook import read_notebook
from monitor.warm import warm_up
from monitor.xdf.source import FileSource
from monitor.xdf.writer import XdfWriter
from tests.replays import journals_of, no_remarks

START_S = 700.0
SECONDS = 75
RATES = {Modality.ECG: 130.0, Modality.EDA: 32.0}


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm_up()


def write_recording(path: Path) -> None:
    t = np.arange(0.0, SECONDS, 1.0 / 130.0)
    ecg = 3.0 * np.sin(t * 97.0)
    for beat in np.arange(0.4, SECONDS, 0.83):
        ecg += 900.0 * np.exp(-0.5 * ((t - beat) / 0.012) ** 2)
    s = np.arange(0.0, SECONDS, 1.0 / 32.0)
    eda = 4.0 + 0.3 * np.exp(-(s % 17.0) / 3.0)
    signals = {Modality.ECG: (t, ecg), Modality.EDA: (s, eda)}
    words = {
        12: note_words(1, "rupture", "therapist"),
        20: note_words(2, "silence", "therapist"),
        25: undo_words(2),
        50: mark_words(3, "too_much", "C07", "client"),
    }
    with path.open("wb") as file:
        writer = XdfWriter(file)
        for number, (modality, rate_hz) in enumerate(RATES.items(), start=1):
            info = StreamInfo(
                stream_id=number, name=f"{modality} of C07", type="", channel_count=1, nominal_rate_hz=rate_hz,
                channel_format="float32",
            )  # fmt: skip
            role = Binding(channel=0, key=StreamKey("C07", modality), unit="", scale=1.0, reason="test")
            writer.write(StreamOpened(info, (role,)))
            writer.write(ClockOffset(number, START_S, 0.0))
        for k in range(1, SECONDS + 11):
            for number, (t, x) in enumerate(signals.values(), start=1):
                a, b = np.searchsorted(t, (k - 1, k))
                if b > a:
                    writer.write(Chunk(number, START_S + t[a:b], x[a:b, None].astype(np.float32)))
            if k in words:
                writer.write(Annotation(START_S + k - 0.5, *words[k]))
            writer.write(Tick(START_S + k, 1.7e9 + k))
        writer.footers()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session of 75 s, closed and sealed."""
    path = tmp_path / "2026-11-22_101500_C07"
    path.mkdir()
    write_recording(path / "recording.xdf")
    (path / "session.toml").write_text(tomli_w.dumps({"participants": {"C07": "client"}}))
    Offline(path / "recording.xdf", choice()).analyze(path)
    seal(path)
    return path


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    path = tmp_path / "profiles"
    path.mkdir()
    save_profile(path / "C07.toml", Profile(participant="C07", created_utc_s=1.6e9))
    return path


def choice(**more: Any) -> RunOptions:
    return RunOptions(room=Room(), spans={}, settings=None, file_format="parquet", **more)


class Screen:
    """Shows nothing, and remembers what it was given."""

    def __init__(self, board: ReplayBoard) -> None:
        self.boards = [board]
        self.state = WindowState.OPEN
        self.n_closed = 0

    def open(self) -> None:
        pass

    def keep(self) -> WindowState:
        return self.state

    def switch(self, board: ReplayBoard, on_command: Callable[[Command], None] | None = None) -> None:
        assert on_command is not None
        self.boards.append(board)

    def close(self) -> None:
        self.n_closed += 1


class Watched:
    """A replay under way in threads of its own."""

    def __init__(self, recording: Path, runs: list[Run], **more: Any) -> None:
        wishes = {"speed": 1.0, "start_s": 0.0, "playing": False, "author": "", "notes_folder": None}
        wishes |= {"profiles": recording.parent, "keeps_tables": False}
        self.session = ReplaySession(recording, runs, Choices(**wishes | more))
        self.screen = Screen(self.session.player.board)
        self.error: BaseException | None = None
        self._thread = Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        try:
            self.session.watch(self.screen)
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            self.error = error

    def order(self, name: str, value: float | str | None = None) -> None:
        self.session.player.post(Command(name, value))

    @property
    def snapshot(self) -> Any:
        return self.session.player.board.snapshot()

    @property
    def transport(self) -> Any:
        return self.snapshot["transport"]

    def until(self, what: Callable[[], object]) -> None:
        """Wait until something is so; fail when the replay ends before."""
        deadline = time.monotonic() + 60.0
        while not what():
            assert self.error is None, self.error
            assert time.monotonic() < deadline, self.transport
            time.sleep(0.01)

    def leave(self) -> None:
        self.screen.state = WindowState.CLOSED
        self._thread.join(60.0)
        assert not self._thread.is_alive()


@pytest.fixture
def watch(folder: Path, tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    begun: list[Watched] = []

    def begin(runs: list[Run] | None = None, **more: Any) -> Watched:
        recording = folder / "recording.xdf"
        runs = runs or [Run("own", Offline(recording, choice()), tmp_path / "tables")]
        begun.append(Watched(recording, runs, **{"notes_folder": folder} | more))
        return begun[-1]

    yield begin
    for watched in begun:
        watched.leave()


def bytes_of(folder: Path) -> str:
    return hashlib.sha256((folder / "recording.xdf").read_bytes()).hexdigest()


def test_a_first_look_tells_length_and_notes(folder: Path) -> None:
    path = folder / "recording.xdf"
    found = survey(path, FileSource(path))
    assert found.duration_s == pytest.approx(SECONDS + 9.0)
    assert [a.label for a in found.annotations] == ["note", "note", "note_undone", "too_much"]


@pytest.mark.slow
def test_a_replay_shows_all_notes_at_once_and_goes_where_it_is_told(watch: Callable[..., Watched]) -> None:
    watched = watch(start_s=30.0)
    watched.until(lambda: watched.snapshot["now_s"] == 30.0)
    marks = [(m["number"], m["t_s"], m["kind"], m["label"]) for m in watched.snapshot["marks"]]
    assert marks == [(1, 11.5, "note", "rupture"), (3, 49.5, "mark", "too_much")]
    assert watched.transport["position_s"] == 30.0
    assert not watched.transport["playing"]
    watched.order("next_note")
    watched.until(lambda: watched.transport["position_s"] == 44.5)
    watched.order("next_note")
    watched.until(lambda: watched.transport["message"] == "There is no later note.")
    watched.order("seek", 1000.0)
    watched.until(lambda: watched.transport["at_end"])
    # That the recording has ended is no loss of a sensor: the last moment with samples stays.
    watched.until(lambda: watched.transport["duration_s"] == SECONDS + 1.0)
    assert watched.snapshot["state"] == "running"
    assert {stream["state"] for stream in watched.snapshot["streams"]} == {"running"}
    assert any(value["value"] is not None for value in watched.snapshot["latest"])
    watched.leave()
    assert watched.error is None
    assert watched.screen.n_closed


@pytest.mark.slow
def test_notes_are_added_and_taken_back_and_the_recording_stays_as_it_is(
    watch: Callable[..., Watched], folder: Path
) -> None:
    before = bytes_of(folder)
    watched = watch(start_s=40.0, author="S01")
    watched.until(lambda: watched.snapshot["now_s"] == 40.0)
    assert watched.transport["author"] == "S01"
    watched.order("note", "repair")
    watched.until(lambda: len(watched.snapshot["marks"]) == 3)
    watched.order("note_text", "0 looks away")
    watched.until(lambda: len(watched.snapshot["marks"]) == 4)
    number = {m["label"]: m["number"] for m in watched.snapshot["marks"]}["repair"]
    assert number > LARGEST_NUMBER
    watched.order("note_text", f"{number} of both")
    watched.until(lambda: any(m["text"] == "of both" for m in watched.snapshot["marks"]))
    # Whatever becomes of it, a note keeps its number.
    assert {m["text"]: m["number"] for m in watched.snapshot["marks"]}["of both"] == number
    watched.order("note_text", "1 what was said")
    watched.until(lambda: watched.snapshot["marks"][0]["text"] == "what was said")
    written = read_notebook(folder)
    assert {(note.number, note.label, note.text, note.author) for note in written} == {
        (0, "", "looks away", "S01"), (0, "repair", "of both", "S01"), (1, "", "what was said", "S01")
    }  # fmt: skip
    watched.order("undo_note")
    watched.until(lambda: "looks away" not in [m["text"] for m in watched.snapshot["marks"]])
    watched.order("remove_note", float(number))
    watched.until(lambda: len(read_notebook(folder)) == 1)
    watched.order("remove_note", 1.0)
    watched.until(lambda: watched.snapshot["marks"][0]["text"] == "")
    watched.order("remove_note", 1.0)
    watched.until(lambda: "no note of yours" in watched.transport["message"])
    watched.leave()
    assert watched.error is None
    assert bytes_of(folder) == before
    assert verify_manifest(folder) == []


@pytest.mark.slow
def test_a_judgement_is_a_mark_of_the_review(
    watch: Callable[..., Watched], folder: Path, profiles: Path
) -> None:
    watched = watch(start_s=40.0, author="S01", profiles=profiles)
    watched.until(lambda: watched.snapshot["now_s"] == 40.0)
    watched.order("tolerable", "C07")
    watched.until(lambda: read_marks(folder))
    (entry,) = read_marks(folder)
    assert (entry.participant, entry.mark.label, entry.mark.t_s) == ("C07", MarkLabel.TOLERABLE, 40.0)
    watched.until(lambda: "tolerable at 00:40, by review" in watched.transport["message"])
    # Never calibrated: it is kept, and moves nothing.
    assert not read_profile(profiles / "C07.toml", "C07").marks
    assert any(m["by"] == "review" and m["t_s"] == 40.0 for m in watched.snapshot["marks"])


@pytest.mark.slow
def test_another_folder_of_profiles_is_run_and_shown_beside(
    watch: Callable[..., Watched], folder: Path, profiles: Path, tmp_path: Path
) -> None:
    recording = folder / "recording.xdf"
    other = replace(choice(), profiles=str(profiles))
    runs = [
        Run("own", Offline(recording, choice()), tmp_path / "a"),
        Run("other", Offline(recording, other), tmp_path / "b"),
    ]
    watched = watch(runs)
    watched.until(lambda: watched.transport["differences"])
    assert watched.transport["variants"] == ["own", "other"]
    assert watched.transport["differences"][1].startswith("C07, other: no valid minutes")
    assert {(v["participant"], v["variant"]) for v in watched.snapshot["timelines"]} == {
        ("C07", 0),
        ("C07", 1),
    }
    watched.order("seek", 60.0)
    watched.order("variant", 1.0)
    watched.until(lambda: watched.transport["variant"] == 1)
    watched.until(lambda: watched.snapshot["now_s"] == 60.0)
    assert watched.snapshot["traces"]


@pytest.mark.slow
def test_a_recording_that_cannot_be_read_ends_the_replay_with_its_message(
    folder: Path, tmp_path: Path
) -> None:
    recording = folder / "recording.xdf"
    blocked = tmp_path / "file"
    blocked.write_text("")
    watched = Watched(recording, [Run("own", Offline(recording, choice()), blocked / "tables")])
    watched._thread.join(60.0)
    assert isinstance(watched.error, RecordingError)
    assert "cannot be written" in str(watched.error)


def test_a_window_that_breaks_again_and_again_is_told(watch: Callable[..., Watched]) -> None:
    watched = watch()
    watched.screen.state = WindowState.BROKEN
    watched._thread.join(60.0)
    assert isinstance(watched.error, MonitorError)
    assert "attune doctor" in str(watched.error)


@pytest.mark.slow
def test_tables_that_were_asked_for_are_finished_after_the_window(
    watch: Callable[..., Watched], folder: Path, tmp_path: Path
) -> None:
    watched = watch(keeps_tables=True)
    watched.leave()
    assert watched.error is None
    for name in ("markers", "beats", "scr", "zones", "synchrony"):
        made = (tmp_path / "tables" / f"{name}.parquet").read_bytes()
        assert made == (folder / f"{name}.parquet").read_bytes()


@pytest.mark.slow
def test_what_is_played_is_published_and_what_a_jump_passes_over_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[float] = []

    class Outlet:
        def __init__(self, channels: list[Any]) -> None:
            assert {channel.participant for channel in channels} == {"C07", "T02"}

        def push(self, rows: list[Any], stamp_s: float) -> None:
            sent.append(rows[0].t_emit_s)

        def close(self) -> None:
            sent.append(NAN)

    monkeypatch.setattr("monitor.publish.MarkerOutlet", Outlet)
    journal, remarks = journals_of(1)[0], no_remarks()
    markers = PlayedMarkers(journal, lambda: 0.0)
    player = Player(
        [journal], ["own"], show=lambda _: None, remarks=remarks, duration_s=1.0, start_s=100.0,
        on_played=markers.take, clock=lambda: 0.0,
    )  # fmt: skip
    player.advance(0.0)
    for k in range(1, 4):
        player.advance(float(k))
    player.post(Command("seek", 20.0))
    player.advance(3.0)
    player.advance(4.0)
    markers.close()
    remarks.close()
    assert list(dict.fromkeys(sent[:-1])) == [101.0, 102.0, 103.0, 21.0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--author", "two words"), "cannot be the code"),
        (("--start", "soon"), "no moment of a session"),
        (("--compare", "nowhere"), "no profile in that folder"),
        (("--paused",), "need the window"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_begins(
    folder: Path, options: tuple[str, ...], words: str
) -> None:
    from monitor.app import _parser

    given = ["replay", str(folder), "--headless", "--speed", "0", *options]
    with pytest.raises(SettingsError, match=words):
        run(_parser().parse_args(given))


def test_a_playhead_moves_with_its_speed_and_stays_when_it_is_stopped() -> None:
    head = Playhead(speed=2.0, playing=True)
    head.move(10.0, 100.0)
    assert head.at(13.0) == 106.0
    head.play(13.0, playing=True, speed=0.5)
    assert head.at(15.0) == 107.0
    head.play(15.0, playing=False)
    assert head.at(99.0) == 107.0


def test_the_next_is_never_here_and_the_previous_can_be_passed() -> None:
    targets = [10.0, 50.0, 90.0]
    assert following(targets, 10.0) == 50.0
    assert following(targets, 90.0) is None
    assert preceding(targets, 50.0) == 10.0
    assert preceding(targets, 51.5) == 50.0
    assert preceding(targets, 51.5, grace_s=2.0) == 10.0
    assert preceding(targets, 9.0) is None
    assert note_targets([]) == []


def test_differences_are_minutes_of_valid_minutes_and_seconds_that_differ() -> None:
    logs = [ZoneLog(), ZoneLog()]
    for k in range(120):
        for log, zone in zip(
            logs, ("within", "within" if k < 60 else "above" if k < 90 else "na"), strict=True
        ):
            log.note([reading(float(k), zone)])
    lines = differences(["own", "other"], logs)
    assert lines == [
        "C07, own: within 2.0 min (100 %), above 0.0 min (0 %), below 0.0 min (0 %) of 2.0 valid min",
        "C07, other: within 1.0 min (67 %), above 0.5 min (33 %), below 0.0 min (0 %) of 1.5 valid min; "
        "another zone in 30 s, valid in only one of the two in 30 s",
    ]
    assert differences(["own"], logs[:1]) == []
    assert [(e.start_s, e.zone) for e in logs[1].excursions] == [(60.0, "above")]


def reading(t_s: float, zone: str) -> Any:
    from monitor.core.results import Reason, Status, ZoneReading

    fields: dict[str, Any] = dict.fromkeys(ZoneReading._fields, NAN)
    since_s = 60.0 if zone == "above" else 0.0
    fields |= {
        "participant": "C07",
        "t_centre_s": t_s,
        "zone": zone,
        "since_s": since_s,
        "note": "",
        "near": "",
    }
    return ZoneReading(**fields | {"status": Status.OK, "reason": Reason.NONE})
