"""Notes of the application bear the moment they were said, on the clock of the recording."""

import time

import pytest

from monitor.core.events import Annotation, Event, Tick
from monitor.lsl.binding import local_clock
from monitor.lsl.source import LslSource
from monitor.room import Room

pytestmark = pytest.mark.lsl


def test_a_key_pressed_a_second_ago_is_stamped_a_second_ago_at_any_pace_of_the_clock() -> None:
    begin_s, pace = local_clock(), 8.0
    source = LslSource(
        Room.from_options([], "C07", None),
        clock=lambda: begin_s + pace * (local_clock() - begin_s),
        tick_s=0.05,
        settle_s=0.1,
    )
    events: list[Event] = []
    stamps: list[tuple[float, float]] = []
    for event in source:
        events.append(event)
        if isinstance(event, Tick) and event.now_s > begin_s + 1.5 * pace and not stamps:
            pressed = time.monotonic() - 1.0
            now_s = begin_s + pace * (local_clock() - begin_s)
            at_s = source.annotate("note", "1 rupture therapist", time.monotonic() - pressed)
            stamps.append((now_s, at_s))
            source.stop()
    ((now_s, at_s),) = stamps
    assert at_s == pytest.approx(now_s - pace, abs=0.5)
    assert Annotation(at_s, "note", "1 rupture therapist") in events
