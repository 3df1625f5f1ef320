"""SUSY against the definition written as plain loops, its traps, and when no number is given."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.results import Reason, Status
from monitor.core.synchrony.pair import Choices, Pair
from monitor.core.synchrony.susy import SUSY, Susy, susy

Array = NDArray[np.float64]
RATE_HZ = 4.0
CHOICES = Choices()


def noise(n: int, seed: int) -> Array:
    return np.random.default_rng(seed).normal(size=n)


def smooth(n: int, seed: int) -> Array:
    return np.convolve(noise(n + 9, seed), np.ones(10) / 10, mode="valid")


def pair(x: Array, y: Array) -> Pair:
    return Pair("C07", "T02", "eda", RATE_HZ, 100.0, x.cumsum(), y.cumsum(), x, y)


def ccf(x: Array, y: Array, k: int) -> float:
    """Correlation at one lag in the convention of R: x of t + k beside y of t."""
    x, y = x - x.mean(), y - y.mean()
    pairs = [(x[t + k], y[t]) for t in range(x.size) if 0 <= t + k < x.size]
    return float(sum(a * b for a, b in pairs) / np.sqrt((x**2).sum() * (y**2).sum()))


def z_tables(x: Array, y: Array, length: int, longest: int) -> tuple[Array, Array]:
    n = x.size // length
    cut_x, cut_y = (one[: n * length].reshape(n, length) for one in (x, y))
    lags = range(-longest, longest + 1)
    z = np.arctanh([[[ccf(cut_x[i], cut_y[h], k) for k in lags] for h in range(n)] for i in range(n)])
    same = np.eye(n, dtype=bool)
    return z[same], z[~same]


def test_every_number_is_that_of_plain_loops() -> None:
    x, y = smooth(430, 1), smooth(430, 2)
    found = susy(x, y, rate_hz=RATE_HZ, segment_s=12.5, lag_s=2.0)
    real, pseudo = z_tables(x, y, 50, 8)
    assert found.n_segments == 8
    assert found.n_lags == 17
    np.testing.assert_allclose(found.real_z, np.abs(real).mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.pseudo_z, np.abs(pseudo).mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.real_z_no_abs, real.mean(axis=0), rtol=1e-11)
    np.testing.assert_allclose(found.pseudo_z_no_abs, pseudo.mean(axis=0), rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(found.real_r, np.abs(np.tanh(real)).mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.pseudo_r, np.abs(np.tanh(pseudo)).mean(axis=0), rtol=1e-12)
    assert found.z == pytest.approx(np.abs(real).mean())
    assert found.es == pytest.approx((found.z - found.z_pseudo) / np.abs(pseudo).mean(axis=0).std(ddof=1))


def test_what_is_left_after_the_last_segment_is_ignored() -> None:
    x, y = smooth(1320, 3), smooth(1320, 4)
    whole, cut = (susy(x[:n], y[:n], rate_hz=RATE_HZ) for n in (1319, 1200))
    assert whole.n_segments == cut.n_segments == 10
    assert whole.z == cut.z
    assert whole.es == cut.es


def test_a_segment_without_variance_adds_nothing_but_stays_in_the_divisor() -> None:
    x, y = smooth(1200, 5), smooth(1200, 6)
    kept = np.ones(1200, dtype=bool)
    kept[240:360] = False
    flat = np.where(kept, x, 0.3)
    found, without = susy(flat, y, rate_hz=RATE_HZ), susy(x[kept], y[kept], rate_hz=RATE_HZ)
    assert found.n_segments == 10
    assert found.n_varying == 9
    assert found.z == pytest.approx(without.z * 9 / 10)
    # The y of the flat segment still makes pseudo pairs, so that 81 of 90 have a correlation.
    assert found.z_pseudo < 81 / 90 * 1.05 * without.z_pseudo


def test_the_effect_size_is_no_z_of_the_session() -> None:
    beyond = [
        abs(susy(smooth(6000, 2 * i), smooth(6000, 2 * i + 1), rate_hz=RATE_HZ).es_no_abs) > 1.96
        for i in range(12)
    ]
    assert sum(beyond) >= 6


def test_a_follower_shows_at_negative_lags_in_the_convention_of_r_and_positive_in_ours() -> None:
    x = smooth(2400, 7)
    y = np.roll(x, 8) + 0.1 * noise(2400, 8)
    found = susy(x, y, rate_hz=RATE_HZ)
    assert found.lag_s[found.real_z.argmax()] == -2.0
    assert found.z_lead1 > found.z_lead2
    result = SUSY.compute(pair(x, y), CHOICES)
    assert result.series["lag_s"][result.series["real_z"].argmax()] == 2.0
    assert np.all(np.diff(result.series["lag_s"]) > 0.0)
    assert result.values["z_lead1"] == found.z_lead1


def numbers(found: Susy) -> list[float]:
    return [found.z, found.z_pseudo, found.es, found.es_no_abs, found.es_lead1, found.es_lead2]


def test_a_gap_makes_its_segment_missing_and_moves_no_other() -> None:
    x, y = smooth(2400, 9), smooth(2400, 10)
    holed = x.copy()
    holed[1000:1047] = np.nan
    kept = np.ones(2400, dtype=bool)
    kept[960:1080] = False
    found = susy(holed, y, rate_hz=RATE_HZ)
    assert (found.n_segments, found.n_missing) == (19, 1)
    assert numbers(found) == numbers(susy(x[kept], y[kept], rate_hz=RATE_HZ))


def test_a_longer_gap_of_whole_segments_changes_nothing() -> None:
    x, y = smooth(2400, 11), smooth(2400, 12)
    holes = [np.full(120 * n, np.nan) for n in (1, 7)]
    found = [
        susy(*(np.concatenate((one[:1200], hole, one[1200:])) for one in (x, y)), rate_hz=RATE_HZ)
        for hole in holes
    ]
    assert numbers(found[0]) == numbers(found[1]) == numbers(susy(x, y, rate_hz=RATE_HZ))


@pytest.mark.parametrize(("n_missing", "n_segments"), [(24, 20), (25, 19)])
def test_a_segment_counts_when_four_fifths_are_valid_in_both(n_missing: int, n_segments: int) -> None:
    x, y = smooth(2400, 13), smooth(2400, 14)
    x[240:252] = np.nan
    y[252 : 240 + n_missing] = np.nan
    assert susy(x, y, rate_hz=RATE_HZ).n_segments == n_segments


def test_no_segment_gives_no_number_and_no_error() -> None:
    found = susy(smooth(60, 1), smooth(60, 2), rate_hz=RATE_HZ)
    assert found.n_segments == 0
    assert np.isnan([found.z, found.z_pseudo, found.es, found.sd_z_pseudo_no_abs]).all()


@pytest.mark.parametrize("choice", [{"lag_s": 30.0}, {"lag_s": -1.0}, {"segment_s": 0.25}, {"rate_hz": 0.0}])
def test_choices_that_make_no_sense_are_refused(choice: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"make no sense|makes no sense"):
        susy(noise(1200, 1), noise(1200, 2), **({"rate_hz": RATE_HZ} | choice))


def test_series_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        susy(noise(1200, 1), noise(1201, 2), rate_hz=RATE_HZ)


def test_fewer_than_ten_segments_give_no_number() -> None:
    result = SUSY.compute(pair(smooth(1199, 1), smooth(1199, 2)), CHOICES)
    assert (result.status, result.reason, result.values) == (Status.NA, Reason.TOO_FEW_SEGMENTS, {})
    assert "10 are needed" in result.text


def test_ten_segments_are_low_and_twenty_are_enough() -> None:
    low = SUSY.compute(pair(smooth(1200, 1), smooth(1200, 2)), CHOICES)
    sure = SUSY.compute(pair(smooth(2400, 1), smooth(2400, 2)), CHOICES)
    assert (low.status, low.reason) == (Status.LOW, Reason.TOO_FEW_SEGMENTS)
    assert (sure.status, sure.reason, sure.text) == (Status.OK, Reason.NONE, "")
    assert sure.values["z"] == susy(smooth(2400, 1), smooth(2400, 2), rate_hz=RATE_HZ).z


def flat(x: Array) -> Array:
    return np.full_like(x, 0.1)


def mostly_flat(x: Array) -> Array:
    return np.where(np.arange(x.size) < 1600, 0.1, x)


@pytest.mark.parametrize("change", [flat, mostly_flat])
@pytest.mark.parametrize("other_way", [False, True])
def test_a_signal_that_does_not_vary_gives_no_number(
    change: Callable[[Array], Array], other_way: bool
) -> None:
    x, y = change(smooth(2400, 1)), smooth(2400, 2)
    result = SUSY.compute(pair(y, x) if other_way else pair(x, y), CHOICES)
    assert (result.status, result.reason, result.values) == (Status.NA, Reason.ZERO_VARIANCE, {})


def test_a_raw_signal_that_does_not_vary_gives_no_number_even_if_rounding_does() -> None:
    made = pair(1e-17 * smooth(2400, 1), smooth(2400, 2))._replace(raw_x=np.full(2400, 3.7))
    assert SUSY.compute(made, CHOICES).reason is Reason.ZERO_VARIANCE


def test_one_segment_without_variance_makes_the_rest_unsure() -> None:
    x = smooth(2400, 1)
    x[240:360] = 0.2
    result = SUSY.compute(pair(x, smooth(2400, 2)), CHOICES)
    assert (result.status, result.reason) == (Status.LOW, Reason.ZERO_VARIANCE)


def test_the_same_signal_given_twice_gives_no_number() -> None:
    x = smooth(2400, 1)
    result = SUSY.compute(pair(x, x.copy()), CHOICES)
    assert (result.status, result.reason) == (Status.NA, Reason.NO_DATA)
    assert "same signal" in result.text


def test_nothing_valid_in_both_gives_no_number() -> None:
    x, y = smooth(2400, 1), smooth(2400, 2)
    x[:1200] = np.nan
    y[1200:] = np.nan
    assert SUSY.compute(pair(x, y), CHOICES).reason is Reason.NO_DATA
