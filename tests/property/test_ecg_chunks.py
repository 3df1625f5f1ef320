"""However an ECG is cut into chunks, beats and verdicts are the same to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray

from monitor.core.ecg import EcgStage
from monitor.core.kernels.ecg import advance
from monitor.core.kernels.ecg_quality import skip_seconds, take_segment, verdict

Signal = NDArray[np.float64]
RATE_HZ = 130.0


def recording(seed: int) -> tuple[Signal, Signal]:
    """Beats, a turned strap, weak beats, noise, a flat piece and holes, with jittered stamps, in 100 s."""
    rng = np.random.default_rng(seed)
    n = int(100 * RATE_HZ)
    t = np.arange(n) / RATE_HZ + rng.uniform(-0.001, 0.001, n) + rng.uniform(0.0, 1.0)
    x = rng.normal(0.0, 15.0, n)
    beat = t[0] + 0.4
    while beat < t[-1]:
        height = rng.choice([900.0, 900.0, 900.0, 900.0, 300.0, 2000.0])
        x += height * (
            np.exp(-0.5 * ((t - beat) / 0.01) ** 2) - 0.3 * np.exp(-0.5 * ((t - beat - 0.03) / 0.012) ** 2)
        )
        beat += rng.choice([0.8, 0.8, 0.82, 0.5, 1.6]) + rng.normal(0.0, 0.02)
    x[:5000] *= -1.0
    x[6500:7200] += rng.normal(0.0, 400.0, 700)
    x[8000:8400] = x[8000]
    kept = np.ones(n, dtype=np.bool_)
    for start, length in ((3000, 70), (9000, 300), (10_000, 1600), (12_000, 8)):
        kept[start : start + length] = False
    return t[kept], x[kept]


def in_pieces(t: Signal, x: Signal, cuts: list[int]) -> list[bytes]:
    stage = EcgStage(RATE_HZ)
    parts = [stage.push(t[a:b], x[a:b]) for a, b in zip([0, *cuts], [*cuts, t.size], strict=True)]
    beats = [np.concatenate(column).tobytes() for column in zip(*(part[0] for part in parts), strict=True)]
    verdicts = [np.concatenate(column).tobytes() for column in zip(*(part[1] for part in parts), strict=True)]
    return beats + verdicts


@given(seed=some.integers(0, 5), cuts=some.lists(some.integers(0, 11_000), max_size=60))
@settings(max_examples=40)
def test_random_pieces_give_identical_bits(seed: int, cuts: list[int]) -> None:
    t, x = recording(seed)
    assert in_pieces(t, x, sorted(cuts)) == in_pieces(t, x, [])


@pytest.mark.parametrize("step", [1, 7, 73])
def test_equal_pieces_give_identical_bits(step: int) -> None:
    t, x = recording(9)
    assert in_pieces(t, x, list(range(step, t.size, step))) == in_pieces(t, x, [])


def test_read_only_and_strided_input_compiles_nothing_new() -> None:
    t, x = recording(2)
    whole = in_pieces(t, x, [])
    t.flags.writeable = False
    assert in_pieces(t, np.column_stack([x, x])[:, 1], []) == whole
    for kernel in (advance, take_segment, verdict, skip_seconds):
        assert len(kernel.signatures) == 1


@given(shift_s=some.integers(0, 2**20), power=some.integers(-2, 3))
@settings(max_examples=15)
def test_scaling_by_a_power_of_two_scales_amplitudes_only(shift_s: int, power: int) -> None:
    t, x = recording(3)
    t = np.round(t * 2.0**20) / 2.0**20
    plain, _ = EcgStage(RATE_HZ).push(t, x)
    moved, _ = EcgStage(RATE_HZ).push(t + shift_s, x * 2.0**power)
    np.testing.assert_allclose(moved.t_s - shift_s, plain.t_s, atol=1e-8)
    np.testing.assert_array_equal(moved.amplitude_uv, plain.amplitude_uv * 2.0**power)
