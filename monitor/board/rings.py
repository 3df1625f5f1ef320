"""Bounded memory of the board: columns of numbers, each with the count of the call that brought it."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Ring:
    """The newest rows of a few columns of numbers.

    Memory grows by doubling up to a quarter above `capacity` rows and never further.

    Parameters
    ----------
    capacity : int
        Rows kept.
    columns : int
        Numbers per row.
    """

    __slots__ = ("_capacity", "_data", "_sequence", "_start", "_stop")

    def __init__(self, capacity: int, columns: int) -> None:
        self._capacity = max(1, capacity)
        size = min(self._capacity, 64)
        self._data = np.empty((columns, size))
        self._sequence = np.empty(size, np.int64)
        self._start = 0
        self._stop = 0

    def __len__(self) -> int:
        return self._stop - self._start

    @property
    def newest(self) -> int:
        """Count of the call that brought the newest row; 0 when empty."""
        return int(self._sequence[self._stop - 1]) if self._stop > self._start else 0

    def append(self, sequence: int, *values: float) -> None:
        """Add one row.

        Parameters
        ----------
        sequence : int
            Count of the call; never smaller than the one before.
        *values : float
            One number per column.
        """
        if self._stop == self._sequence.size:
            self._make_room(1)
        self._data[:, self._stop] = values
        self._sequence[self._stop] = sequence
        self._stop += 1
        self._start = max(self._start, self._stop - self._capacity)

    def extend(self, sequence: int, *columns: FloatArray) -> None:
        """Add rows.

        Parameters
        ----------
        sequence : int
            Count of the call; never smaller than the one before.
        *columns : ndarray of float64, shape (n,)
            One array per column.
        """
        n = min(columns[0].size, self._capacity)
        if n == 0:
            return
        if self._stop + n > self._sequence.size:
            self._make_room(n)
        stop = self._stop + n
        for row, column in zip(self._data, columns, strict=True):
            row[self._stop : stop] = column[-n:]
        self._sequence[self._stop : stop] = sequence
        self._stop = stop
        self._start = max(self._start, stop - self._capacity)

    def since(self, cursor: int) -> tuple[IntArray, FloatArray]:
        """Return copies of the rows that came after `cursor`.

        Parameters
        ----------
        cursor : int
            Count of the last call already seen; 0 for everything kept.

        Returns
        -------
        ndarray of int64, shape (n,)
            Count of the call that brought each row.
        ndarray of float64, shape (columns, n)
            The rows.
        """
        kept = self._sequence[self._start : self._stop]
        first = self._start + int(np.searchsorted(kept, cursor, side="right"))
        return self._sequence[first : self._stop].copy(), self._data[:, first : self._stop].copy()

    def view(self) -> FloatArray:
        """Return the kept rows without a copy.

        Returns
        -------
        ndarray of float64, shape (columns, n)
            A view, valid until the next row is added; writing to it changes the ring.
        """
        return self._data[:, self._start : self._stop]

    def like(self) -> "Ring":
        """Return an empty ring of the same size.

        Returns
        -------
        Ring
            Without rows.
        """
        return Ring(self._capacity, self._data.shape[0])

    def touch(self, sequence: int) -> None:
        """Make every kept row new again.

        Parameters
        ----------
        sequence : int
            Count to give to all rows.
        """
        self._sequence[self._start : self._stop] = sequence

    def _make_room(self, n: int) -> None:
        keep = min(len(self), self._capacity - n)
        first = self._stop - keep
        most = self._capacity + max(1, self._capacity // 4)
        size = min(most, max(self._sequence.size, 2 * (keep + n)))
        data, sequence = self._data, self._sequence
        if size > sequence.size:
            data, sequence = np.empty((data.shape[0], size)), np.empty(size, np.int64)
        data[:, :keep] = self._data[:, first : self._stop].copy()
        sequence[:keep] = self._sequence[first : self._stop].copy()
        self._data, self._sequence = data, sequence
        self._start, self._stop = 0, keep
