"""Concordance of slopes: the formula, its explosions, and when no number is given."""

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.results import Reason, Status
from monitor.core.synchrony.marci import LARGEST_INDEX, MARCI, marci, slopes
from monitor.core.synchrony.pair import Choices, MethodResult, Pair

Array = NDArray[np.float64]
RATE_HZ = 4.0


def walk(n: int, seed: int) -> Array:
    return np.random.default_rng(seed).normal(size=n).cumsum()


def compute(x: Array, y: Array) -> MethodResult:
    return MARCI.compute(
        Pair("C07", "T02", "eda", RATE_HZ, 100.0, x, y, np.gradient(x), np.gradient(y)), Choices()
    )


def test_slopes_are_those_of_least_squares_in_units_per_second() -> None:
    x = walk(200, 1)
    found = slopes(x, rate_hz=RATE_HZ, slope_s=5.0, step_s=1.0)
    assert found.size == 46
    expected = [np.polyfit(np.arange(20) / RATE_HZ, x[s : s + 20], 1)[0] for s in range(0, 181, 4)]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_one_missing_sample_spoils_the_slopes_over_it_and_no_other() -> None:
    x = walk(200, 1)
    whole = slopes(x, rate_hz=RATE_HZ, slope_s=5.0, step_s=1.0)
    x[101] = np.nan
    holed = slopes(x, rate_hz=RATE_HZ, slope_s=5.0, step_s=1.0)
    assert np.flatnonzero(np.isnan(holed)).tolist() == [21, 22, 23, 24, 25]
    np.testing.assert_array_equal(holed[~np.isnan(holed)], whole[~np.isnan(holed)])


def test_a_constant_has_slope_zero_exactly() -> None:
    assert not slopes(np.full(100, 0.1), rate_hz=RATE_HZ, slope_s=5.0, step_s=1.0).any()


def test_the_index_is_the_logarithm_of_the_ratio_of_the_two_sums() -> None:
    found = marci(walk(1200, 2), walk(1200, 3), rate_hz=RATE_HZ)
    r = np.array(
        [
            np.corrcoef(found.slopes_x[i : i + 15], found.slopes_y[i : i + 15])[0, 1]
            for i in range(found.r.size)
        ]
    )
    assert found.r.size == found.slopes_x.size - 14
    np.testing.assert_allclose(found.r, r, atol=1e-12)
    assert found.index == pytest.approx(np.log(r[r > 0].sum() / -r[r < 0].sum()))
    assert found.mean_z == pytest.approx(np.arctanh(r).mean())
    assert not found.one_sided


def test_zero_is_not_what_chance_gives_when_responses_are_rare() -> None:
    t = np.arange(0.0, 60.0, 1.0 / RATE_HZ)
    response = np.exp(-t / 4.0) - np.exp(-t / 0.75)

    def unrelated(seed: int) -> Array:
        rng = np.random.default_rng(seed)
        onsets = np.zeros(12000)
        np.add.at(onsets, rng.integers(0, 12000, 150), rng.lognormal(-1.2, 0.7, 150))
        return np.convolve(onsets, response)[:12000] + 0.003 * rng.normal(size=12000)

    found = [marci(unrelated(2 * i), unrelated(2 * i + 1), rate_hz=RATE_HZ).index for i in range(20)]
    assert 0.15 < np.mean(found) < 0.55


@pytest.mark.parametrize(("sign", "index"), [(1.0, np.inf), (-1.0, -np.inf)])
def test_without_windows_of_one_sign_the_index_is_infinite_and_said_to_be_one_sided(
    sign: float, index: float
) -> None:
    x = walk(400, 4)
    found = marci(x, sign * x + 0.001 * walk(400, 5), rate_hz=RATE_HZ)
    assert found.index == index
    assert found.one_sided


def test_one_sided_means_less_than_five_hundredths_of_all() -> None:
    assert np.exp(-LARGEST_INDEX) / (1 + np.exp(-LARGEST_INDEX)) == pytest.approx(0.05)


