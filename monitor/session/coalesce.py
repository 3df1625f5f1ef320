"""Small chunks of a stream put together, so that a file holds few large ones."""

from typing import TYPE_CHECKING, Any

import numpy as np

from monitor.core.events import Chunk

if TYPE_CHECKING:
    from numpy.typing import NDArray


class ChunkCoalescer:
    """Chunks of every stream that wait to be written.

    Between two ticks the order of chunks of different streams means nothing, so those of one stream may be
    joined.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, list[Chunk]] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, chunk: Chunk) -> None:
        """Let a chunk wait.

        Parameters
        ----------
        chunk : Chunk
            Next of its stream.
        """
        self._waiting.setdefault(chunk.stream_id, []).append(chunk)

    def take(self, stream_id: int) -> list[Chunk]:
        """Give out what waits of one stream.

        Parameters
        ----------
        stream_id : int
            The stream.

        Returns
        -------
        list of Chunk
            Joined where type and width agree; empty when nothing waits.
        """
        return _join(self._waiting.pop(stream_id, []))

    def take_all(self) -> list[Chunk]:
        """Give out everything that waits.

        Returns
        -------
        list of Chunk
            Stream by stream, in the order in which their first chunks came.
        """
        return [chunk for stream_id in tuple(self._waiting) for chunk in self.take(stream_id)]


def _join(chunks: list[Chunk]) -> list[Chunk]:
    """Join the chunks of one stream; chunks that do not fit together stay as they are."""
    if len(chunks) < 2:
        return chunks
    stamps = np.concatenate([chunk.stamps for chunk in chunks])
    arrays: list[NDArray[Any]] = []
    texts: list[tuple[str, ...]] = []
    for chunk in chunks:
        if isinstance(chunk.values, tuple):
            texts.extend(chunk.values)
        else:
            arrays.append(chunk.values)
    if not arrays:
        return [Chunk(chunks[0].stream_id, stamps, tuple(texts))]
    if texts or len({(array.dtype, array.shape[1:]) for array in arrays}) > 1:
        return chunks
    return [Chunk(chunks[0].stream_id, stamps, np.concatenate(arrays))]
