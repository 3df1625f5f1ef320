"""Segments of one person's prepared series, ready to be compared with anybody's."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.synchrony import centre_segment

KEEP_S: Final = 7200.0
"""The session so far reaches back two hours."""

NOISE_RATIO: Final = 3.0
"""A segment whose SD is below so many times the noise says nothing."""


class Segments:
    """The newest segments of one series of one person; segment `index` of the session stands in a ring.

    Parameters
    ----------
    n : int
        Samples in a segment.
    lags : int
        Longest lag in samples.
    step_s : float
        From one sample to the next, in seconds.
    keep : int
        How many segments are kept.

    Attributes
    ----------
    centred : ndarray of float64, shape (keep, n + 2 lags)
        Segments minus their mean, with zeros where missing and beside the ends.
    norm : ndarray of float64, shape (keep,)
        Roots of their sums of squares.
    valid : ndarray of bool, shape (keep, n)
        Which samples are valid.
    """

    def __init__(self, n: int, lags: int, step_s: float, *, keep: int) -> None:
        self.n = n
        self.lags = lags
        self.step_s = step_s
        self.keep = keep
        self.n_added = 0
        self.centred = np.zeros((keep, n + 2 * lags))
        self.norm = np.zeros(keep)
        self.valid = np.zeros((keep, n), dtype=np.bool_)
        self._varies = np.zeros(keep, dtype=np.bool_)

    @property
    def length_s(self) -> float:
        """Length of a segment in seconds."""
        return self.n * self.step_s

    def add(self, values: NDArray[np.float64], noise: float) -> None:
        """Take the next segment of the session.

        Parameters
        ----------
        values : ndarray of float64, shape (n,)
            Prepared samples; NaN where missing.
        noise : float
            Standard deviation of the noise in them.
        """
        row = self.n_added % self.keep
        valid = np.isfinite(values)
        count = int(np.count_nonzero(valid))
        self.valid[row] = valid
        self.norm[row] = centre_segment(values, self.lags, self.centred[row])
        sd = self.norm[row] / np.sqrt(count) if count else 0.0
        scale = float(np.abs(values[valid]).max()) if count else 0.0
        # What is constant but for rounding has no variance either.
        self._varies[row] = sd > max(NOISE_RATIO * noise, 1e-9 * scale)
        self.n_added += 1

    def row(self, index: int) -> int:
        """Return the row of a segment.

        Parameters
        ----------
        index : int
            Place in the session, one of the `keep` newest.

        Returns
        -------
        int
            Row of `centred` and `norm`.
        """
        return index % self.keep

    def varies(self, index: int) -> bool:
        """Tell whether a segment varies more than its noise.

        Parameters
        ----------
        index : int
            Place in the session.

        Returns
        -------
        bool
            False for constants and for what is mostly noise.
        """
        return bool(self._varies[self.row(index)])

    def valid_together(self, other: "Segments", index: int) -> int:
        """Count the samples of a segment that are valid in both.

        Parameters
        ----------
        other : Segments
            Of the other person.
        index : int
            Place in the session.

        Returns
        -------
        int
            Samples.
        """
        row = self.row(index)
        return int(np.count_nonzero(self.valid[row] & other.valid[other.row(index)]))
