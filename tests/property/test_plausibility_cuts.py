"""The verdict on a channel does not depend on how the network cut its data."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Modality
from monitor.core.plausibility import Judgement, Plausibility


def verdicts(stamps: Any, values: Any, cuts: Any, rate: Any) -> Any:
    check = Plausibility(Modality.EDA, "uS", False, rate)
    found = []
    for start, stop in zip([0, *cuts], [*cuts, stamps.size], strict=True):
        verdict = check.push(stamps[start:stop], values[start:stop])
        if verdict is not None:
            found.append(verdict)
    return found


@given(data=st.data(), seed=st.integers(0, 2**16), flat=st.booleans(), stuck=st.booleans())
def test_the_verdict_is_the_same_for_every_cut(data: Any, seed: Any, flat: Any, stuck: Any) -> None:
    rng = np.random.default_rng(seed)
    rate = 20.0
    n = data.draw(st.integers(1, 500))
    stamps = np.zeros(n) if stuck else np.cumsum(rng.uniform(0.0, 0.1, n))
    stamps[rng.random(n) < 0.02] = np.nan
    values = np.where(np.arange(n) < 130 if flat else np.zeros(n, bool), 3.0, rng.uniform(2.0, 150.0, n))
    values[rng.random(n) < 0.1] = np.nan
    cuts = sorted(data.draw(st.lists(st.integers(0, n), max_size=12)))
    whole = verdicts(stamps, values, [], rate)
    single = verdicts(stamps, values, list(range(1, n)), rate)
    pieces = verdicts(stamps, values, cuts, rate)
    last = [repr(found[-1]) if found else None for found in (whole, single, pieces)]
    assert last[0] == last[1] == last[2]
    assert all(v.judgement is Judgement.UNDECIDED for v in single[:-1])
