"""Screening does not depend on how the samples were cut."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.intake import Intake
from monitor.core.model import Modality

STEPS = st.lists(
    st.sampled_from([0.0, 0.0077, 0.0077, 0.0077, -0.5, 0.6, 4.0, 7.0, 700.0, float("nan")]),
    min_size=1,
    max_size=60,
)


@given(steps=STEPS, cuts=st.one_of(st.just(list(range(60))), st.lists(st.integers(0, 60), max_size=8)))
def test_any_cut_lets_the_same_samples_through(steps: list[float], cuts: list[int]) -> None:
    t = 100.0 + np.cumsum(np.nan_to_num(np.array(steps)))
    t[np.isnan(steps)] = np.nan
    x = np.arange(t.size, dtype=float)
    whole = Intake(Modality.ECG, 0.2)
    expected = whole.push(t, x)
    pieces = Intake(Modality.ECG, 0.2)
    parts = [
        pieces.push(a, b) for a, b in zip(np.split(t, sorted(cuts)), np.split(x, sorted(cuts)), strict=True)
    ]
    np.testing.assert_array_equal(np.concatenate([p[0] for p in parts]), expected[0])
    np.testing.assert_array_equal(np.concatenate([p[1] for p in parts]), expected[1])
    assert pieces.gaps == whole.gaps
    assert pieces.n_accepted == whole.n_accepted
    assert (pieces.n_disordered, pieces.n_not_finite, pieces.n_outliers) == (
        whole.n_disordered,
        whole.n_not_finite,
        whole.n_outliers,
    )
