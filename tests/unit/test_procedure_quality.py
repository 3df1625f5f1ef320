"""What the person is told of the signals."""

import pytest

from calibration.procedure import SecondQuality, quality_lines

GOOD_SECOND = SecondQuality(1, True)


@pytest.mark.parametrize(
    ("window", "lines"),
    [
        ([], [("waiting for signals", False)]),
        ([GOOD_SECOND] * 10, [("signals good", True)]),
        (
            [GOOD_SECOND] * 7 + [GOOD_SECOND._replace(weak=True)] * 3,
            [("signals weak: please check the sensors", False)],
        ),
        (
            [GOOD_SECOND] * 5 + [GOOD_SECOND._replace(valid=False)] * 5,
            [("signals come and go: please check the sensors", False)],
        ),
        ([GOOD_SECOND._replace(valid=False)] * 10, [("no usable signal: please check the sensors", False)]),
        (
            [GOOD_SECOND._replace(movement=True, arrhythmia=True)] * 10,
            [
                ("signals good", True),
                ("movement: please rest the hand", False),
                ("heart beat pattern unsuitable for this analysis", False),
            ],
        ),
        ([GOOD_SECOND] * 8 + [GOOD_SECOND._replace(movement=True)] * 2, [("signals good", True)]),
    ],
)
def test_the_quality_lines_say_what_is_wrong(
    window: list[SecondQuality], lines: list[tuple[str, bool]]
) -> None:
    assert list(quality_lines(window)) == lines
