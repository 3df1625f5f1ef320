from typing import Any

import numpy as np
import pytest

from monitor.core.hrv import HEART_MARKERS, HEART_WINDOW_S, HeartWindows
from monitor.core.kernels.hrv import estimate_heart
from monitor.core.results import Reason, Status
from monitor.core.rr import RrIntervals, RrStage

VAGAL = ("ln_rmssd", "rmssd_ms", "ln_rmssd_60s", "sdnn_ms", "ln_hf_60s")


def pulse(n: int = 200, seed: int = 0, mean_ms: float = 850.0) -> Any:
    rng = np.random.default_rng(seed)
    return mean_ms + 30.0 * np.sin(np.arange(n) * 1.3) + rng.normal(0.0, 12.0, n)


def intervals(rr_ms: Any, t_s: Any = None, code: Any = None) -> Any:
    rr_ms = np.asarray(rr_ms, dtype=float)
    t_s = np.cumsum(rr_ms) / 1000 if t_s is None else np.asarray(t_s)
    code = np.zeros(rr_ms.size, dtype=np.int64) if code is None else np.asarray(code)
    nn = (code == 0) & np.isfinite(rr_ms)
    pair = nn & np.concatenate(([False], nn[:-1]))
    return RrIntervals(t_s, rr_ms, code, nn, pair, rr_ms.copy(), t_s)


def windows(*args: Any, **kwargs: Any) -> Any:
    heart = HeartWindows()
    heart.extend(intervals(*args, **kwargs))
    return heart


def test_every_marker_has_its_window() -> None:
    assert tuple(HEART_WINDOW_S) == HEART_MARKERS
    assert tuple(windows(pulse()).at(100.0)) == HEART_MARKERS


def test_a_calm_heart_gives_every_marker() -> None:
    for estimate in windows(pulse()).at(120.0).values():
        assert estimate.status is Status.OK
        assert estimate.reason is Reason.NONE
        assert np.isfinite(estimate.value)
        assert 0.8 <= estimate.coverage <= 1.0


def test_nothing_known_is_no_data() -> None:
    assert {e.reason for e in HeartWindows().at(10.0).values()} == {Reason.NO_DATA}


def test_beats_held_back_are_a_warm_up() -> None:
    assert {e.reason for e in HeartWindows().at(10.0, warming=True).values()} == {Reason.WARMUP}


def test_a_young_window_is_a_warm_up() -> None:
    estimates = windows(pulse()[:15]).at(13.0)
    assert estimates["hr_bpm"].status is Status.OK
    for name in VAGAL:
        assert estimates[name].status is Status.NA
        assert estimates[name].reason is Reason.WARMUP
        assert np.isnan(estimates[name].value)


def test_the_power_waits_for_the_whole_minute() -> None:
    heart = windows(pulse())
    assert heart.at(55.0)["ln_rmssd_60s"].status is Status.OK
    assert heart.at(55.0)["ln_hf_60s"].reason is Reason.WARMUP


def test_a_silent_strap_turns_from_value_to_gap_to_no_data() -> None:
    heart = windows(pulse(100))
    last_s = float(np.cumsum(pulse(100))[-1]) / 1000
    assert heart.at(np.ceil(last_s))["ln_rmssd"].status is Status.OK
    assert heart.at(last_s + 12.0)["ln_rmssd"][2:4] == (Status.LOW, Reason.GAP)
    assert heart.at(last_s + 22.0)["ln_rmssd"][2:4] == (Status.NA, Reason.GAP)
    assert heart.at(last_s + 40.0)["ln_rmssd"].reason is Reason.NO_DATA


def test_a_hole_is_a_gap_and_no_power_is_made_up_over_it() -> None:
    rr_ms = pulse()
    t_s = np.cumsum(rr_ms) / 1000
    t_s[100:] += 3.0
    rr_ms[100] = np.nan
    estimates = windows(rr_ms, t_s, np.where(np.isnan(rr_ms), 6, 0)).at(float(np.ceil(t_s[110])))
    assert estimates["ln_hf_60s"][2:4] == (Status.NA, Reason.GAP)
    assert estimates["ln_rmssd"].status is Status.OK


