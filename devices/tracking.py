"""What is kept of one stream between two pushes: that its stamps ascend, how fast it runs, where it broke off."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from devices.spec import OutletSpec

RATE_SPAN_S = 10.0
"""Stretch of the stream a rate is measured over."""


class StreamTrack:
    """The course of one stream.

    Parameters
    ----------
    spec : OutletSpec
        What the stream declares.
    """

    __slots__ = ("_chunks", "broke_off_s", "last_s", "spec")

    def __init__(self, spec: OutletSpec) -> None:
        self.spec = spec
        self.last_s = -np.inf
        self.broke_off_s: float | None = None
        self._chunks: deque[tuple[float, float, int]] = deque()

    def redeclared(self, spec: OutletSpec) -> "StreamTrack":
        """Go on under another declaration.

        Parameters
        ----------
        spec : OutletSpec
            What the stream declares from now on.

        Returns
        -------
        StreamTrack
            A track whose stamps go on from this one.
        """
        track = StreamTrack(spec)
        track.last_s = self.last_s
        track.broke_off_s = self.broke_off_s
        return track

    def admit(
        self, values: NDArray[np.floating], stamps_s: NDArray[np.float64]
    ) -> tuple[NDArray[np.floating], NDArray[np.float64]]:
        """Let through the samples whose stamps go on from the last one.

        Parameters
        ----------
        values : ndarray, shape (n_samples,) or (n_samples, n_channels)
            Samples.
        stamps_s : ndarray of float64, shape (n_samples,)
            Their stamps.

        Returns
        -------
        values : ndarray, shape (n_admitted, n_channels)
            Those samples whose stamp is finite and later than every one before.
        stamps_s : ndarray of float64, shape (n_admitted,)
            Their stamps.

        Raises
        ------
        ValueError
            If there is not one value per channel and stamp.
        """
        n_channels = len(self.spec.channels)
        stamps = np.asarray(stamps_s, dtype=np.float64).reshape(-1)
        samples = np.asarray(values)
        if samples.size != len(stamps) * n_channels:
            raise ValueError(
                f"{samples.size} values for {len(stamps)} stamps and {n_channels} channels of {self.spec.name!r}"
            )
        samples = samples.reshape(-1, n_channels)
        usable = np.where(np.isfinite(stamps), stamps, -np.inf)
        before = np.maximum.accumulate(np.concatenate(([self.last_s], usable[:-1])))[: len(usable)]
        ascends = usable > before
        if not ascends.all():
            samples, stamps = samples[ascends], stamps[ascends]
        if len(stamps):
            self.last_s = float(stamps[-1])
            self._chunks.append((float(stamps[0]), self.last_s, len(stamps)))
            while self._chunks[0][1] < self.last_s - RATE_SPAN_S:
                self._chunks.popleft()
        return samples, stamps

    def rate_hz(self, now_s: float) -> float | None:
        """Measure the rate over the last 10 s, by stamps.

        Parameters
        ----------
        now_s : float
            Time now.

        Returns
        -------
        float or None
            Samples per second; 0.0 when nothing came for 10 s; None before there are two samples.
        """
        if not self._chunks:
            return None
        if now_s - self.last_s > RATE_SPAN_S:
            return 0.0
        n_samples = sum(n for _, _, n in self._chunks)
        span_s = self.last_s - self._chunks[0][0]
        return (n_samples - 1) / span_s if span_s > 0.0 else None

    def break_off(self) -> None:
        """Note that the link is gone; the next sample ends a gap."""
        if self.broke_off_s is None and np.isfinite(self.last_s):
            self.broke_off_s = self.last_s
        self._chunks.clear()

    def end_gap(self) -> float | None:
        """Say where the gap began that the newest sample ends.

        Returns
        -------
        float or None
            Stamp of the last sample before; None when there was no gap.
        """
        start_s, self.broke_off_s = self.broke_off_s, None
        return start_s
