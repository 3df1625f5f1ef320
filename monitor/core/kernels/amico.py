"""Features of skin conductance, their assignment between two people, and the likeness of what lies between."""

import math

import numpy as np
from numpy.typing import NDArray

from monitor.core.kernels import kernel


@kernel
def turning_points(
    level: NDArray[np.float64],
    raw: NDArray[np.float64],
    least: float,
    reach: int,
    out: NDArray[np.int64],
) -> int:
    """Find alternating valleys and peaks at least `least` apart in height, and move them to the raw extremum nearby.

    Parameters
    ----------
    level, raw : ndarray of float64, shape (n,)
        Smoothed signal, and signal; NaN where missing. The border of a run is no feature.
    least : float
        Least rise or fall between neighbours, in the unit of the signal.
    reach : int
        Farthest move in samples; never up to a neighbour.
    out : ndarray of int64, shape (n, 2)
        Written: sample of each feature, and 1 for a peak, 0 for a valley.

    Returns
    -------
    int
        Number of features.
    """
    n, count = level.shape[0], 0
    start = high = low = -1
    direction = 0
    for t in range(n):
        if not math.isfinite(level[t]):
            start = -1
            continue
        if start < 0:
            start = high = low = t
            direction = 0
        if direction >= 0 and level[t] > level[high]:
            high = t
        if direction <= 0 and level[t] < level[low]:
            low = t
        if direction >= 0 and level[high] - level[t] >= least:
            if high > start:
                out[count, 0], out[count, 1] = high, 1
                count += 1
            direction, low = -1, t
        elif direction <= 0 and level[t] - level[low] >= least:
            if low > start:
                out[count, 0], out[count, 1] = low, 0
                count += 1
            direction, high = 1, t
    for k in range(count):
        sign = 1.0 if out[k, 1] == 1 else -1.0
        first = last = best = out[k, 0]
        before = max(first - reach, out[k - 1, 0] + 1 if k > 0 else 0)
        behind = min(last + reach, out[k + 1, 0] - 1 if k + 1 < count else n - 1)
        while first > before and math.isfinite(level[first - 1]):
            first -= 1
        while last < behind and math.isfinite(level[last + 1]):
            last += 1
        for t in range(first, last + 1):
            if sign * raw[t] > sign * raw[best]:
                best = t
        out[k, 0] = best
    return count


@kernel
def triangles(level: NDArray[np.float64], features: NDArray[np.int64], out: NDArray[np.int64]) -> int:
    """Collect valley, peak and end: the half recovery or the next valley, whichever comes first.

    Parameters
    ----------
    level : ndarray of float64, shape (n,)
        Smoothed signal; NaN where missing.
    features : ndarray of int64, shape (n_features, 2)
        Sample, and 1 for a peak, 0 for a valley; ascending.
    out : ndarray of int64, shape (n_features, 3)
        Written: samples of valley, peak and end. A triangle that meets a missing sample is left out.

    Returns
    -------
    int
        Number of triangles.
    """
    count = 0
    for k in range(1, features.shape[0]):
        if features[k, 1] == 0 or features[k - 1, 1] == 1:
            continue
        start, top = features[k - 1, 0], features[k, 0]
        whole = True
        for t in range(start, top):
            whole = whole and math.isfinite(level[t])
        half = 0.5 * (level[start] + level[top])
        stop = features[k + 1, 0] if k + 1 < features.shape[0] else level.shape[0] - 1
        end = top + 1
        while whole and end < stop and level[end] > half:
            end += 1
        reached = end <= stop and (
            level[end] <= half or (k + 1 < features.shape[0] and features[k + 1, 1] == 0)
        )
        if whole and reached and math.isfinite(level[end]):
            out[count, 0], out[count, 1], out[count, 2] = start, top, end
            count += 1
    return count


@kernel
def _lag_weight(lag: int, most: int) -> float:
    """Gaussian of the lag, scaled so that the farthest lag loses 30 %."""
    return 1.0 - 0.3 * (1.0 - math.exp(-2.0 * (lag / most) ** 2)) / (1.0 - math.exp(-2.0))


@kernel
def _stretch_weight(a: int, b: int) -> float:
    """Weight of the ratio of the longer to the shorter duration."""
    ratio = max(a, b) / min(a, b)
    return float(1.0 / (1.0 + (ratio / 350.0) ** 3.18) ** 25e5)


