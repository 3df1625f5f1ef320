"""Coherence over time and period against a plain transform, its masks, its sign and its chance level."""

import numpy as np
import pytest

from monitor.core.kernels.wavelet import SCALES, coherency, tally
from monitor.core.results import Reason, Status
from monitor.core.synchrony.coherence import COHERENCE, wavelet_coherence
from monitor.core.synchrony.pair import Choices, Pair
from monitor.core.synchrony.surrogates import MOST_SURROGATES

RATE_HZ = 4.0
FEW = Choices(n_surrogates=19)


def pair_of(x, y, *, rate_hz: float = RATE_HZ, signal: str = "eda", t0_s: float = 0.0) -> Pair:
    return Pair("C", "T", signal, rate_hz, t0_s, x, y, x, y)


def noise(seed: int, minutes: float = 10.0, n: int = 2):
    """Independent series with the slowness of prepared signals."""
    rng = np.random.default_rng(seed)
    white = rng.normal(size=(n, int(minutes * 60 * RATE_HZ) + 24))
    kernel = np.exp(-0.5 * (np.arange(-12, 13) / 4.0) ** 2)
    return np.array([np.convolve(one, kernel, "valid") for one in white])


def oracle(x, y):
    """The published formula at full length and full rate."""
    n = 4 * 2 ** int(np.ceil(np.log2(x.size)))
    omega = 2.0 * np.pi * np.fft.fftfreq(n)
    of_x, of_y = np.fft.fft(x - x.mean(), n), np.fft.fft(y - y.mean(), n)
    sums = []
    for scale in SCALES:
        wavelet = np.exp(-0.5 * (scale * omega - 6.0) ** 2) * (omega > 0)
        wave_x, wave_y = np.fft.ifft(of_x * wavelet), np.fft.ifft(of_y * wavelet)
        smooth = np.exp(-0.5 * (scale * omega) ** 2)
        products = (abs(wave_x) ** 2, abs(wave_y) ** 2, wave_x * wave_y.conj())
        sums.append([np.fft.ifft(np.fft.fft(one) * smooth)[: x.size : 4] for one in products])
    box = np.array([0.9, 1.0, 1.0, 1.0, 0.9])
    xx, yy, xy = np.apply_along_axis(np.convolve, 0, np.array(sums), box, "same").transpose(1, 0, 2)
    return abs(xy) ** 2 / (xx * yy).real, np.angle(xy)


def test_it_equals_the_plain_transform() -> None:
    x, y = noise(1)
    y = y + np.roll(x, 8)
    got = wavelet_coherence(x, y, rate_hz=RATE_HZ)
    coherence, phase = oracle(x, y)
    known = np.isfinite(got.coherence)
    assert known.mean() > 0.8
    np.testing.assert_allclose(got.coherence[known], coherence[known], atol=1e-8)
    np.testing.assert_allclose(np.exp(1j * got.phase_rad[known]), np.exp(1j * phase[known]), atol=1e-6)


@pytest.mark.parametrize("lag_s", [-2.0, 1.0, 3.0])
def test_coupled_rhythms_are_coherent_at_their_period_with_the_sign_of_the_lag(lag_s: float) -> None:
    t_s = np.arange(2400) / RATE_HZ
    x, y = noise(2)
    x = x + 20.0 * np.sin(2 * np.pi * t_s / 16.0)
    y = y + 20.0 * np.sin(2 * np.pi * (t_s - lag_s) / 16.0)
    got = wavelet_coherence(x, y, rate_hz=RATE_HZ)
    row = int(np.argmin(abs(got.period_s - 16.0)))
    assert got.period_s[row] == pytest.approx(16.0)
    assert np.nanmin(got.coherence[row]) > 0.95
    seconds = np.nanmean(got.phase_rad[row]) * 16.0 / (2 * np.pi)
    assert seconds == pytest.approx(lag_s, abs=0.1)
    assert np.nanmean(got.coherence[0]) < 0.6


def test_the_same_series_is_coherent_everywhere_and_never_above_one() -> None:
    x, _ = noise(3)
    got = wavelet_coherence(x, x, rate_hz=RATE_HZ)
    assert np.nanmin(got.coherence) == pytest.approx(1.0, abs=1e-9)
    assert np.nanmax(got.coherence) <= 1.0 + 1e-12


def test_both_edges_are_masked_for_the_root_of_two_scales() -> None:
    x, y = noise(4)
    got = wavelet_coherence(x, y, rate_hz=RATE_HZ, t0_s=100.0)
    scale_s = SCALES / RATE_HZ
    from_edge_s = np.minimum(got.t_s - 100.0 + 0.25, 100.0 + x.size / RATE_HZ - got.t_s)
    expected = from_edge_s[None, :] >= np.sqrt(2) * scale_s[:, None]
    np.testing.assert_array_equal(np.isfinite(got.coherence), expected)
    np.testing.assert_array_equal(np.isfinite(got.phase_rad), expected)


