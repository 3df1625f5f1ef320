"""The strap's own RR intervals against those of its ECG."""

import math

from monitor.core.agreement import StrapAgreement
from monitor.core.results import NAN, Estimate, Reason, Status, missing


def speed(mean_ms: float) -> Estimate:
    return Estimate(-math.log(mean_ms / 1000.0), NAN, Status.OK, Reason.NONE, 1.0)


def test_a_difference_that_alternates_is_no_difference() -> None:
    agreement = StrapAgreement()
    texts = [agreement.note(speed(850.0), speed(850.0 + (6.0 if i % 2 else -6.0))) for i in range(30)]
    assert not any(texts)


def test_a_scale_off_by_two_and_a_half_percent_is_told_once_within_a_minute() -> None:
    agreement = StrapAgreement()
    texts = [agreement.note(speed(850.0), speed(850.0 * 1.024)) for _ in range(30)]
    first = next(i for i, text in enumerate(texts) if text)
    assert first * 5 <= 60
    assert sum(bool(text) for text in texts) == 1
    assert "+20.4 ms" in texts[first]


def test_missing_seconds_say_nothing() -> None:
    agreement = StrapAgreement()
    assert not any(agreement.note(missing(Reason.GAP), speed(850.0)) for _ in range(30))
