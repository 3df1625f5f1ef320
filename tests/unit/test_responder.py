"""Whether a skin that responds is told from one that does not."""

import pytest

from monitor.core.responder import responder


@pytest.mark.parametrize(
    ("scl_us", "n_scr", "expected"),
    [(5.0, 3, True), (1.0, 1, True), (0.9, 3, False), (5.0, 0, False), (float("nan"), 3, False)],
)
def test_skin_that_does_not_respond_carries_no_information(scl_us: float, n_scr: int, expected: bool) -> None:
    assert responder(scl_us, n_scr) is expected