@pytest.mark.parametrize("who", [0, 1])
def test_a_gap_spoils_both_sides_of_it_and_what_is_inside(who: int) -> None:
    both = noise(5)
    whole = wavelet_coherence(*both, rate_hz=RATE_HZ)
    both[who, 1200:1240] = np.nan
    got = wavelet_coherence(*both, rate_hz=RATE_HZ)
    from_gap = np.maximum(1200 - 4 * np.arange(600), 4 * np.arange(600) - 1239)
    spoilt = from_gap[None, :] < np.sqrt(2) * SCALES[:, None]
    np.testing.assert_array_equal(np.isfinite(got.coherence), np.isfinite(whole.coherence) & ~spoilt)


def test_what_fills_a_gap_hardly_matters_outside_its_cone() -> None:
    x, y = noise(6)
    holed = x.copy()
    holed[1200:1240] = np.nan
    whole, got = (wavelet_coherence(one, y, rate_hz=RATE_HZ) for one in (x, holed))
    known = np.isfinite(got.coherence)
    assert np.quantile(abs(got.coherence - whole.coherence)[known], 0.99) < 0.1


def test_swapping_the_two_flips_the_phase_and_nothing_else() -> None:
    x, y = noise(7)
    y = y + np.roll(x, 6)
    one, other = wavelet_coherence(x, y, rate_hz=RATE_HZ), wavelet_coherence(y, x, rate_hz=RATE_HZ)
    np.testing.assert_allclose(one.coherence, other.coherence, rtol=1e-9)
    np.testing.assert_allclose(np.exp(1j * one.phase_rad), np.exp(-1j * other.phase_rad), atol=1e-9)


def test_a_slow_grid_is_analysed_at_slow_periods() -> None:
    x, y = noise(8)
    assert wavelet_coherence(x, y, rate_hz=1.0).period_s[[0, -1]] == pytest.approx([8.0, 256.0])
    assert wavelet_coherence(x, y, rate_hz=4.0).period_s[[0, -1]] == pytest.approx([2.0, 64.0])


def test_series_of_two_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        wavelet_coherence(np.zeros(10), np.zeros(11), rate_hz=RATE_HZ)


def test_nothing_valid_in_both_gives_an_empty_map() -> None:
    got = wavelet_coherence(np.full(100, np.nan), np.ones(100), rate_hz=RATE_HZ)
    assert got.coherence.shape == got.phase_rad.shape == (41, 0)


def test_a_shared_irregular_rhythm_is_above_chance_with_its_lag() -> None:
    own, other, shared = noise(9, minutes=20.0, n=3)
    result = COHERENCE.compute(
        pair_of(own + 2 * shared, other + 2 * np.roll(shared, 8)), Choices(n_surrogates=39)
    )
    values = result.values
    assert result.status is Status.OK
    assert values["p"] == values["p_share"] == 1 / 40
    assert values["coherence"] > values["chance_hi"] > values["chance_lo"]
    assert values["share_above"] > 0.3
    assert values["lag_s_16_32_s"] == pytest.approx(2.0, abs=0.3)
    assert values["lag_s_8_16_s"] == pytest.approx(2.0, abs=0.3)


def test_two_steady_rhythms_of_one_period_are_within_chance() -> None:
    t_s = np.arange(4800) / RATE_HZ
    x, y = noise(10, minutes=20.0)
    x, y = x + 5 * np.sin(2 * np.pi * t_s / 16), y + 5 * np.sin(2 * np.pi * t_s / 16 - 1)
    assert COHERENCE.compute(pair_of(x, y), Choices(n_surrogates=39)).values["p"] > 0.05


def test_the_p_of_independent_noise_is_roughly_uniform() -> None:
    # Five minutes hold too few independent shifts: there the result is LOW, and p comes out too small.
    ps = np.array([_ps(*noise(100 + k, minutes=15.0)) for k in range(40)])
    # Standard error of the mean 0.046; of the share at most .05, 0.034.
    assert np.all(abs(ps.mean(axis=0) - 0.525) < 0.15)
    assert np.all((ps <= 0.05).mean(axis=0) <= 0.16)
    assert ps.min() >= 0.05


def _ps(x, y) -> tuple[float, float]:
    values = COHERENCE.compute(pair_of(x, y), FEW).values
    return values["p"], values["p_share"]


