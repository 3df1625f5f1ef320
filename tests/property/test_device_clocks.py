"""Laws of the bridge's clocks: no cut matters, nothing steps back, whatever a device sends."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from devices.beats import BeatClock
from devices.clock import DeviceClock

seeds = st.integers(0, 2**32 - 1)
FRAME = 20


def frames(seed: int, n: int = 120) -> list[tuple[np.ndarray, float]]:
    """Frames of a device whose clock drifts, leaps and goes back, that arrive late and in bursts."""
    rng = np.random.default_rng(seed)
    leap_s = rng.choice([0.0, 30.0, -30.0, 0.4, -0.2], n, p=[0.94, 0.015, 0.015, 0.015, 0.015])
    last_s = 6e8 + np.cumsum(rng.choice([0.15, 2.0, 9.0], n, p=[0.97, 0.02, 0.01]) + leap_s)
    late_s = rng.exponential(0.02, n) + rng.choice([0.0, 3.0], n, p=[0.95, 0.05])
    arrival_s = np.maximum.accumulate(40.0 + np.cumsum(np.full(n, 0.15)) + late_s)
    inside_s = np.linspace(-0.15, 0.0, FRAME + 1)[1:]
    return [(last + inside_s, float(at)) for last, at in zip(last_s, arrival_s, strict=True)]


def stamped(delivered: list[tuple[np.ndarray, float]], cuts: list[int]) -> np.ndarray:
    clock, out = DeviceClock(), []
    for device_s, arrival_s in delivered:
        clock.observe(float(device_s[-1]), arrival_s)
        for start, stop in itertools.pairwise([0, *sorted(cuts), FRAME]):
            out.append(clock.stamps(device_s[start:stop]))
    return np.concatenate(out)


@given(seed=seeds, cuts=st.lists(st.integers(0, FRAME), max_size=8))
def test_stamps_do_not_depend_on_how_a_frame_was_cut(seed: int, cuts: list[int]) -> None:
    delivered = frames(seed)
    whole = stamped(delivered, [])
    assert stamped(delivered, cuts).tobytes() == whole.tobytes()
    assert stamped(delivered, list(range(1, FRAME))).tobytes() == whole.tobytes()


@given(seed=seeds, restarts=st.sets(st.integers(0, 119), max_size=4))
def test_stamps_ascend_whatever_the_device_clock_does(seed: int, restarts: set[int]) -> None:
    clock, out = DeviceClock(), []
    for k, (device_s, arrival_s) in enumerate(frames(seed)):
        if k in restarts:
            clock.restart()
        clock.observe(float(device_s[-1]), arrival_s)
        out.append(clock.stamps(device_s))
    assert np.all(np.diff(np.concatenate(out)) > 0.0)


@given(seed=seeds, origin_s=st.sampled_from([0.0, 1e3, 8e8]))
def test_the_origin_of_the_device_clock_does_not_matter(seed: int, origin_s: float) -> None:
    delivered = frames(seed)
    moved = [(device_s - 6e8 + origin_s, arrival_s) for device_s, arrival_s in delivered]
    assert np.allclose(stamped(moved, []), stamped(delivered, []), rtol=0.0, atol=2e-6)


notifications = st.lists(
    st.tuples(
        st.floats(0.0, 20.0),
        st.lists(st.one_of(st.integers(250, 1800), st.integers(0, 65535)), max_size=9),
    ),
    max_size=60,
)


@given(sent=notifications, restarts=st.sets(st.integers(0, 59), max_size=3))
def test_beats_keep_order_number_and_distance_whatever_a_strap_sends(
    sent: list[tuple[float, list[int]]], restarts: set[int]
) -> None:
    clock, arrival_s, last_s, gap_due = BeatClock(), 100.0, -np.inf, True
    for k, (after_s, ticks) in enumerate(sent):
        arrival_s += after_s
        if k in restarts:
            clock.restart()
            gap_due = True
        found = clock.push(arrival_s, ticks)
        assert found.rr_ms.tolist() == [n * 1000 / 1024 for n in ticks if 0 < n <= 4096]
        beats = iter(zip(*(column.tolist() for column in found), strict=True))
        for n in ticks:
            if not 0 < n <= 4096:
                gap_due = True
                continue
            stamp_s, rr_ms, gap = next(beats)
            assert stamp_s > last_s
            assert gap or not gap_due
            if not gap:
                assert abs(stamp_s - last_s - rr_ms / 1000) < 0.0301
            last_s, gap_due = stamp_s, False
