"""Screening of one channel before the analysis."""

import numpy as np
import pytest

from monitor.core.intake import Intake, gap_limit_s
from monitor.core.model import Modality, StreamInfo


def regular(n: int, rate_hz: float = 130.0) -> tuple[np.ndarray, np.ndarray]:
    return 10.0 + np.arange(n) / rate_hz, np.sin(np.arange(n) / 9.0)


def test_ordered_finite_samples_pass_unchanged() -> None:
    intake = Intake(Modality.ECG, 0.2)
    t, x = regular(1000)
    out_t, out_x = intake.push(t, x)
    np.testing.assert_array_equal(out_t, t)
    np.testing.assert_array_equal(out_x, x)
    assert intake.measured_rate_hz == pytest.approx(130.0)
    assert intake.gaps == []


def test_nan_infinity_and_absurd_values_are_left_out_and_counted() -> None:
    intake = Intake(Modality.ECG, 0.2)
    t, x = regular(10)
    x[[2, 5, 7]] = [np.nan, np.inf, 1e38]
    out_t, _ = intake.push(t, x)
    assert out_t.size == 7
    assert intake.n_not_finite == 3


def test_duplicate_and_backward_stamps_are_left_out_and_counted() -> None:
    intake = Intake(Modality.ECG, 0.2)
    t, x = regular(20)
    t[5], t[11] = t[4], t[9]
    out_t, _ = intake.push(t, x)
    assert np.all(np.diff(out_t) > 0)
    assert intake.n_disordered == 2


def test_one_stamp_that_leaps_ahead_costs_only_its_own_sample() -> None:
    intake = Intake(Modality.ECG, 0.2)
    t, x = regular(1000)
    t[500] += 200_000.0
    out_t, _ = intake.push(t, x)
    assert out_t.size == 999
    assert intake.n_outliers == 1


def test_a_ten_minute_gap_is_one_gap_and_costs_nothing_else() -> None:
    intake = Intake(Modality.EDA, 0.2)
    t, x = regular(1000)
    t[500:] += 600.0
    out_t, _ = intake.push(t, x)
    assert out_t.size == 1000
    assert len(intake.gaps) == 1
    start, stop = intake.gaps[0]
    assert stop - start == pytest.approx(600.0 + 1 / 130.0)
    assert intake.measured_rate_hz == pytest.approx(130.0, rel=1e-3)


def test_a_stream_of_nothing_but_nan_gives_nothing() -> None:
    intake = Intake(Modality.ECG, 0.2)
    out_t, _ = intake.push(np.full(5, np.nan), np.zeros(5))
    assert out_t.size == 0
    assert intake.first_s is None
    assert np.isnan(intake.measured_rate_hz)


def test_irregular_streams_have_no_gaps() -> None:
    info = StreamInfo(
        stream_id=1, name="RR", type="RR", channel_count=1, nominal_rate_hz=0.0, channel_format="double64"
    )
    assert gap_limit_s(info) == float("inf")


def test_intervals_of_one_notification_share_a_stamp_and_all_count() -> None:
    intake = Intake(Modality.RR, float("inf"))
    out_t, out_x = intake.push(
        np.array([1.0, 1.0, 1.0, 2.0, 1.5]), np.array([800.0, 810.0, 790.0, 805.0, 1.0])
    )
    np.testing.assert_array_equal(out_x, [800.0, 810.0, 790.0, 805.0])
    assert intake.n_disordered == 1
    assert out_t[-1] == 2.0
