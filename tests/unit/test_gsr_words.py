"""The GSR board: words to conductance and back, and the marks of a range switch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.gsr import (
    AUTO_RANGE,
    LEAST_WORN_MICROSIEMENS,
    SwitchWatch,
    adc_of,
    conductance_microsiemens,
    range_step,
    ranges_of,
    settled_range,
    switch_flags,
    words_microsiemens,
    words_of,
)


@pytest.mark.parametrize(
    ("kiloohm", "gsr_range", "lsb_microsiemens"),
    [(20.0, 0, 0.037), (100.0, 1, 0.0052), (400.0, 2, 0.0015), (2000.0, 3, 0.00045)],
)
def test_a_resistor_reads_as_itself_within_half_a_step_of_the_converter(kiloohm, gsr_range, lsb_microsiemens):
    true = np.array([1000.0 / kiloohm])
    read = words_microsiemens(words_of(adc_of(true, gsr_range), gsr_range))
    assert abs(read[0] - true[0]) <= lsb_microsiemens / 2


def test_the_amplifier_equation_by_hand():
    # 2048 counts are 1.50037 V; R = 287 / (1.50037 / 0.5 - 1) = 143.45 kiloohm.
    volts = 2048 * 3.0 / 4095
    assert conductance_microsiemens(np.array([2048.0]), 1)[0] == pytest.approx(
        1000 / (287 / (volts / 0.5 - 1))
    )


@pytest.mark.parametrize("gsr_range", range(4))
def test_an_open_circuit_is_far_below_what_skin_conducts_in_every_range(gsr_range):
    words = words_of(np.arange(684.0), gsr_range)
    assert np.all(words_microsiemens(words) < LEAST_WORN_MICROSIEMENS)
    assert np.all(words_microsiemens(words) > 0.0)


def test_nothing_is_above_what_8_kiloohm_conduct():
    every = np.arange(0x1000, dtype=np.uint16)
    assert all(words_microsiemens(every, i).max() <= 125.0 for i in range(4))


def test_a_fixed_range_is_taken_from_the_setting_and_not_from_the_word():
    word = np.array([2000], dtype=np.uint16)
    assert words_microsiemens(word, 3)[0] == conductance_microsiemens(np.array([2000.0]), 3)[0]
    assert ranges_of(word, 3)[0] == 3
    assert ranges_of(np.array([0xC000 + 2000], dtype=np.uint16), AUTO_RANGE)[0] == 3


@given(st.floats(0.2, 100.0))
def test_the_settled_range_is_one_the_firmware_does_not_leave(microsiemens):
    level = np.array([microsiemens])
    found = settled_range(microsiemens)
    assert range_step(adc_of(level, found), found)[0] == 0


def test_samples_within_reach_of_a_switch_are_marked_on_both_sides():
    ticks = np.arange(0, 6400, 640)
    ranges = np.array([2, 2, 2, 2, 2, 3, 3, 3, 3, 3])
    assert switch_flags(ticks, ranges, 1280).tolist() == [False] * 3 + [True] * 5 + [False] * 2


def test_without_a_switch_nothing_is_marked():
    assert not switch_flags(np.arange(5), np.zeros(5, dtype=np.int64), 10).any()
    assert switch_flags(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), 10).size == 0


@given(st.data())
def test_flags_do_not_depend_on_how_the_stream_was_cut(data):
    n = data.draw(st.integers(1, 120))
    steps = data.draw(st.lists(st.sampled_from((640, 640, 640, 1280, 6400)), min_size=n, max_size=n))
    ticks = np.cumsum(steps)
    ranges = np.repeat(data.draw(st.lists(st.integers(0, 3), min_size=n // 7 + 1, max_size=n // 7 + 1)), 7)[
        :n
    ]
    cuts = sorted(data.draw(st.lists(st.integers(0, n), max_size=15)))
    watch = SwitchWatch(3277)
    given_ = [watch.push(t, r) for t, r in zip(np.split(ticks, cuts), np.split(ranges, cuts), strict=True)]
    flags = np.concatenate([*given_, watch.flush()])
    assert flags.tolist() == switch_flags(ticks, ranges, 3277).tolist()


def test_a_flag_is_given_once_a_tenth_of_a_second_has_followed():
    watch = SwitchWatch(3277)
    ticks = np.arange(20) * 640
    n_given = [len(watch.push(ticks[i : i + 1], np.zeros(1, dtype=np.int64))) for i in range(20)]
    assert n_given == [0] * 6 + [1] * 14
