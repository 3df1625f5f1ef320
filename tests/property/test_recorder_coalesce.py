"""Joining chunks loses nothing and keeps what has an order in order."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.events import Chunk
from monitor.session.coalesce import ChunkCoalescer


@st.composite
def chunk_lists(draw: st.DrawFn) -> list[Chunk]:
    chunks = []
    for _ in range(draw(st.integers(0, 25))):
        stream_id = draw(st.integers(1, 3))
        n = draw(st.integers(0, 4))
        stamps = np.array(draw(st.lists(st.floats(0, 1e6), min_size=n, max_size=n)), dtype=np.float64)
        if stream_id == 3:
            texts = draw(st.lists(st.text(max_size=3), min_size=n, max_size=n))
            chunks.append(Chunk(stream_id, stamps, tuple((text,) for text in texts)))
        else:
            dtype = draw(st.sampled_from((np.float32, np.int16))) if stream_id == 2 else np.float64
            chunks.append(Chunk(stream_id, stamps, np.arange(2 * n, dtype=dtype).reshape(n, 2)))
    return chunks


def flat(chunks: list[Chunk], stream_id: int) -> list[tuple[float, str]]:
    mine = [chunk for chunk in chunks if chunk.stream_id == stream_id]
    return [
        (float(stamp), f"{getattr(row, 'dtype', 'text')} {tuple(row)}")
        for chunk in mine
        for stamp, row in zip(chunk.stamps, chunk.values, strict=True)
    ]


@given(chunks=chunk_lists(), seed=st.integers(0, 2**16))
def test_every_sample_comes_out_once_in_order_and_type(chunks: list[Chunk], seed: int) -> None:
    rng = np.random.default_rng(seed)
    coalescer = ChunkCoalescer()
    out: list[Chunk] = []
    for chunk in chunks:
        coalescer.add(chunk)
        if rng.random() < 0.15:
            out += coalescer.take(int(rng.integers(1, 4)))
        if rng.random() < 0.15:
            out += coalescer.take_all()
    out += coalescer.take_all()
    assert not coalescer
    for stream_id in (1, 2, 3):
        assert flat(out, stream_id) == flat(chunks, stream_id)
