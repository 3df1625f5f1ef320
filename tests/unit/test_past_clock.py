"""When a key was pressed, on a clock that need not run at the pace of the wall."""

import pytest

from monitor.lsl.past import KEPT_S, PastClock


class Clocks:
    """A wall, and a clock that runs at a pace of its own."""

    def __init__(self, pace: float = 1.0) -> None:
        self.wall_s = 1000.0
        self.clock_s = 50.0
        self.pace = pace
        self.past = PastClock(lambda: self.clock_s, lambda: self.wall_s)

    def run(self, seconds: float, every_s: float = 0.2) -> None:
        for _ in range(round(seconds / every_s)):
            self.wall_s += every_s
            self.clock_s += every_s * self.pace
            self.past.note()


@pytest.mark.parametrize("pace", [1.0, 15.0, 0.5])
def test_an_age_is_of_the_wall_whatever_the_pace_of_the_clock(pace: float) -> None:
    clocks = Clocks(pace)
    clocks.run(20.0)
    for age_s in (0.0, 0.13, 0.2, 3.0, 19.0):
        assert clocks.past.at(age_s) == pytest.approx(clocks.clock_s - age_s * pace)


def test_the_present_is_what_the_clock_says_now() -> None:
    clocks = Clocks(3.0)
    assert clocks.past.at(0.0) == 50.0
    clocks.run(1.0)
    clocks.clock_s += 0.01
    assert clocks.past.at(0.0) == clocks.clock_s
    assert clocks.past.at(-1.0) == clocks.clock_s


def test_a_change_of_pace_is_followed() -> None:
    clocks = Clocks(1.0)
    clocks.run(10.0)
    at_change_s, clocks.pace = clocks.clock_s, 10.0
    clocks.run(10.0)
    assert clocks.past.at(10.0) == pytest.approx(at_change_s)
    assert clocks.past.at(5.0) == pytest.approx(at_change_s + 50.0)


def test_before_the_first_tick_the_clock_is_taken_to_go_with_the_wall() -> None:
    clocks = Clocks(10.0)
    clocks.past.note()
    clocks.run(1.0)
    assert clocks.past.at(3.0) == pytest.approx(50.0 - 2.0)


def test_the_past_is_bounded() -> None:
    clocks = Clocks()
    clocks.run(3.0 * KEPT_S)
    assert len(clocks.past._pairs) <= KEPT_S / 0.2 + 2
    assert clocks.past.at(60.0) == pytest.approx(clocks.clock_s - 60.0)