def test_the_same_seed_gives_the_same_bits_and_another_seed_other_surrogates() -> None:
    pair = pair_of(*noise(11))
    one, two = (COHERENCE.compute(pair, FEW) for _ in range(2))
    assert np.array(list(one.values.values())).tobytes() == np.array(list(two.values.values())).tobytes()
    other = COHERENCE.compute(pair, Choices(n_surrogates=19, seed=2))
    assert other.values["coherence"] == one.values["coherence"]
    assert other.values["chance_hi"] != one.values["chance_hi"]


def test_surrogates_are_capped_and_too_few_are_refused() -> None:
    pair = pair_of(*noise(12, minutes=5.0))
    assert COHERENCE.compute(pair, Choices()).values["n_surrogates"] == MOST_SURROGATES
    with pytest.raises(ValueError, match="at least 19"):
        COHERENCE.compute(pair, Choices(n_surrogates=18))


def test_every_series_has_the_length_of_its_axis() -> None:
    series = COHERENCE.compute(pair_of(*noise(13)), FEW).series
    for name, values in series.items():
        axis = "t_s" if name.endswith("by_time") or name == "t_s" else "period_s"
        assert values.shape == series[axis].shape


def test_less_than_ten_minutes_is_low_and_less_than_five_missing() -> None:
    assert COHERENCE.compute(pair_of(*noise(14, minutes=10.0)), FEW).status is Status.OK
    low = COHERENCE.compute(pair_of(*noise(14, minutes=6.0)), FEW)
    assert (low.status, low.reason) == (Status.LOW, Reason.TOO_FEW_SEGMENTS)
    short = COHERENCE.compute(pair_of(*noise(14, minutes=4.0)), FEW)
    assert (short.status, short.reason, dict(short.values)) == (Status.NA, Reason.TOO_FEW_SEGMENTS, {})
    assert short.text
    slow = COHERENCE.compute(pair_of(*noise(14, minutes=4.9), rate_hz=1.0), FEW)
    assert slow.reason is Reason.TOO_FEW_SEGMENTS


def test_a_constant_is_missing_and_names_the_person() -> None:
    x, y = noise(15)
    result = COHERENCE.compute(pair_of(x, np.full(y.size, 3.0)), FEW)
    assert (result.status, result.reason) == (Status.NA, Reason.ZERO_VARIANCE)
    assert "T" in result.text


def test_a_person_who_is_still_for_a_while_has_no_coherence_there() -> None:
    x, y = noise(16)
    y[1000:1800] = 0.0
    got = wavelet_coherence(x, y, rate_hz=RATE_HZ)
    assert np.isnan(got.coherence[:8, 300:400]).all()
    assert np.isfinite(got.coherence[:8, 50:200]).all()


def test_the_same_signal_for_both_and_no_signal_are_no_data() -> None:
    x, _ = noise(17)
    assert COHERENCE.compute(pair_of(x, x.copy()), FEW).reason is Reason.NO_DATA
    assert COHERENCE.compute(pair_of(x, np.full(x.size, np.nan)), FEW).reason is Reason.NO_DATA


def test_gaps_everywhere_leave_nothing_or_little() -> None:
    x, y = noise(18)
    y[::15] = np.nan
    result = COHERENCE.compute(pair_of(x, y), FEW)
    assert (result.status, result.reason) == (Status.NA, Reason.GAP)
    x, y = noise(18, minutes=20.0)
    y[::160] = np.nan
    result = COHERENCE.compute(pair_of(x, y), FEW)
    assert (result.status, result.reason) == (Status.LOW, Reason.GAP)
    assert result.values["valid_share"] < 0.5
    assert np.isnan(result.values["coherence_32_64_s"])
    assert np.isnan(result.values["p_32_64_s"])
    assert np.isfinite(result.values["coherence_2_4_s"])


def test_the_wavelet_kernels_equal_their_source() -> None:
    rng = np.random.default_rng(19)
    sxx, syy = rng.uniform(0.5, 1.0, (2, 6, 9))
    sxy = rng.normal(0.0, 0.3, (6, 9, 2))
    valid = rng.random((6, 8)) < 0.8
    made = [np.empty((6, 8, 2)) for _ in range(2)]
    for function, out in zip((coherency, coherency.py_func), made, strict=True):
        function(sxx, syy, sxy, np.array([0.9, 1.0, 0.9]), valid, out)
    assert made[0].tobytes() == made[1].tobytes()
    sums, counts = np.empty((2, 6)), np.empty((2, 6, 10), dtype=np.int64)
    for k, function in enumerate((tally, tally.py_func)):
        function(made[0], sums[k], counts[k])
    assert sums[0].tobytes() == sums[1].tobytes()
    np.testing.assert_array_equal(counts[0], counts[1])
    assert counts[0].sum() == valid.sum()


def test_the_wavelet_kernels_have_one_signature() -> None:
    COHERENCE.compute(pair_of(*noise(20)), FEW)
    assert len(coherency.signatures) == len(tally.signatures) == 1
