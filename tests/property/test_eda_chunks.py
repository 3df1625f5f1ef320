"""However a stream is cut, the electrodermal numbers are the same, bit for bit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from monitor.core.eda import EdaEvents, EdaStage, RevokedSpan, Scr
from monitor.core.kernels.eda_points import _median
from monitor.core.results import Estimate

SECONDS = 110


def recording(seed: int, rate_hz: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Responses, drift, jitter, losses, a hole, a fall, a flat stretch and a lost electrode, anywhere."""
    rng = np.random.default_rng(seed)
    stamps = np.arange(int(SECONDS * rate_hz)) / rate_hz + rng.uniform(0.0, 0.3)
    stamps += rng.uniform(-0.3, 0.3, stamps.size) / rate_hz
    values = 3.0 + 0.01 * stamps + 0.003 * rng.standard_normal(stamps.size)
    for onset_s in rng.uniform(0.0, SECONDS, 14):
        since = np.clip(stamps - onset_s, 0.0, None)
        values += rng.uniform(0.1, 0.8) * (np.exp(-since / 2.0) - np.exp(-since / 0.75))
    for at_s in rng.uniform(0.0, SECONDS, 12):
        # Losses too short for a hole: a point is then known much later than its time.
        kept = (stamps < at_s) | (stamps > at_s + rng.uniform(0.1, 0.9))
        stamps, values = stamps[kept], values[kept]
    for shape in rng.permutation(4)[: rng.integers(1, 4)]:
        at_s = rng.uniform(15.0, SECONDS)
        span = (stamps > at_s) & (stamps < at_s + rng.uniform(0.5, 9.0))
        if shape == 0:
            values[span] = 0.0
        elif shape == 1:
            values[span] = values[span][:1]
        elif shape == 2:
            values[span] *= 0.7
        else:
            stamps, values = stamps[~span], values[~span]
    return stamps, values


def streamed(
    stamps: NDArray[np.float64], values: NDArray[np.float64], rate_hz: float, cuts: list[int]
) -> tuple[list[Scr], list[RevokedSpan], list[bytes]]:
    """Everything a stage says when it is fed in pieces and read as soon as a second is complete."""
    stage = EdaStage(rate_hz)
    said = EdaEvents([], [])
    read: list[bytes] = []
    second = 1
    for start, stop in zip([0, *cuts], [*cuts, stamps.size], strict=True):
        events = stage.push(stamps[start:stop], values[start:stop])
        said.scrs.extend(events.scrs)
        said.revoked.extend(events.revoked)
        while second <= SECONDS - 1 and stop and (stamps[stop - 1] >= second or stop == stamps.size):
            read.append(as_bytes(stage.at(float(second))))
            second += 1
    said.scrs.extend(stage.finish().scrs)
    return said.scrs, said.revoked, read


def as_bytes(answer: dict[str, Estimate]) -> bytes:
    """An answer with every bit of its numbers."""
    numbers = np.array([(e.value, e.se, e.coverage) for e in answer.values()]).tobytes()
    return numbers + "".join(f"{e.status}{e.reason}" for e in answer.values()).encode()


def same(first: list[Scr], second: list[Scr]) -> bool:
    """Whether two lists of responses agree in every bit."""
    return np.array(first).tobytes() == np.array(second).tobytes()


@given(
    seed=st.integers(0, 10_000),
    rate_hz=st.sampled_from([3.0, 4.0, 8.0, 15.0, 51.2]),
    data=st.data(),
)
def test_any_cutting_gives_the_same_numbers(seed: int, rate_hz: float, data: st.DataObject) -> None:
    stamps, values = recording(seed, rate_hz)
    # Pieces of at most 40 s: answers are kept for 60 s of later samples.
    n_cuts = data.draw(st.integers(3, 60))
    regular = [int(SECONDS * rate_hz * k / 4) for k in range(1, 4)]
    drawn = data.draw(st.lists(st.integers(0, stamps.size), min_size=0, max_size=n_cuts))
    cuts = sorted({c for c in [*regular, *drawn] if c <= stamps.size})
    one_by_one = list(range(1, stamps.size))
    scrs, revoked, read = streamed(stamps, values, rate_hz, cuts)
    scrs_1, revoked_1, read_1 = streamed(stamps, values, rate_hz, one_by_one)
    assert same(scrs, scrs_1)
    assert revoked == revoked_1
    assert read == read_1


def test_a_whole_recording_at_once_gives_the_same_events() -> None:
    for seed in range(8):
        stamps, values = recording(seed, 15.0)
        scrs, revoked, _ = streamed(stamps, values, 15.0, [])
        scrs_1, revoked_1, _ = streamed(stamps, values, 15.0, list(range(1, stamps.size)))
        assert same(scrs, scrs_1)
        assert revoked == revoked_1


@given(seed=st.integers(0, 10_000))
def test_what_is_not_missing_is_a_number(seed: int) -> None:
    stamps, values = recording(seed, 8.0)
    stage = EdaStage(8.0)
    stage.push(stamps, values)
    for second in range(SECONDS - 50, SECONDS):
        for estimate in stage.at(float(second)).values():
            assert np.isfinite(estimate.value) == (estimate.status != "NA")
            assert (estimate.status == "OK") == (estimate.reason == "")
            assert 0.0 <= estimate.coverage <= 1.0


@given(values=st.lists(st.floats(-10.0, 10.0), min_size=1, max_size=240))
def test_the_median_of_the_kernels_is_the_median(values: list[float]) -> None:
    assert _median(np.array(values), len(values)) == np.median(values)
