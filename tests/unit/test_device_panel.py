"""How devices are shown: a table in a terminal, lines and JSON elsewhere."""

import io
import json

import pytest
from rich.console import Console

from devices.errors import Reason
from devices.panel import Panel, status_json
from devices.panel_table import PanelTable
from devices.status import State, Status

LONG = (
    "Polar H10 C07 is not in reach. Wear the strap, moisten its electrodes, and bring it within a few metres; "
    "another program or phone may hold it: close that one, or switch Bluetooth off there."
)


def streaming(name="Polar H10 C07", **changes):
    facts = {
        "device": name,
        "state": State.STREAMING,
        "since_s": 100.0,
        "rates_hz": {"ECG": 130.16, "ACC": 49.9, "RR": 1.1},
        "declared_hz": {"ECG": 130.0, "ACC": 50.0, "RR": 0.0},
        "battery_percent": 87,
        "worn": True,
        "n_lost": 73,
        "n_connections": 1,
        "delay_s": 0.045,
    }
    return Status(**(facts | changes))


def lost(name="Polar H10 C07", **changes):
    facts = {
        "device": name,
        "state": State.LOST,
        "since_s": 200.0,
        "reason": Reason.NOT_FOUND,
        "text": LONG,
        "declared_hz": {"ECG": 130.0},
    }
    return Status(**(facts | changes))


def drawn(*statuses, width=80, height=24, names=None):
    console = Console(file=io.StringIO(), width=width, height=height, force_terminal=True, color_system=None)
    table = PanelTable(console, names or [status.device for status in statuses], clock=lambda: 465.0)
    for status in statuses:
        table.show(status)
    console.print(table.render())
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 140])
def test_a_line_holds_all_figures(width):
    text = drawn(streaming(), width=width)
    for part in (
        "Polar H10 C07",
        "streaming",
        "ECG 130.2/130",
        "RR 1.1",
        "87 %",
        "yes",
        "73",
    ):
        assert part in text
    assert "45 ms" in text
    assert "6:05" in text
    assert max(map(len, text.splitlines())) <= width


def test_the_cure_of_the_newest_trouble_is_shown_whole():
    text = drawn(
        streaming("A"), lost("B"), lost("C", since_s=300.0, text="C fell silent. Wear it."), names="ABC"
    )
    assert "C fell silent. Wear it." in text
    assert "Also in trouble: B" in text
    assert "switch Bluetooth off there" in " ".join(drawn(lost()).split())


def test_a_device_that_is_looked_for_again_is_still_called_lost():
    text = " ".join(drawn(lost(state=State.SEARCHING), width=140).split())
    assert "lost, looking for it" in text


def test_trouble_is_said_in_words_not_by_colour_alone():
    text = drawn(streaming(battery_percent=9, worn=False, delay_s=3.2))
    for part in ("9 % low", "NO", "3.2 s!"):
        assert part in text


def test_what_is_unknown_is_a_dash():
    text = drawn(streaming(battery_percent=None, worn=None))
    assert text.count("–") == 2


def test_many_devices_leave_the_rates_out_rather_than_the_trouble():
    names = [f"Polar H10 P{index:02d}" for index in range(12)]
    text = drawn(*[streaming(name) for name in names[:-1]], lost(names[-1]), names=names)
    assert len(text.splitlines()) <= 24
    assert "130.2" not in text
    assert "not in reach" in text


def test_a_name_with_markup_is_shown_as_it_is():
    assert "[red]x[/red]" in drawn(streaming("[red]x[/red]"))


def shown(statuses, **options):
    console = Console(file=io.StringIO(), width=80)
    with Panel(console, ["Polar H10 C07"], **options) as panel:
        for status in statuses:
            panel.show(status)
    return console.file.getvalue().splitlines()


def test_without_a_terminal_there_is_one_line_per_change_of_state():
    lines = shown(
        [
            streaming(state=State.SEARCHING),
            streaming(),
            streaming(n_lost=80),
            lost(),
            lost(state=State.SEARCHING),
            lost(),
            streaming(),
        ]
    )
    assert [line.split(" ", 1)[1].split(": ")[1] for line in lines] == [
        "looking for it",
        "streaming",
        "lost, trying again",
        "streaming",
    ]
    assert LONG in lines[2]


def test_for_programs_every_status_is_one_line_of_json():
    lines = shown([streaming(), lost(text="two\nlines", delay_s=float("nan"))], as_json=True)
    first, second = map(json.loads, lines)
    assert first["state"] == "streaming"
    assert first["rates_hz"] == {"ECG": 130.16, "ACC": 49.9, "RR": 1.1}
    assert (second["reason"], second["text"], second["delay_s"]) == ("not_found", "two\nlines", None)
    assert json.loads(status_json(streaming())) == first


def test_a_reader_that_has_gone_is_told_of_once_and_costs_nothing():
    class Broken(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    closed = []
    panel = Panel(Console(file=Broken()), ["x"], as_json=True, on_closed=lambda: closed.append(True))
    panel.show(streaming())
    panel.show(streaming())
    assert closed == [True]


def test_a_terminal_gets_the_table_and_its_cursor_back():
    console = Console(file=io.StringIO(), width=100, height=30, force_terminal=True, color_system=None)
    with Panel(console, ["Polar H10 C07"], clock=lambda: 465.0) as panel:
        panel.show(streaming())
    text = console.file.getvalue()
    assert "streaming" in text
    assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")
