from typing import Any

import numpy as np
import pytest

from monitor.core.kernels.rr import N_COUNTERS, RING, WINDOW_BEATS, classify_intervals
from monitor.core.rr import BEAT_CLASSES, RrIntervals, RrStage

NORMAL, ECTOPIC, MISSED, EXTRA, LONG, SHORT, UNUSABLE = range(7)


def classify(rr_ms: Any, joined: Any = None, t_s: Any = None) -> Any:
    rr_ms = np.asarray(rr_ms, dtype=float)
    joined = np.ones(rr_ms.size, dtype=bool) if joined is None else joined
    t_s = np.cumsum(np.nan_to_num(rr_ms, nan=800.0)) / 1000 if t_s is None else t_s
    stage = RrStage()
    parts = stage.push(t_s, rr_ms, joined), stage.flush()
    return RrIntervals(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def calm(n: int = 120, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    return 850.0 + 30.0 * np.sin(np.arange(n) * 1.3) + rng.normal(0.0, 8.0, n)


def beats_of_sinus_fixture() -> Any:
    """The deterministic series of the published tests: a sine of 125 ms around one second."""
    rr_ms = 1000.0 + np.random.default_rng(42).normal(np.sin(np.arange(1000)), 0.1) * 125.0
    return np.cumsum(np.rint(rr_ms))


ARTEFACTS = np.arange(100, 1000, 100)


def test_the_codes_are_those_of_the_beat_classes() -> None:
    assert [c.value for c in BEAT_CLASSES] == [
        "normal", "ectopic", "missed", "extra", "long", "short", "unusable",
    ]  # fmt: skip


def test_a_calm_series_is_normal_throughout() -> None:
    decided = classify(calm())
    assert np.all(decided.code == NORMAL)
    assert np.all(decided.nn)
    assert not decided.pair[0]
    assert np.all(decided.pair[1:])
    assert np.array_equal(decided.corrected_ms, decided.rr_ms)


def test_missed_beats_of_the_published_fixture_are_found_where_they_are() -> None:
    beats = np.delete(beats_of_sinus_fixture(), ARTEFACTS)
    decided = classify(np.diff(beats))
    assert np.array_equal(np.flatnonzero(decided.code) + 1, ARTEFACTS - np.arange(9))
    assert set(decided.code[decided.code > 0]) == {MISSED}


def test_extra_beats_of_the_published_fixture_are_found_where_they_are() -> None:
    beats = beats_of_sinus_fixture()
    extra = beats[ARTEFACTS] + (beats[ARTEFACTS + 1] - beats[ARTEFACTS]) / 15
    decided = classify(np.diff(np.sort(np.concatenate([beats, extra]))))
    assert np.array_equal(np.flatnonzero(decided.code) + 1, ARTEFACTS + 1 + np.arange(9))
    assert set(decided.code[decided.code > 0]) == {EXTRA}


def test_dropping_the_touched_differences_restores_the_true_rmssd() -> None:
    beats = beats_of_sinus_fixture()
    true_ms = np.sqrt(np.mean(np.diff(beats, 2) ** 2))
    decided = classify(np.diff(np.delete(beats, ARTEFACTS)))
    kept_ms = np.sqrt(np.mean(np.diff(decided.rr_ms)[decided.pair[1:]] ** 2))
    assert true_ms == pytest.approx(86.0905, abs=1e-4)
    assert kept_ms == pytest.approx(true_ms, rel=0.01)


def test_a_missed_beat_is_halved_and_leaves_its_neighbours_alone() -> None:
    rr_ms = calm()
    rr_ms[60] *= 2.0
    decided = classify(rr_ms)
    assert np.flatnonzero(decided.code).tolist() == [60]
    assert decided.code[60] == MISSED
    assert decided.corrected_ms[60] == rr_ms[60] / 2
    assert np.flatnonzero(~decided.pair).tolist() == [0, 60, 61]


def test_an_extra_beat_is_merged_with_the_interval_it_cut() -> None:
    whole = calm()
    rr_ms = np.insert(whole, 60, 0.4 * whole[60])
    rr_ms[61] = 0.6 * whole[60]
    decided = classify(rr_ms)
    assert decided.code[60] == EXTRA
    assert np.isnan(decided.corrected_ms[60])
    assert decided.corrected_ms[61] == pytest.approx(whole[60])
    assert not decided.nn[60]
    assert not decided.nn[61]
    assert decided.nn[62]


def test_a_premature_beat_spoils_both_intervals_it_bounds() -> None:
    rr_ms = calm()
    shift = 0.3 * rr_ms[60]
    rr_ms[60] -= shift
    rr_ms[61] += shift
    decided = classify(rr_ms)
    assert decided.code[60] == SHORT
    assert decided.code[61] == ECTOPIC
    assert np.flatnonzero(~decided.nn).tolist() == [60, 61]
    assert decided.corrected_ms[60] == decided.corrected_ms[61] == pytest.approx(rr_ms[60:62].mean())


def test_a_removed_beat_breaks_the_chain() -> None:
    rr_ms = calm()
    joined = np.ones(rr_ms.size, dtype=bool)
    joined[70] = False
    decided = classify(rr_ms, joined)
    assert decided.code[70] == UNUSABLE
    assert np.isnan(decided.rr_ms[70])
    assert np.isnan(decided.corrected_ms[70])
    assert not decided.pair[71]
    assert decided.nn[71]
    assert decided.pair[72]


def test_an_interval_no_heart_makes_is_never_normal() -> None:
    for value in (150.0, 299.0, 2001.0, 5000.0, 65535.0):
        rr_ms = calm()
        rr_ms[60] = value
        decided = classify(rr_ms)
        assert decided.code[60] not in {NORMAL, UNUSABLE}
        assert not decided.nn[60]


def test_a_long_pause_is_not_corrected_to_a_guess() -> None:
    rr_ms = calm()
    rr_ms[60] = 5000.0
    assert np.isnan(classify(rr_ms).corrected_ms[60])


def test_a_constant_series_makes_no_artefacts_of_small_steps() -> None:
    rr_ms = np.full(100, 800.0)
    rr_ms[50:] = 810.0
    assert np.all(classify(rr_ms).code == NORMAL)


def test_what_comes_first_waits_until_the_thresholds_are_known() -> None:
    stage = RrStage()
    rr_ms = calm(30)
    rr_ms[5] *= 2.0
    t_s = np.cumsum(rr_ms) / 1000
    counts = [
        stage.push(t_s[i : i + 1], rr_ms[i : i + 1], np.ones(1, dtype=bool)).t_s.size for i in range(30)
    ]
    assert counts[:19] == [0] * 19
    assert counts[19:] == [18] + [1] * 10
    assert classify(rr_ms).code[5] == MISSED


def test_an_interval_is_out_two_beats_later() -> None:
    stage = RrStage()
    rr_ms = calm(60)
    t_s = np.cumsum(rr_ms) / 1000
    for i in range(60):
        decided = stage.push(t_s[i : i + 1], rr_ms[i : i + 1], np.ones(1, dtype=bool))
        if i > 20:
            assert decided.t_s.tolist() == [t_s[i - 2]]
            assert stage.n_pending == 2


def test_a_break_decides_what_was_pending_at_once() -> None:
    stage = RrStage()
    rr_ms = calm(60)
    t_s = np.cumsum(rr_ms) / 1000
    stage.push(t_s, rr_ms, np.ones(60, dtype=bool))
    decided = stage.push(t_s[-1:] + 3.0, np.array([3000.0]), np.zeros(1, dtype=bool))
    assert decided.t_s.tolist() == [t_s[-2], t_s[-1], t_s[-1] + 3.0]


def test_a_gap_above_five_minutes_forgets_the_thresholds() -> None:
    stage = RrStage()
    rr_ms = calm(60)
    t_s = np.cumsum(rr_ms) / 1000
    stage.push(t_s, rr_ms, np.ones(60, dtype=bool))
    stage.push(t_s[-1:] + 301.0, np.array([np.nan]), np.zeros(1, dtype=bool))
    later = stage.push(t_s + t_s[-1] + 301.5, rr_ms, np.ones(60, dtype=bool))
    assert later.t_s.size == 1 + 58
    assert np.all(later.nn[1:])


def test_too_few_beats_are_handed_out_unclassified_at_the_end() -> None:
    rr_ms = calm(10)
    rr_ms[4] = 250.0
    decided = classify(rr_ms)
    assert decided.code.tolist() == [0, 0, 0, 0, SHORT, 0, 0, 0, 0, 0]


def test_nothing_but_breaks_does_not_pile_up() -> None:
    n = 1000
    stage = RrStage()
    decided = stage.push(np.arange(n, dtype=float), np.full(n, np.nan), np.zeros(n, dtype=bool))
    assert stage.n_pending <= 100
    assert decided.t_s.size + stage.n_pending == n


def test_nan_zero_and_negative_intervals_are_unusable() -> None:
    rr_ms = calm()
    rr_ms[[40, 50, 60, 70]] = np.nan, 0.0, -800.0, np.inf
    decided = classify(rr_ms)
    assert np.flatnonzero(decided.code == UNUSABLE).tolist() == [40, 50, 60, 70]
    assert not np.any(decided.nn[[40, 50, 60, 70]])


def test_the_compiled_kernel_equals_its_source() -> None:
    rr_ms = calm()
    rr_ms[[30, 60, 90]] *= 2.0, 0.5, 1.3
    outputs = []
    for function in (classify_intervals, classify_intervals.py_func):
        out, marks = np.zeros((4, 120 + RING)), np.zeros((3, 120 + RING), dtype=np.int64)
        n = function(
            np.cumsum(rr_ms) / 1000,
            rr_ms,
            np.ones(120, dtype=bool),
            True,
            np.full((6, RING), np.nan),
            np.zeros((2, 2, WINDOW_BEATS)),
            np.zeros(N_COUNTERS, dtype=np.int64),
            out,
            marks,
        )
        outputs.append((n, out[:, :n].tobytes(), marks[:, :n].tobytes()))
    assert outputs[0] == outputs[1]
    assert len(classify_intervals.signatures) == 1
