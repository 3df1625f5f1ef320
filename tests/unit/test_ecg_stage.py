"""R peaks and verdicts on made signals whose truth is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.core.ecg import EcgBeats, EcgStage
from monitor.core.ecg_quality import LONGEST_GAP_S, VERDICT_REASONS, EcgVerdicts
from monitor.core.results import Reason

Signal = NDArray[np.float64]

WAVES = (
    (-0.17, 0.025, 0.1),
    (-0.026, 0.008, -0.12),
    (0.0, 0.010, 1.0),
    (0.028, 0.010, -0.25),
    (0.28, 0.05, 0.25),
)


def beat_times(stop_s: float, rr_s: float = 0.85, depth_s: float = 0.04) -> Signal:
    """R peaks with breathing in the intervals."""
    times = [0.6]
    while times[-1] < stop_s:
        times.append(times[-1] + rr_s + depth_s * np.sin(2 * np.pi * 0.23 * times[-1]))
    return np.array(times[:-1])


def ecg(t: Signal, beats: Signal, peak_uv: float = 900.0, noise_uv: float = 8.0) -> Signal:
    """P, Q, R, S and T as Gaussians around each beat, with noise of a fixed seed."""
    x = np.random.default_rng(1).normal(0.0, noise_uv, t.size)
    for beat in beats:
        near = slice(*np.searchsorted(t, [beat - 0.5, beat + 0.6]))
        for at, width, height in WAVES:
            x[near] += peak_uv * height * np.exp(-0.5 * ((t[near] - beat - at) / width) ** 2)
    return x


def run(t: Signal, x: Signal, rate_hz: float = 130.0) -> tuple[EcgBeats, EcgVerdicts]:
    return EcgStage(rate_hz).push(t, x)


def reasons(verdicts: EcgVerdicts) -> list[Reason]:
    return [VERDICT_REASONS[code] for code in verdicts.reason]


def clean(seconds: float, rate_hz: float = 130.0) -> tuple[Signal, Signal, Signal]:
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    beats = beat_times(seconds - 1.0)
    return t, ecg(t, beats), beats


@pytest.mark.parametrize("rate_hz", [100.0, 130.0, 250.0, 500.0, 1000.0])
def test_every_beat_is_found_and_placed_within_a_millisecond(rate_hz: float) -> None:
    t, x, truth = clean(40.0, rate_hz)
    beats, _ = run(t, x, rate_hz)
    assert beats.t_s.size == truth.size
    error_ms = 1000.0 * (beats.t_s - truth)
    assert np.std(error_ms) < 0.6
    assert abs(np.mean(error_ms)) < 15.0
    assert beats.refined.all()
    assert not beats.late.any()


def test_an_inverted_ecg_gives_the_same_beats() -> None:
    t, x, _ = clean(40.0)
    stage = EcgStage(130.0)
    beats, _ = stage.push(t, -x)
    assert stage.polarity == -1
    np.testing.assert_array_equal(beats.t_s, run(t, x)[0].t_s)


def test_the_true_rate_comes_from_the_stamps() -> None:
    t, x, truth = clean(60.0)
    beats, _ = run(t * 130.0 / 130.16, x)
    np.testing.assert_allclose(np.diff(beats.t_s), np.diff(truth) * 130.0 / 130.16, atol=3e-3)


def test_the_amplitude_is_r_minus_s() -> None:
    t, x, _ = clean(30.0)
    beats, _ = run(t, x)
    assert np.median(beats.amplitude_uv) == pytest.approx(900.0 * 1.2, rel=0.2)


def test_a_beat_is_confirmed_within_the_stated_latency() -> None:
    t, x, _ = clean(30.0)
    stage = EcgStage(130.0)
    for i in range(t.size):
        beats, _ = stage.push(t[i : i + 1], x[i : i + 1])
        if beats.t_s.size:
            assert t[i] - beats.t_s[0] <= stage.latency_s


def test_an_amplitude_far_from_usual_is_flagged_and_kept() -> None:
    t, x, truth = clean(40.0)
    near = np.abs(t - truth[30]) < 0.3
    x[near] *= 5.0
    beats, _ = run(t, x)
    assert beats.t_s.size == truth.size
    assert np.flatnonzero(beats.outlier).tolist() == [30]


def test_a_beat_below_the_threshold_is_found_by_searching_back() -> None:
    t, x, truth = clean(40.0)
    # A slow hump beside a beat of half size keeps the stretch above the threshold too short.
    near = np.abs(t - truth[30]) < 0.2
    x[near] *= 0.75
    burst = np.abs(t - truth[30] - 0.22) < 0.03
    x[burst] += 700.0 * np.sign(np.sin(2 * np.pi * 32.5 * t[burst]))
    beats, _ = run(t, x)
    assert np.min(np.abs(beats.t_s - truth[30])) < 0.25
    assert np.all(np.diff(beats.t_s) > 0.3)


def test_a_hole_breaks_the_chain_once_and_makes_no_beat() -> None:
    t, x, truth = clean(60.0)
    kept = (t < 30.0) | (t > 31.4)
    beats, verdicts = run(t[kept], x[kept])
    after = np.flatnonzero(beats.t_s > 30.0)
    assert beats.t_s[after[0]] > 31.4
    assert not beats.whole[after[0]]
    assert beats.whole[after[1:]].all()
    assert np.min(np.abs(truth[:, None] - beats.t_s), axis=0).max() < 0.02
    assert reasons(verdicts)[verdicts.second.tolist().index(31)] is Reason.GAP


def test_a_step_of_the_level_after_a_hole_is_no_beat() -> None:
    t, x, truth = clean(60.0)
    x[t > 31.0] += 50_000.0
    kept = (t < 30.0) | (t > 31.0)
    beats, _ = run(t[kept], x[kept])
    assert np.min(np.abs(truth[:, None] - beats.t_s), axis=0).max() < 0.02


def test_every_second_passed_has_one_verdict() -> None:
    t, x, _ = clean(30.0)
    kept = (t < 12.3) | (t > 19.1)
    _, verdicts = run(t[kept] + 3.5, x[kept])
    assert verdicts.second.tolist() == list(range(4, 34))


def test_a_long_hole_has_verdicts_on_its_last_seconds_only() -> None:
    t, x, _ = clean(30.0)
    t[t >= 15.0] += 100_000.0
    _, verdicts = run(t, x)
    assert verdicts.second.size == 15 + LONGEST_GAP_S + 14
    assert np.all(np.diff(verdicts.second) >= 1)


def test_the_gate_opens_after_five_seconds_and_stays_open() -> None:
    t, x, _ = clean(60.0)
    beats, verdicts = run(t, x)
    assert set(reasons(verdicts)[:4]) == {Reason.WARMUP}
    assert verdicts.usable[verdicts.second >= 8].all()
    assert beats.usable[beats.t_s > 8.0].all()
    assert beats.whole[beats.t_s > 9.0].all()
    assert np.nanmin(verdicts.template_r[verdicts.second > 8]) > 0.95


def noise(kind: str, n: int) -> Signal:
    t = np.arange(n) / 130.0
    rng = np.random.default_rng(5)
    match kind:
        case "flat":
            return np.zeros(n)
        case "stuck":
            return np.full(n, 812.0)
        case "last bit":
            return rng.integers(0, 2, n).astype(np.float64)
        case "50 Hz" | "60 Hz":
            return 500.0 * np.sin(2 * np.pi * float(kind[:2]) * t)
        case "Gaussian":
            return rng.normal(0.0, 200.0, n)
        case "clipped":
            return np.clip(rng.normal(0.0, 5000.0, n), -1000.0, 1000.0)
        case "clipped ECG":
            return np.clip(5.0 * ecg(t, beat_times(n / 130.0)), -200.0, 200.0)
        case _:
            return np.cumsum(rng.normal(0.0, 20.0, n))


@pytest.mark.parametrize(
    "kind",
    ["flat", "stuck", "last bit", "50 Hz", "60 Hz", "Gaussian", "clipped", "clipped ECG", "random walk"],
)
def test_ten_minutes_without_heart_give_no_usable_beat(kind: str) -> None:
    n = 78_000
    beats, verdicts = run(np.arange(n) / 130.0, noise(kind, n))
    assert not beats.usable.any()
    assert not verdicts.usable.any()


@pytest.mark.parametrize("kind", ["flat", "last bit", "50 Hz", "Gaussian", "clipped"])
def test_the_gate_closes_within_ten_seconds_and_opens_within_seven(kind: str) -> None:
    t, x, _ = clean(120.0)
    bad = (t >= 40.0) & (t < 80.0)
    x[bad] = noise(kind, int(bad.sum()))
    beats, verdicts = run(t, x)
    assert not verdicts.usable[(verdicts.second >= 50) & (verdicts.second <= 80)].any()
    assert not beats.usable[(beats.t_s > 51.0) & (beats.t_s < 80.0)].any()
    assert verdicts.usable[verdicts.second >= 87].all()
    first = np.flatnonzero(beats.usable & (beats.t_s > 80.0))[0]
    assert not beats.whole[first]


@pytest.mark.parametrize(("kind", "reason"), [("stuck", Reason.FLATLINE), ("clipped", Reason.SATURATED)])
def test_a_dead_signal_is_named_within_about_a_second(kind: str, reason: Reason) -> None:
    t, x, _ = clean(60.0)
    bad = t >= 40.0
    x[bad] = noise(kind, int(bad.sum()))
    _, verdicts = run(t, x)
    assert reason in reasons(verdicts)[40:43]


def test_a_reset_forgets_everything() -> None:
    t, x, _ = clean(30.0)
    stage = EcgStage(130.0)
    first = stage.push(t, x)
    stage.reset()
    second = stage.push(t, x)
    for a, b in zip((*first[0], *first[1]), (*second[0], *second[1]), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("rate_hz", [0.0, 51.2, 2000.0, float("nan")])
def test_a_rate_at_which_beats_cannot_be_found_is_refused(rate_hz: float) -> None:
    with pytest.raises(ValueError, match="100 to 1000 Hz"):
        EcgStage(rate_hz)
