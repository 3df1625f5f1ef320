"""The terminal panel, from snapshots."""

import io
import threading

import numpy as np
import pytest
from rich.console import Console

from monitor.board.board import Board
from monitor.core.events import Chunk, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import NAN, MarkerRow, Notice, Reason, Status
from monitor.views.terminal import render, show, status_line
from monitor.views.words import MARKERS, delay_text, number_text, rate_text, recording_text

FORBIDDEN = ("safe", "normal", "stress", "emotion:", "in sync", "alarm")


@pytest.fixture
def board() -> Board:
    board = Board()
    board.note_people([("C07", "client"), ("T02", "therapist")])
    for number, (modality, rate_hz) in enumerate([(Modality.ECG, 130.0), (Modality.EDA, 50.0)], 1):
        info = StreamInfo(
            stream_id=number,
            name="[red]H10[/red]",
            type="x",
            channel_count=1,
            nominal_rate_hz=rate_hz,
            channel_format="float32",
        )
        role = Binding(channel=0, key=StreamKey("C07", modality), unit="", scale=1.0, reason="")
        board.note_event(StreamOpened(info, (role,)))
        stamps = np.arange(round(5 * rate_hz)) / rate_hz
        board.note_event(Chunk(number, stamps, np.ones((stamps.size, 1))))
    board.set_origin(0.0)
    rows = [
        ("hr_bpm", 72.4, "bpm"),
        ("ln_rmssd", 3.614, "ln ms"),
        ("scl_us", 4.1, "uS"),
        ("scr_per_min", 5, "1/min"),
    ]
    board.note_results(
        MarkerRow("C07", m, -26.0, 5.0, v, NAN, u, Status.OK, Reason.NONE, 60.0, 1.0) for m, v, u in rows
    )
    board.note_recording({"state": "recording", "seconds": 1872.0, "disk_hours": 41.0, "bytes": 10})
    board.note_event(Tick(5.0, NAN))
    return board


def drawn(board: Board, width: int = 140) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(render(board.snapshot()))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


def test_a_running_session_shows_people_streams_and_recorder(board: Board) -> None:
    text = drawn(board)
    for part in (
        "CLIENT",
        "72 bpm",
        "3.61",
        "4.10 µS",
        "5 /min",
        "130 / 130.0 Hz",
        "recording · 31:12 · disk 41 h",
    ):
        assert part in text
    assert "THERAPIST" in text
    assert "no sensor found" in text
    assert "Research use." in text
    assert "about 35 s after" in text
    assert "[red]H10[/red]" in text


def test_a_lost_sensor_is_named_and_its_numbers_are_gone(board: Board) -> None:
    board.note_event(StreamLost(2, 5.0, "gone"))
    text = drawn(board, 200)
    assert "one sensor lost: EDA (no data since 00:04)" in text
    assert "4.10" not in text
    assert "72 bpm" in text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"state": "error", "error": "No space left on device"}, "Recording fails: No space left"),
        ({"state": "recording", "disk_hours": 0.2}, "Disk nearly full: 12 min left"),
    ],
)
def test_trouble_of_the_recorder_is_told(board: Board, state: dict[str, object], words: str) -> None:
    board.note_recording(state)
    assert words in drawn(board)
    assert words in status_line(board.snapshot())


def test_an_empty_board_says_what_to_do() -> None:
    assert "Switch the sensors on" in drawn(Board())
    assert "nothing found" in status_line(Board().snapshot())


def test_a_line_is_one_line_with_every_person(board: Board) -> None:
    board.note_results([Notice(1.0, "s", "l", "two\nlines")])
    line = status_line(board.snapshot())
    assert "\n" not in line
    assert "C07 HR 72 lnRMSSD 3.61 SCL 4.10 SCR rate 5" in line


def test_no_word_claims_more_than_is_measured(board: Board) -> None:
    text = (drawn(board) + status_line(board.snapshot())).lower().replace("does not measure safety", "")
    assert not [word for word in FORBIDDEN if word in text]


def test_without_a_terminal_plain_lines_are_written_until_the_end(board: Board) -> None:
    stop = threading.Event()
    console = Console(file=io.StringIO(), force_terminal=False, width=40)
    reads = []

    def read() -> object:
        reads.append(1)
        if len(reads) == 3:
            stop.set()
        return board.snapshot()

    show(read, stop, console=console, line_every_s=0.001)  # type: ignore[arg-type]
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert 3 <= len(lines) <= 4
    assert all("C07 HR 72" in line for line in lines)


def test_on_a_terminal_the_panel_is_redrawn(board: Board) -> None:
    stop = threading.Event()
    stop.set()
    console = Console(file=io.StringIO(), force_terminal=True, width=120, height=40)
    show(board.snapshot, stop, console=console)
    assert "C07" in console.file.getvalue()  # type: ignore[attr-defined]


def test_numbers_are_written_with_the_digits_of_their_marker() -> None:
    assert number_text("hr_bpm", 72.5001) == "73"
    assert number_text("z_eda", -0.01) == "0.0"
    assert number_text("unheard_of", 1.0) == "1.00"
    assert number_text("hr_bpm", None) == number_text("hr_bpm", NAN) == "–"
    assert len(MARKERS) == 15


def test_small_words(board: Board) -> None:
    snapshot = board.snapshot()
    stream = snapshot["streams"][0]
    assert rate_text({**stream, "declared_hz": 0.0, "measured_hz": None}) == "irregular"
    assert (
        recording_text({**snapshot["recording"], "state": "off", "disk_hours": 1.0})
        == "not recording · disk 60 min"
    )
    assert delay_text(Board().snapshot()) == "changes appear about 35 s after they happen"