@kernel
def _read(x: NDArray[np.float64], first: int, n: int, out: NDArray[np.float64], at: int, n_out: int) -> None:
    """Read `n` steps from `first` in `n_out` steps by straight lines, both ends included."""
    for p in range(n_out + 1):
        place = p * n / n_out
        k = min(int(place), n - 1)
        part = place - k
        out[at + p] = (1.0 - part) * x[first + k] + part * x[first + k + 1]


@kernel
def _cosine(x: NDArray[np.float64], y: NDArray[np.float64], n: int, centred: bool) -> float:
    """Cosine of the first `n` values; Pearson's r when centred; NaN where one does not vary."""
    mx = my = 0.0
    if centred:
        for p in range(n):
            mx += x[p]
            my += y[p]
        mx /= n
        my /= n
    xx = yy = xy = 0.0
    for p in range(n):
        xx += (x[p] - mx) * (x[p] - mx)
        yy += (y[p] - my) * (y[p] - my)
        xy += (x[p] - mx) * (y[p] - my)
    return xy / math.sqrt(xx * yy) if xx > 0.0 and yy > 0.0 else math.nan


@kernel
def feature_likeness(
    x: NDArray[np.int64],
    y: NDArray[np.int64],
    dx: NDArray[np.float64],
    dy: NDArray[np.float64],
    run: NDArray[np.int64],
    table: NDArray[np.int64],
    most: int,
    out: NDArray[np.float64],
) -> None:
    """Likeness of every feature of `x` with its candidates of `y`: version 1.

    Parameters
    ----------
    x, y : ndarray of int64, shape (n_x, 2) and (n_y, 2)
        Sample, and 1 for a peak, 0 for a valley; ascending. Only like meets like.
    dx, dy : ndarray of float64, shape (n,)
        Derivatives of the smoothed signals.
    run : ndarray of int64, shape (n,)
        Stretch valid in both, or -1.
    table : ndarray of int64, shape (n_x + 1, 2)
        Of each row: its first candidate, and where its candidates begin in the likeness.
    most : int
        Longest lag in samples; also half of the window compared, cut at a gap.
    out : ndarray of float64, shape (n_candidates,)
        Written: from 0 (must not be matched) to 1.
    """
    n = run.shape[0]
    for i in range(x.shape[0]):
        for c in range(table[i, 1], table[i + 1, 1]):
            j = table[i, 0] + c - table[i, 1]
            a, b = x[i, 0], y[j, 0]
            out[c] = 0.0
            if x[i, 1] != y[j, 1] or run[a] < 0 or run[a] != run[b]:
                continue
            left = right = 0
            while left < most and min(a, b) > left and run[min(a, b) - left - 1] == run[a]:
                left += 1
            while right < most and max(a, b) + right + 1 < n and run[max(a, b) + right + 1] == run[a]:
                right += 1
            x_lo = x_hi = dx[a]
            y_lo = y_hi = dy[b]
            for k in range(-left, right + 1):
                x_lo, x_hi = min(x_lo, dx[a + k]), max(x_hi, dx[a + k])
                y_lo, y_hi = min(y_lo, dy[b + k]), max(y_hi, dy[b + k])
            if not (x_hi > x_lo and y_hi > y_lo):
                continue
            total = 0.0
            for k in range(-left, right + 1):
                total += 1.0 - abs((dx[a + k] - x_lo) / (x_hi - x_lo) - (dy[b + k] - y_lo) / (y_hi - y_lo))
            mean = total / (left + right + 1)
            out[c] = mean * mean * _lag_weight(b - a, most)


