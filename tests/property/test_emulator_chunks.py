from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.emulator import dress
from devices.emulator.frames import Frame, Wearable
from devices.emulator.script import Script, write_script
from devices.emulator.waveforms import Waveforms, simulate_waveforms


# Not fixtures: a failing property prints its arguments, and these hold whole sessions.
@cache
def waveforms() -> Waveforms:
    return simulate_waveforms()


@cache
def script() -> Script:
    return write_script(0.75, 11)


def content(frames: list[Frame]) -> dict[str, tuple[bytes, bytes, list[tuple[int, float]]]]:
    by_stream = {}
    for source_id in sorted({frame.source_id for frame in frames}):
        mine = [frame for frame in frames if frame.source_id == source_id]
        by_stream[source_id] = (
            np.concatenate([frame.stamps_s for frame in mine]).tobytes(),
            np.concatenate([frame.values for frame in mine]).tobytes(),
            [(frame.device_time, frame.due_s) for frame in mine],
        )
    return by_stream


def asked_at(wearable: Wearable, times_s: list[float]) -> list[Frame]:
    frames = []
    for until_s in times_s:
        arrived = wearable.next(until_s)
        assert all(frame.due_s <= until_s for frame in arrived)
        frames += arrived
    return frames + wearable.next(np.inf)


@settings(max_examples=25)
@given(times_s=st.lists(st.floats(0.0, 50.0), max_size=30).map(sorted))
def test_how_often_it_is_asked_changes_nothing(times_s: list[float]) -> None:
    for whole, pieces in zip(dress(script(), waveforms()), dress(script(), waveforms()), strict=True):
        assert content(asked_at(pieces, times_s)) == content(whole.next(np.inf))


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), minutes=st.floats(0.1, 1.0))
def test_every_session_is_finite_and_in_order(seed: int, minutes: float) -> None:
    for wearable in dress(write_script(minutes, seed), waveforms()):
        frames = wearable.next(np.inf)
        for spec in wearable.specs:
            mine = [frame for frame in frames if frame.source_id == spec.source_id]
            for frame in mine:
                assert np.isfinite(frame.values).all()
            stamps_s = np.concatenate([frame.stamps_s for frame in mine]) if mine else np.empty(0)
            assert np.all(np.diff(stamps_s) >= 0.0)
            assert stamps_s.max(initial=0.0) <= 60.0 * minutes