def test_corrected_beats_make_the_index_low_and_then_missing() -> None:
    for every, expected in ((15, Status.LOW), (4, Status.NA)):
        code = np.where(np.arange(200) % every == 0, 2, 0)
        estimate = windows(pulse(), code=code).at(100.0)["ln_rmssd"]
        assert estimate[2:4] == (expected, Reason.TOO_MANY_CORRECTED_BEATS)


def test_one_misplaced_beat_counts_once() -> None:
    code = np.zeros(200, dtype=np.int64)
    code[[100, 101]] = 5, 1
    t_s = np.cumsum(pulse()) / 1000
    assert windows(pulse(), code=code).at(float(np.ceil(t_s[105])))["ln_rmssd"].status is Status.OK


def test_three_ectopic_beats_in_ten_stop_variability_but_not_the_rate() -> None:
    code = np.zeros(200, dtype=np.int64)
    code[[100, 103, 106]] = 1
    end_s = float(np.ceil(np.cumsum(pulse())[110] / 1000))
    estimates = windows(pulse(), code=code).at(end_s)
    for name in VAGAL:
        assert estimates[name][2:4] == (Status.NA, Reason.ARRHYTHMIA_SUSPECTED)
    assert np.isfinite(estimates["hr_bpm"].value)


def test_bigeminy_is_seen_although_nothing_is_classified() -> None:
    rr_ms = np.where(np.arange(200) % 2 == 0, 550.0, 1050.0) + pulse() - 850.0
    stage = RrStage()
    heart = HeartWindows()
    heart.extend(stage.push(np.cumsum(rr_ms) / 1000, rr_ms, np.ones(200, dtype=bool)))
    estimates = heart.at(100.0)
    assert estimates["ln_rmssd"].reason is Reason.ARRHYTHMIA_SUSPECTED
    assert estimates["hr_bpm"].value == pytest.approx(75.0, abs=1.5)


def test_a_totally_irregular_rhythm_stops_variability() -> None:
    rr_ms = np.random.default_rng(2).uniform(350.0, 1250.0, 200)
    assert windows(rr_ms).at(100.0)["ln_rmssd"].reason is Reason.ARRHYTHMIA_SUSPECTED


def test_strong_respiratory_arrhythmia_is_not_mistaken_for_a_disease() -> None:
    rr_ms = 950.0 + 120.0 * np.sin(np.arange(200) * 2 * np.pi / 4.2)
    estimates = windows(rr_ms).at(120.0)
    assert estimates["ln_rmssd"].status is Status.OK
    assert estimates["rmssd_ms"].value > 100.0


def test_a_frozen_interval_has_no_variability_and_is_not_zero() -> None:
    estimates = windows(np.full(200, 800.0)).at(120.0)
    for name in VAGAL:
        assert estimates[name][2:4] == (Status.NA, Reason.ZERO_VARIANCE)
    assert estimates["hr_bpm"].value == pytest.approx(75.0)


def test_the_rate_needs_eight_beats() -> None:
    slow = np.full(40, 1990.0)
    assert windows(slow).at(61.5)["hr_bpm"][2:4] == (Status.NA, Reason.TOO_FEW_BEATS)


def test_later_intervals_do_not_enter_earlier_windows() -> None:
    rr_ms = pulse()
    whole, part = windows(rr_ms), HeartWindows()
    decided = intervals(rr_ms)
    part.extend(RrIntervals(*(column[decided.t_s < 100.0] for column in decided)))
    assert repr(whole.at(100.0)) == repr(part.at(100.0))


def test_old_intervals_are_forgotten_and_the_estimates_stay() -> None:
    rr_ms = pulse(5000)
    decided = intervals(rr_ms)
    heart = HeartWindows()
    n_before = n_compared = 0
    for i in range(0, 5000, 3):
        heart.extend(RrIntervals(*(column[i : i + 3] for column in decided)))
        if heart._n < n_before:
            end_s = float(np.floor(decided.t_s[i]))
            n_compared += 1
            assert repr(heart.at(end_s)) == repr(windows(rr_ms).at(end_s))
        n_before = heart._n
    assert n_compared >= 4
    assert heart._beats.shape[1] == 1024


def test_the_kernel_has_one_signature() -> None:
    windows(pulse()).at(100.0)
    assert len(estimate_heart.signatures) == 1