@kernel
def triangle_likeness(
    x: NDArray[np.int64],
    y: NDArray[np.int64],
    level_x: NDArray[np.float64],
    level_y: NDArray[np.float64],
    run: NDArray[np.int64],
    table: NDArray[np.int64],
    most: int,
    out: NDArray[np.float64],
) -> None:
    """Likeness of every triangle of `x` with its candidates of `y`: version 2.

    Parameters
    ----------
    x, y : ndarray of int64, shape (n_x, 3) and (n_y, 3)
        Valley, peak and end.
    level_x, level_y : ndarray of float64, shape (n,)
        Smoothed signals.
    run : ndarray of int64, shape (n,)
        Stretch valid in both, or -1.
    table : ndarray of int64, shape (n_x + 1, 2)
        Of each row: its first candidate, and where its candidates begin in the likeness.
    most : int
        Longest lag of the peaks in samples.
    out : ndarray of float64, shape (n_candidates,)
        Written: from 0 (must not be matched) to 1.
    """
    u, v = np.empty(level_x.shape[0] + 1), np.empty(level_x.shape[0] + 1)
    for i in range(x.shape[0]):
        for c in range(table[i, 1], table[i + 1, 1]):
            j = table[i, 0] + c - table[i, 1]
            here = run[x[i, 0]]
            out[c] = 0.0
            if here < 0 or run[x[i, 2]] != here or run[y[j, 0]] != here or run[y[j, 2]] != here:
                continue
            a, b = x[i, 2] - x[i, 0], y[j, 2] - y[j, 0]
            n = max(a, b)
            _read(level_x, x[i, 0], a, u, 0, n)
            _read(level_y, y[j, 0], b, v, 0, n)
            r = _cosine(u, v, n + 1, True)
            if r > 0.0:
                out[c] = r * _lag_weight(y[j, 1] - x[i, 1], most) * _stretch_weight(a, b)


@kernel
def assign(
    likeness: NDArray[np.float64], table: NDArray[np.int64], n_y: int, matched: NDArray[np.int64]
) -> float:
    """Choose the non-crossing one-to-one matches of the greatest sum.

    ``A[i, j] = max(A[i-1, j], A[i, j-1], A[i-1, j-1] + M[i, j])``; the range of candidates may never go back.

    Parameters
    ----------
    likeness : ndarray of float64, shape (n_candidates,)
        M of the candidates, row by row; 0 where a match is not allowed.
    table : ndarray of int64, shape (n_x + 1, 2)
        Of each row: its first candidate, and where its candidates begin in the likeness.
    n_y : int
        Number of columns.
    matched : ndarray of int64, shape (n_x,)
        Written: the column of each row, or -1.

    Returns
    -------
    float
        The sum.
    """
    best = np.zeros(n_y + 1)
    step = np.zeros(likeness.shape[0], dtype=np.int64)
    filled = 0
    for i in range(matched.shape[0]):
        hi = table[i, 0] + table[i + 1, 1] - table[i, 1]
        # Columns no earlier row could reach stand where the last reachable one stood.
        for j in range(filled + 1, hi + 1):
            best[j] = best[filled]
        filled = max(filled, hi)
        diagonal = best[table[i, 0]]
        for j in range(table[i, 0], hi):
            c = table[i, 1] + j - table[i, 0]
            up, left, match = best[j + 1], best[j], diagonal + likeness[c]
            diagonal = up
            if match > up and match > left:
                best[j + 1], step[c] = match, 2
            elif left > up:
                best[j + 1], step[c] = left, 1
    i, j = matched.shape[0] - 1, n_y - 1
    matched[:] = -1
    while i >= 0:
        j = min(j, table[i, 0] + table[i + 1, 1] - table[i, 1] - 1)
        if j < table[i, 0]:
            i -= 1
            continue
        move = step[table[i, 1] + j - table[i, 0]]
        if move == 2:
            matched[i] = j
        if move != 1:
            i -= 1
        if move != 0:
            j -= 1
    return float(best[filled])


@kernel
def pieces_likeness(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    parts: NDArray[np.int64],
    group: NDArray[np.int64],
    centred: bool,
    out: NDArray[np.float64],
) -> None:
    """Likeness of groups of successive parts, the shorter of each part stretched to the longer.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        Series without missing samples inside the parts.
    parts : ndarray of int64, shape (n_parts, 4)
        First and last sample in `x`, first and last in `y`; at least one step each.
    group : ndarray of int64, shape (n_groups + 1,)
        First part of each group.
    centred : bool
        Pearson's r when true, else the cosine.
    out : ndarray of float64, shape (n_groups,)
        Written: -1 to 1; NaN where one series does not vary.
    """
    u, v = np.empty(2 * x.shape[0] + 1), np.empty(2 * x.shape[0] + 1)
    for g in range(out.shape[0]):
        n = 0
        for k in range(group[g], group[g + 1]):
            a, b = parts[k, 1] - parts[k, 0], parts[k, 3] - parts[k, 2]
            # The last point of a part is the first of the next one.
            _read(x, parts[k, 0], a, u, n, max(a, b))
            _read(y, parts[k, 2], b, v, n, max(a, b))
            n += max(a, b)
        out[g] = _cosine(u, v, n + 1, centred)
