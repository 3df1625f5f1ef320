"""When the vagal index is held for speech or breathing."""

import math
from collections.abc import Iterable

import pytest

from monitor.core.holds import START, VagalHold, confounded, step
from monitor.core.results import Estimate, Reason, Status, missing

NAN = math.nan


def run(
    rates: Iterable[float], *, share: float = 0.0, rest: float = NAN, state: VagalHold = START
) -> list[VagalHold]:
    states = []
    for rate in rates:
        known = rate == rate
        breathing = Estimate(rate, NAN, Status.OK, Reason.NONE, 1.0) if known else missing(Reason.NOISE)
        state = step(state, speech_share=share, breathing=breathing, resting_per_min=rest)
        states.append(state)
    return states


def held(rates: Iterable[float], **more: float) -> list[bool]:
    return [state.reason is Reason.RESP_CONFOUNDED for state in run(rates, **more)]


@pytest.mark.parametrize(("share", "reason"), [(0.2, Reason.SPEECH), (0.19, Reason.NONE), (NAN, Reason.NONE)])
def test_a_fifth_of_speech_holds_at_once(share: float, reason: Reason) -> None:
    assert run([14.0], share=share)[0].reason is reason


@pytest.mark.parametrize(
    ("rate", "rest", "out"),
    [
        (9.0, NAN, False), (8.9, NAN, True), (24.0, NAN, False), (24.1, NAN, True), (14.0, NAN, False),
        (16.0, 12.0, False), (16.1, 12.0, True), (8.0, 12.0, True), (9.0, 13.0, False), (9.0, 13.1, True),
    ],
)  # fmt: skip
def test_the_band_is_9_to_24_and_4_around_rest(rate: float, rest: float, out: bool) -> None:
    assert confounded(rate, rest) is out


def test_breathing_holds_from_the_tenth_second_out_of_band() -> None:
    assert held([6.0] * 12) == [False] * 9 + [True] * 3


def test_one_second_in_band_begins_the_count_anew() -> None:
    assert not any(held([6.0] * 9 + [14.0] + [6.0] * 9))


def test_it_ends_with_the_tenth_second_in_band() -> None:
    assert held([6.0] * 10 + [14.0] * 12)[10:] == [True] * 9 + [False] * 3


def test_one_second_out_of_band_keeps_it() -> None:
    assert all(held([6.0] * 10 + ([14.0] * 9 + [6.0]) * 3)[10:])


def test_after_release_it_needs_ten_new_seconds() -> None:
    assert held([6.0] * 10 + [14.0] * 10 + [6.0] * 10)[19:] == [False] * 10 + [True]


def test_missing_seconds_count_neither_way() -> None:
    assert held([6.0] * 5 + [NAN] * 20 + [6.0] * 5) == [False] * 29 + [True]
    assert held([6.0] * 10 + [14.0] * 5 + [NAN] * 20 + [14.0] * 5)[-6:] == [True] * 5 + [False]


def test_thirty_missing_seconds_release() -> None:
    assert held([6.0] * 10 + [NAN] * 31)[10:] == [True] * 29 + [False] * 2


def test_thirty_missing_seconds_forget_the_count() -> None:
    assert not any(held([6.0] * 9 + [NAN] * 30 + [6.0] * 9))


def test_a_missing_estimate_is_missing_whatever_number_it_carries() -> None:
    state = START
    for _ in range(20):
        estimate = Estimate(6.0, NAN, Status.NA, Reason.GAP, 0.0)
        state = step(state, speech_share=0.0, breathing=estimate)
    assert state == START._replace(n_missing=20)


def test_speech_is_named_first_and_breathing_goes_on_being_counted() -> None:
    states = run([6.0] * 10, share=0.5)
    assert states[-1].reason is Reason.SPEECH
    assert states[-1].breathing
    assert run([6.0], share=0.0, state=states[-1])[0].reason is Reason.RESP_CONFOUNDED


def test_a_step_leaves_the_state_before_as_it_was() -> None:
    before = run([6.0] * 9)[-1]
    copy = VagalHold(*before)
    assert run([6.0], state=before) == run([6.0], state=before)
    assert before == copy
