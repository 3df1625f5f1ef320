from typing import Any

import numpy as np
import pytest

from monitor.core.hrv_series import windowed_heart_rate, windowed_pnn50, windowed_rmssd, windowed_sdnn

MEASURES = (windowed_rmssd, windowed_sdnn, windowed_heart_rate, windowed_pnn50)


def test_a_removed_beat_breaks_the_chain_of_differences() -> None:
    nn_s = np.array([0.8, 0.9, 0.8, 0.9])
    end_s = np.array([0.8, 1.7, 3.5, 4.4])
    value = windowed_rmssd(nn_s, end_s, [0.0], length_s=10.0, min_pairs=2)
    assert value[0] == pytest.approx(100.0)
    assert np.isnan(windowed_rmssd(nn_s, end_s, [0.0], length_s=10.0, min_pairs=3)[0])


def test_a_pair_counts_only_with_both_ends_inside() -> None:
    nn_s = np.array([0.8, 0.9, 1.1])
    value = windowed_rmssd(nn_s, np.cumsum(nn_s), [0.9], length_s=10.0, min_pairs=1)
    assert value[0] == pytest.approx(200.0)


def test_the_end_of_a_window_is_outside() -> None:
    nn_s = np.array([1.0, 1.0, 1.0])
    value = windowed_heart_rate(nn_s, [1.0, 2.0, 3.0], [0.0], length_s=3.0, min_intervals=3)
    assert np.isnan(value[0])


def test_the_rate_is_that_of_the_mean_interval() -> None:
    value = windowed_heart_rate([0.5, 1.5], [0.5, 2.0], [0.0], length_s=9.0, min_intervals=2)
    assert value[0] == pytest.approx(60.0)


@pytest.mark.parametrize("measure", MEASURES)
def test_an_empty_window_is_missing(measure: Any) -> None:
    assert np.isnan(measure([0.8, 0.8], [0.8, 1.6], [50.0], length_s=10.0)[0])


@pytest.mark.parametrize("measure", MEASURES)
def test_impossible_input_is_refused(measure: Any) -> None:
    with pytest.raises(ValueError, match="one length"):
        measure([0.8, 0.8], [0.8], [0.0], length_s=10.0)
    with pytest.raises(ValueError, match="ascend"):
        measure([0.8, 0.8], [1.6, 0.8], [0.0], length_s=10.0)
    with pytest.raises(ValueError, match="greater than zero"):
        measure([0.8, 0.8], [0.8, 1.6], [0.0], length_s=0.0)


@pytest.mark.parametrize("rate_hz", [130.0, 250.0, 1000.0])
def test_sampling_adds_the_variance_of_the_closed_form(rate_hz: float) -> None:
    rng = np.random.default_rng(3)
    beats_s = np.cumsum(0.85 + rng.normal(0.0, 0.02, 200_000))
    grid_s = np.round(beats_s * rate_hz) / rate_hz

    def rmssd_ms(beats: Any) -> Any:
        nn_s = np.diff(beats)
        return windowed_rmssd(nn_s, beats[1:], [0.0], length_s=1e6)[0]

    expected = np.sqrt(rmssd_ms(beats_s) ** 2 + 1e6 * 6.0 / (12.0 * rate_hz**2))
    assert rmssd_ms(grid_s) == pytest.approx(expected, rel=2e-3)
