"""The calibrated statistic of a session: similarity of simultaneous segments against permuted ones."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels.synchrony import (
    ANTI_PHASE,
    IN_PHASE,
    LEAD,
    N_KEPT,
    N_STATISTICS,
    RECENT,
    TOTAL,
    extend_similarity,
    pairing_statistics,
)
from monitor.core.results import NAN, Reason, Status
from monitor.core.synchrony.gate import MIN_SEGMENTS, SURE_SEGMENTS, VALID_SHARE
from monitor.core.synchrony.pairings import Pairings
from monitor.core.synchrony.segments import Segments

RECENT_S: Final = 300.0
"""Time constant of the weights of the recent statistic."""

LEAD_Z: Final = 2.0
"""A direction is shown only beyond this."""

_MIN_COPIES = 3
_COPY_R = 0.99
"""Two people do not agree so closely in half of their segments."""

CHANCE = (0.05, 0.95)
"""The chance band lies between these shares of a null distribution."""


class SessionStatistic(NamedTuple):
    """Synchrony of two people over the session so far, and what chance gives.

    Parameters
    ----------
    n_segments : int
        Segments valid in both.
    z : float
        Mean similarity at the true times, in SD of the permutation distribution around its mean.
    p : float
        Share of permutations at least as similar, one-sided, never 0.
    chance_lo, chance_hi : float
        5 and 95 % of the permutations, in the unit of `z`.
    z_recent, recent_lo, recent_hi : float
        The same with exponential weights of 300 s.
    z_in_phase, z_anti_phase : float
        Of the positive and the negative parts of the similarity apart; positive means more than chance gives.
    z_lead : float
        Direction; positive when the first tended to come earlier.
    lag_s : float
        Lag of the strongest mean similarity; positive when the first leads. NaN unless there are 20 segments,
        synchrony is above chance, the direction is beyond 2 SD and the peak lies on its side and within reach.
    status : Status
        NA below 10 segments, LOW below 20.
    reason : Reason
        Why not OK.
    """

    n_segments: int
    z: float
    p: float
    chance_lo: float
    chance_hi: float
    z_recent: float
    recent_lo: float
    recent_hi: float
    z_in_phase: float
    z_anti_phase: float
    z_lead: float
    lag_s: float
    status: Status
    reason: Reason


def missing_statistic(reason: Reason, n_segments: int = 0) -> SessionStatistic:
    """Return a statistic that cannot be given.

    Parameters
    ----------
    reason : Reason
        Why.
    n_segments : int, default 0
        Segments valid in both.

    Returns
    -------
    SessionStatistic
        NA, with NaN for every number.
    """
    return SessionStatistic(n_segments, *(NAN,) * 11, Status.NA, reason)


def chance_band(null: NDArray[np.float64], mean: float, sd: float) -> tuple[float, float]:
    """Return the bounds between which chance lies in nine cases of ten.

    Parameters
    ----------
    null : ndarray of float64, shape (n,)
        Null distribution.
    mean, sd : float
        Its mean and standard deviation.

    Returns
    -------
    float
        5 %, in standard deviations from the mean.
    float
        95 %.
    """
    # As numpy.quantile, which needs ten times as long for so few values.
    ordered = np.sort(null)
    places = [share * (ordered.size - 1) for share in CHANCE]
    low, high = (
        float(ordered[int(at)] + (at - int(at)) * (ordered[int(at) + 1] - ordered[int(at)])) for at in places
    )
    return float((low - mean) / sd), float((high - mean) / sd)


class Coupling:
    """Similarity of all pairs of segments of two people; one row and one column are added at a time.

    Parameters
    ----------
    first, second : Segments
        Segments of the two people, of the same length, rate and lags.
    pairings : Pairings
        Permutations of the null distribution; may be shared.

    Notes
    -----
    For segments i of the first and h of the second person, ``M[i, h]`` is the mean over all lags of the
    Fisher-z of their correlation (the divisor is n at every lag, as in R's ``ccf`` and in SUSY; missing samples
    count as the mean of their segment). ``T`` is the mean of ``M[i, i]``; its null distribution pairs segment i
    with a segment at least two places away. Unlike the effect size of SUSY, whose unit is the spread over
    lags, ``z`` is calibrated for a single session.
    """

    def __init__(self, first: Segments, second: Segments, pairings: Pairings) -> None:
        if (first.n, first.lags) != (second.n, second.lags):
            raise ValueError("the segments of two people must have one length and one longest lag")
        self._first, self._second = first, second
        self._pairings = pairings
        self._position = np.zeros(16, dtype=np.int64)
        self._rows = np.zeros(16, dtype=np.int64)
        self._similarity = np.zeros((16, 16, N_KEPT), dtype=np.float32)
        self._profiles = np.zeros((16, 2 * first.lags + 1))
        self._n = 0
        self._n_copies = 0
        self._n_flat = 0
        self._n_seen = 0

    @property
    def n_segments(self) -> int:
        """Segments that count."""
        return self._n

    @property
    def is_same_signal(self) -> bool:
        """Whether both people seem to have been given one and the same signal."""
        return self._n_copies >= max(_MIN_COPIES, 0.5 * self._n)

    @property
    def members(self) -> NDArray[np.int64]:
        """Places in the session of the segments that count."""
        return self._position[: self._n].copy()

    @property
    def similarity(self) -> NDArray[np.float32]:
        """Mean Fisher-z, segment of the first by segment of the second person."""
        return self._similarity[: self._n, : self._n, 0]

    def close(self, index: int) -> bool:
        """Take a segment that both people have completed.

        Parameters
        ----------
        index : int
            Its place in the session.

        Returns
        -------
        bool
            Whether it counts.
        """
        first, second = self._first, self._second
        self._n_seen += 1
        reason = self.why_not(index)
        if reason is not Reason.NONE:
            self._n_flat += reason is Reason.ZERO_VARIANCE
            return False
        self._make_room(index)
        n = self._n
        self._position[n], self._rows[n] = index, first.row(index)
        self._n = n + 1
        largest_r = extend_similarity(
            first.centred,
            second.centred,
            first.norm,
            second.norm,
            self._rows,
            self._n,
            first.lags,
            self._profiles[n],
            self._similarity,
        )
        self._n_copies += largest_r >= _COPY_R
        return True

    @property
    def segment_s(self) -> float:
        """Length of a segment in seconds."""
        return self._first.length_s

    def why_not(self, index: int) -> Reason:
        """Tell why a segment does not count.

        Parameters
        ----------
        index : int
            Place in the session of one of the newest segments.

        Returns
        -------
        Reason
            Too little of it is valid in both, or one of the two does not vary; empty when it counts.
        """
        if self._first.valid_together(self._second, index) < VALID_SHARE * self._first.n:
            return Reason.GAP
        if not (self._first.varies(index) and self._second.varies(index)):
            return Reason.ZERO_VARIANCE
        return Reason.NONE

    def statistic(self) -> SessionStatistic:
        """Compare the true times with permuted ones.

        Returns
        -------
        SessionStatistic
            NA with a reason where it cannot be given.
        """
        n = self._n
        if self.is_same_signal:
            return missing_statistic(Reason.NO_DATA)
        if n < MIN_SEGMENTS:
            return missing_statistic(self._shortage(), n)
        weights = np.exp((self._position[:n] - self._position[n - 1]) * (self._first.length_s / RECENT_S))
        weights /= weights.sum()
        turned = self._is_turned()
        table = self._pairings.of(self._position[:n])
        if table.shape[0] < self._pairings.n_permutations:
            return missing_statistic(Reason.TOO_FEW_SEGMENTS, n)
        null = np.empty((N_STATISTICS, table.shape[0]))
        pairing_statistics(self._similarity, table, weights, turned, null)
        true = np.empty((N_STATISTICS, 1))
        pairing_statistics(self._similarity, np.arange(n, dtype=np.int16)[None], weights, turned, true)
        true = true[:, 0]
        mean, sd = null.mean(axis=1), null.std(axis=1)
        if not sd[TOTAL] > 0.0:
            return missing_statistic(Reason.ZERO_VARIANCE, n)
        z = (true - mean) / sd
        total_lo, total_hi = chance_band(null[TOTAL], mean[TOTAL], sd[TOTAL])
        recent_lo, recent_hi = chance_band(null[RECENT], mean[RECENT], sd[RECENT])
        status = Status.OK if n >= SURE_SEGMENTS else Status.LOW
        return SessionStatistic(
            n_segments=n,
            z=float(z[TOTAL]),
            p=(1 + int(np.count_nonzero(null[TOTAL] >= true[TOTAL]))) / (null.shape[1] + 1),
            chance_lo=total_lo,
            chance_hi=total_hi,
            z_recent=float(z[RECENT]),
            recent_lo=recent_lo,
            recent_hi=recent_hi,
            z_in_phase=float(z[IN_PHASE]),
            z_anti_phase=float(z[ANTI_PHASE]),
            z_lead=float(z[LEAD]),
            lag_s=self._lag(float(z[LEAD])) if status is Status.OK and z[TOTAL] > total_hi else NAN,
            status=status,
            reason=Reason.NONE if status is Status.OK else Reason.TOO_FEW_SEGMENTS,
        )

    def profile(self) -> NDArray[np.float64]:
        """Return the mean Fisher-z at every lag, each of what overlaps at it.

        Returns
        -------
        ndarray of float64, shape (2 lags + 1,)
            From the longest negative to the longest positive lag; positive: the first leads.
        """
        return np.asarray(self._profiles[: self._n].mean(axis=0))

    def _is_turned(self) -> bool:
        """Whose segments are permuted is decided by the data: it must not matter who is called first."""
        rows = self._rows[: self._n]
        return float(self._first.norm[rows].sum()) > float(self._second.norm[rows].sum())

    def _lag(self, z_lead: float) -> float:
        if abs(z_lead) <= LEAD_Z:
            return NAN
        lags = self._first.lags
        profile = self.profile()
        peak = int(np.argmax(profile))
        if peak in (0, 2 * lags):
            return NAN
        before, at, after = profile[peak - 1 : peak + 2]
        bend = before - 2.0 * at + after
        lag = (peak - lags + (0.5 * (before - after) / bend if bend < 0.0 else 0.0)) * self._first.step_s
        return float(lag) if lag * z_lead > 0.0 else NAN

    def _shortage(self) -> Reason:
        """Why there are fewer segments than needed: mostly flat, mostly missing, or simply not yet."""
        n_missing = self._n_seen - self._n - self._n_flat
        if self._n_flat > max(self._n, n_missing):
            return Reason.ZERO_VARIANCE
        if self._n_seen >= MIN_SEGMENTS and n_missing > self._n:
            return Reason.NO_DATA if self._n == 0 else Reason.GAP
        return Reason.TOO_FEW_SEGMENTS

    def _make_room(self, index: int) -> None:
        n = self._n
        gone = int(np.searchsorted(self._position[:n], index - self._first.keep, side="right"))
        if gone:
            kept = n - gone
            self._position[:kept] = self._position[gone:n]
            self._rows[:kept] = self._rows[gone:n]
            self._similarity[:kept, :kept] = self._similarity[gone:n, gone:n].copy()
            self._profiles[:kept] = self._profiles[gone:n]
            self._n = n = kept
        size = len(self._position)
        if n < size:
            return
        self._position = np.concatenate((self._position, np.zeros(size, dtype=np.int64)))
        self._rows = np.concatenate((self._rows, np.zeros(size, dtype=np.int64)))
        self._profiles = np.concatenate((self._profiles, np.zeros_like(self._profiles)))
        larger = np.zeros((2 * size, 2 * size, N_KEPT), dtype=np.float32)
        larger[:size, :size] = self._similarity
        self._similarity = larger
