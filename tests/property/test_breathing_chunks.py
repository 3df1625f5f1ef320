import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.breathing import BreathingWindow


@given(
    seed=st.integers(0, 2**32 - 1),
    cuts=st.lists(st.integers(0, 120), max_size=20),
    rate=st.floats(8.0, 25.0),
)
def test_breathing_does_not_depend_on_how_the_beats_were_cut(seed: int, cuts: list[int], rate: float) -> None:
    rng = np.random.default_rng(seed)
    rr_ms = rng.normal(850.0, 20.0, 120)
    t_s = np.cumsum(rr_ms) / 1000
    breath = np.sin(2 * np.pi * rate / 60 * t_s)
    columns = (t_s, rr_ms + 30.0 * breath, 1000.0 + 80.0 * breath, rng.random(120) > 0.02)
    whole, pieces = BreathingWindow(), BreathingWindow()
    whole.extend(*columns)
    for a, b in zip([0, *sorted(cuts)], [*sorted(cuts), 120], strict=True):
        pieces.extend(*(column[a:b] for column in columns))
    for end_s in (20.0, 50.0, 80.0, 120.0):
        assert repr(whole.at(end_s)) == repr(pieces.at(end_s))
