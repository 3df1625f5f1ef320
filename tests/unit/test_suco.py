"""Surrogate concordance against plain loops, and when no number is given."""

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.results import Reason, Status
from monitor.core.synchrony.pair import Choices, MethodResult, Pair
from monitor.core.synchrony.suco import SUCO, Suco, suco

Array = NDArray[np.float64]
RATE_HZ = 4.0


def walk(n: int, seed: int) -> Array:
    return np.random.default_rng(seed).normal(size=n).cumsum()


def compute(x: Array, y: Array) -> MethodResult:
    return SUCO.compute(
        Pair("C07", "T02", "eda", RATE_HZ, 100.0, x, y, np.gradient(x), np.gradient(y)), Choices()
    )


def segment_slopes(x: Array) -> Array:
    n = x.size // 40
    t = np.arange(8) / RATE_HZ
    return np.array(
        [[np.polyfit(t, x[40 * i + 4 * j : 40 * i + 4 * j + 8], 1)[0] for j in range(9)] for i in range(n)]
    )


def test_every_number_is_that_of_plain_loops() -> None:
    x, y = walk(1213, 1), walk(1213, 2)
    found = suco(x, y, rate_hz=RATE_HZ)
    a, b = segment_slopes(x), segment_slopes(y)
    r = np.array([[np.corrcoef(one, other)[0, 1] for other in b] for one in a])
    same = np.eye(30, dtype=bool)
    real, pseudo = np.arctanh(r[same]), np.arctanh(r[~same])
    assert found.n_segments == found.n_varying == 30
    assert found.z == pytest.approx(real.mean())
    assert found.z_pseudo == pytest.approx(pseudo.mean())
    assert found.sd_pseudo == pytest.approx(pseudo.std(ddof=1))
    assert found.es == pytest.approx((real.mean() - pseudo.mean()) / pseudo.std(ddof=1))
    assert found.z_abs == pytest.approx(np.abs(real).mean())
    assert found.es_abs == pytest.approx(
        (np.abs(real).mean() - np.abs(pseudo).mean()) / np.abs(pseudo).std(ddof=1)
    )
    for index, values in ((found.index, r[same]), (found.index_pseudo, r[~same])):
        assert index == pytest.approx(np.log(values[values > 0].sum() / -values[values < 0].sum()))


def without(x: Array, segment: int) -> Array:
    return np.delete(x, np.arange(40 * segment, 40 * segment + 40))


def test_a_gap_makes_its_segment_missing_and_moves_no_other() -> None:
    x, y = walk(1200, 3), walk(1200, 4)
    holed = x.copy()
    # Three samples in segment 12, one of them under two slopes of nine: more than a fifth.
    holed[488:491] = np.nan
    found = suco(holed, y, rate_hz=RATE_HZ)
    assert found.n_segments == 29
    # The levels beside the cut differ, the slopes inside segments do not.
    assert found == suco(without(x, 12), without(y, 12), rate_hz=RATE_HZ)


def test_a_longer_gap_of_whole_segments_changes_nothing() -> None:
    x, y = walk(1200, 5), walk(1200, 6)
    found = [
        suco(
            *(np.concatenate((one[:600], np.full(40 * n, np.nan), one[600:])) for one in (x, y)),
            rate_hz=RATE_HZ,
        )
        for n in (1, 9)
    ]
    assert found[0] == found[1] == suco(x, y, rate_hz=RATE_HZ)


def test_segments_without_variance_are_counted_and_left_out() -> None:
    x, y = walk(1200, 7), walk(1200, 8)
    x[400:440] = x[400]
    found = suco(x, y, rate_hz=RATE_HZ)
    assert (found.n_segments, found.n_varying) == (30, 29)
    assert found.z == pytest.approx(suco(without(x, 10), without(y, 10), rate_hz=RATE_HZ).z)


def test_coupled_signals_agree_within_segments_more_than_across_them() -> None:
    x = walk(2400, 9)
    found = suco(x, x + walk(2400, 10), rate_hz=RATE_HZ)
    assert found.es > 0.5
    assert found.index > 1.0
    assert abs(found.index_pseudo) < 0.2


def test_too_little_gives_no_number_and_no_error() -> None:
    found = suco(walk(30, 1), walk(30, 2), rate_hz=RATE_HZ)
    assert found.n_segments == 0
    assert np.isnan([found.z, found.z_pseudo, found.sd_pseudo, found.es, found.index]).all()


@pytest.mark.parametrize(
    "choice", [{"step_s": 3.0}, {"slope_s": 0.25}, {"segment_s": 2.0}, {"step_s": 0.0}, {"rate_hz": 0.0}]
)
def test_choices_that_make_no_sense_are_refused(choice: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"makes? no sense"):
        suco(walk(1200, 1), walk(1200, 2), **({"rate_hz": RATE_HZ} | choice))


def test_series_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        suco(walk(100, 1), walk(101, 2), rate_hz=RATE_HZ)


def test_the_method_gives_every_number() -> None:
    x, y = walk(2400, 11), walk(2400, 12)
    result = compute(x, y)
    assert (result.status, result.reason) == (Status.OK, Reason.NONE)
    assert set(result.values) == set(Suco.__dataclass_fields__)
    assert result.values["es"] == suco(x, y, rate_hz=RATE_HZ).es


def test_a_ratio_that_explodes_is_not_shown() -> None:
    x = walk(2400, 13)
    result = compute(x, x + 0.01 * walk(2400, 14))
    assert result.status is Status.OK
    assert np.isnan(result.values["index"])
    assert result.values["z"] > 2.0


def mostly_flat(x: Array) -> Array:
    return np.where(np.arange(x.size) < 1600, 0.0, x)


def test_short_constant_and_doubled_signals_give_no_number() -> None:
    x, y = walk(2400, 15), walk(2400, 16)
    cases = [
        (Reason.TOO_FEW_SEGMENTS, (x[:900], y[:900])),
        (Reason.ZERO_VARIANCE, (x, np.full(2400, 3.7))),
        (Reason.ZERO_VARIANCE, (mostly_flat(x), y)),
        (Reason.NO_DATA, (x, x.copy())),
        (Reason.NO_DATA, (np.full(2400, np.nan), y)),
    ]
    for reason, both in cases:
        result = compute(*both)
        assert (result.status, result.reason, result.values) == (Status.NA, reason, {})
        assert result.text


def test_holes_in_every_segment_give_no_number() -> None:
    x, y = walk(4800, 17), walk(4800, 18)
    x[::16] = np.nan
    assert compute(x, y).reason is Reason.TOO_FEW_SEGMENTS


def test_below_twice_the_minimum_a_number_is_unsure() -> None:
    result = compute(walk(1600, 19), walk(1600, 20))
    assert (result.status, result.reason) == (Status.LOW, Reason.TOO_FEW_SEGMENTS)