def test_a_lag_looks_for_the_second_coming_later() -> None:
    x = walk(2400, 6)
    y = np.concatenate((np.full(12, x[0]), x[:-12])) + 0.5 * walk(2400, 7)
    by_lag = [marci(x, y, rate_hz=RATE_HZ, lag_s=lag_s).mean_z for lag_s in range(-7, 8)]
    assert int(np.argmax(by_lag)) - 7 == 3
    back = [marci(y, x, rate_hz=RATE_HZ, lag_s=-lag_s).mean_z for lag_s in range(-7, 8)]
    assert back == by_lag


def test_a_gap_empties_its_windows_and_changes_no_other() -> None:
    x, y = walk(1200, 8), walk(1200, 9)
    whole = marci(x, y, rate_hz=RATE_HZ).r
    x[600:640] = np.nan
    holed = marci(x, y, rate_hz=RATE_HZ).r
    missing = np.flatnonzero(np.isnan(holed))
    # The gap spoils slopes 146 to 159, and a window bears three of them: those that begin at 134 to 156.
    assert missing.tolist() == list(range(135, 157))
    far = np.r_[0:132, 160 : whole.size]
    np.testing.assert_array_equal(holed[far], whole[far])


def test_a_longer_gap_moves_what_is_behind_it_and_changes_nothing() -> None:
    x, y = walk(1200, 10), walk(1200, 11)
    short, long = (
        marci(
            *(np.concatenate((one[:600], np.full(n, np.nan), one[600:])) for one in (x, y)), rate_hz=RATE_HZ
        )
        for n in (80, 400)
    )
    assert (short.index, short.sum_positive) == (long.index, long.sum_positive)


@pytest.mark.parametrize(
    "choice",
    [{"slope_s": 0.25}, {"step_s": 0.1}, {"window_s": 2.0}, {"window_step_s": 0.5}, {"rate_hz": 0.0}],
)
def test_choices_that_make_no_sense_are_refused(choice: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"makes? no sense"):
        marci(walk(1200, 1), walk(1200, 2), **({"rate_hz": RATE_HZ} | choice))


def test_series_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        marci(walk(100, 1), walk(101, 2), rate_hz=RATE_HZ)


def test_the_method_gives_the_index_its_windows_and_seven_lags() -> None:
    x, y = walk(2400, 12), walk(2400, 13)
    result = compute(x, y)
    found = marci(x, y, rate_hz=RATE_HZ)
    assert (result.status, result.reason) == (Status.OK, Reason.NONE)
    assert result.values["index"] == found.index
    assert result.series["lag_s"].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert result.series["index_by_lag"][0] == found.index
    # Samples 0 to 75 are under the first window: fifteen slopes over 20 samples, a second apart.
    assert result.series["t_s"][0] == 100.0 + 37.5 / RATE_HZ
    assert result.series["t_s"].size == result.series["r"].size


def test_a_ratio_that_explodes_is_not_given() -> None:
    x = walk(2400, 14)
    result = compute(x, x + 0.01 * walk(2400, 15))
    assert (result.status, result.reason, result.values) == (Status.NA, Reason.TOO_FEW_SEGMENTS, {})
    assert "same way" in result.text


def test_short_constant_and_doubled_signals_give_no_number() -> None:
    x, y = walk(2400, 16), walk(2400, 17)
    cases = {
        Reason.TOO_FEW_SEGMENTS: (x[:900], y[:900]),
        Reason.ZERO_VARIANCE: (x, np.full(2400, 3.7)),
        Reason.NO_DATA: (x, x.copy()),
    }
    for reason, both in cases.items():
        result = compute(*both)
        assert (result.status, result.reason, result.values) == (Status.NA, reason, {})


def test_holes_that_leave_no_window_are_the_reason() -> None:
    x, y = walk(4800, 18), walk(4800, 19)
    x[::16] = np.nan
    assert compute(x, y).reason is Reason.GAP


def test_below_twice_the_minimum_a_number_is_unsure() -> None:
    result = compute(walk(1600, 20), walk(1600, 21))
    assert (result.status, result.reason) == (Status.LOW, Reason.TOO_FEW_SEGMENTS)
