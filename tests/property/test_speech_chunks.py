"""The spoken share does not depend on pieces, interleaving or the future."""

import itertools
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.speech import SpeechLog
from monitor.core.speech_marks import SpeechMarks

N = 400
END_S = 120

seeds = st.integers(0, 2**32 - 1)
cut_points = st.lists(st.integers(0, N), max_size=30)


def voice(seed: int, rate_hz: float, wrong: float) -> tuple[Any, Any]:
    """Voice activity with gaps, disorder, missing values, and now and then a value that is none."""
    rng = np.random.default_rng(seed)
    t_s = np.cumsum(rng.choice([0.25, 0.3, 1.9, 2.1, 7.0], N, p=[0.8, 0.1, 0.05, 0.04, 0.01]))
    late = rng.random(N) < 0.03
    t_s[late] -= rng.choice([0.25, 3.0], late.sum())
    x = np.repeat(rng.random(N // 8), 8) if rate_hz else rng.random(N)
    x[rng.random(N) < 0.02] = np.nan
    t_s[rng.random(N) < 0.01] = np.nan
    x[rng.random(N) < wrong] = 55.0
    return t_s, x


def pieces(columns: Sequence[Any], cuts: Sequence[int]) -> list[tuple[Any, ...]]:
    edges = [0, *sorted(cuts), len(columns[0])]
    return [tuple(column[a:b] for column in columns) for a, b in itertools.pairwise(edges)]


def shares(log: SpeechLog, stop_s: int = END_S) -> bytes:
    """Ask every second from the first on, as the pipeline does."""
    asked = [log.share(second - 30.0, float(second)) for second in range(1, stop_s + 1)]
    return struct.pack(f"{len(asked)}d", *asked)


@pytest.mark.parametrize("rate_hz", [0.0, 4.0, 0.5])
@given(seed=seeds, cuts=cut_points, wrong=st.sampled_from([0.0, 0.005]))
def test_the_share_does_not_depend_on_how_voice_activity_was_cut(
    rate_hz: float, seed: int, cuts: list[int], wrong: float
) -> None:
    def fed(cuts: Sequence[int]) -> tuple[bytes, int, list[str]]:
        log = SpeechLog()
        told = [log.push(t, x, 1, rate_hz) for t, x in pieces(voice(seed, rate_hz, wrong), cuts)]
        return shares(log), log.n_late, [text for text in told if text]

    whole = fed([])
    assert fed(cuts)[0] == whole[0]
    assert fed(range(1, N))[0] == whole[0]
    assert fed(cuts)[2] == whole[2]
    assert fed(cuts)[1] == whole[1]


@given(seed=seeds, cuts=cut_points)
def test_it_does_not_depend_on_the_interleaving_of_sources(seed: int, cuts: list[int]) -> None:
    rng = np.random.default_rng(seed)
    marks = [(float(t), bool(rng.random() < 0.5)) for t in np.sort(rng.uniform(0.0, END_S, 20))]
    columns = voice(seed, 4.0, 0.0)
    first, second = SpeechLog(), SpeechLog()
    for t_s, speaking in marks:
        first.set(t_s, speaking)
    first.push(*columns, 1, 4.0)
    parts = pieces(columns, cuts)
    due = iter(marks)
    for part in parts:
        second.push(*part, 1, 4.0)
        for t_s, speaking in itertools.islice(due, 2):
            second.set(t_s, speaking)
    for t_s, speaking in due:
        second.set(t_s, speaking)
    assert shares(first) == shares(second)


@given(seed=seeds, rate_hz=st.sampled_from([0.0, 4.0]))
def test_asking_while_data_come_gives_what_asking_afterwards_gives(seed: int, rate_hz: float) -> None:
    t_s, x = voice(seed, rate_hz, 0.0)
    afterwards = SpeechLog()
    afterwards.push(t_s, x, 1, rate_hz)
    live, asked, start = SpeechLog(), [], 0
    newest_s = np.maximum.accumulate(np.nan_to_num(t_s, nan=-np.inf))
    for second in range(1, END_S + 1):
        stop = int(np.searchsorted(newest_s, second))
        live.push(t_s[start:stop], x[start:stop], 1, rate_hz)
        start = stop
        asked.append(live.share(second - 30.0, float(second)))
    assert struct.pack(f"{END_S}d", *asked) == shares(afterwards)


@given(seed=seeds, cuts=cut_points)
def test_a_share_is_a_share_or_unknown(seed: int, cuts: list[int]) -> None:
    log = SpeechLog()
    for source, (t, x) in enumerate(pieces(voice(seed, 4.0, 0.002), cuts)):
        log.push(t, x, source % 3, 4.0 * (source % 2))
    values = np.frombuffer(shares(log))
    known = values[~np.isnan(values)]
    assert np.all((known >= 0.0) & (known <= 1.0))


@given(texts=st.lists(st.sampled_from(["C07 on", "C07 off", "x", "T02 1", ""]), max_size=40), cuts=cut_points)
def test_marks_do_not_depend_on_how_the_texts_were_cut(texts: list[str], cuts: list[int]) -> None:
    def read(cuts: Sequence[int]) -> tuple[Any, ...]:
        reader = SpeechMarks()
        found, told = [], []
        stamps = [float(i) for i in range(len(texts))]
        for t, part in pieces((stamps, texts), [cut for cut in cuts if cut <= len(texts)]):
            marks, problem = reader.push(t, part)
            found += marks
            told += [problem] if problem else []
        return found, told, reader.n_unreadable

    assert read(cuts) == read([]) == read(range(1, len(texts)))
