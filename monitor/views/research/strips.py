"""What the strips of one participant show: ECG, RR intervals, skin conductance."""

import numpy as np

from monitor.board.rings import FloatArray
from monitor.views.research.plots import MarkedPlot
from monitor.views.traces import BEAT_GAP_S, Traces

PEAK_S = 0.06
"""Within this of a detected beat lies the R peak of the raw trace."""


def peaks_near(rows: FloatArray, times_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Find where the drawn trace has the peaks that were detected.

    A detected time is refined on a filtered signal; a mark at the raw sample of that time would hang on the
    flank of the QRS complex.

    Parameters
    ----------
    rows : ndarray of float64, shape (2, n)
        Times and values of the trace.
    times_s : ndarray of float64, shape (m,)
        Detected R peaks.

    Returns
    -------
    times_s, values : ndarray of float64, shape (m,)
        Place of the largest deflection within 60 ms; NaN where the trace has nothing there.
    """
    t, x = rows
    out = np.full((2, times_s.size), np.nan)
    middle = float(np.nanmedian(x)) if np.isfinite(x).any() else 0.0
    starts, stops = np.searchsorted(t, times_s - PEAK_S), np.searchsorted(t, times_s + PEAK_S)
    for i, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        near = np.abs(x[start:stop] - middle)
        if near.size and np.isfinite(near).any():
            k = start + int(np.nanargmax(near))
            out[:, i] = t[k], x[k]
    return out[0], out[1]


def draw_ecg(plot: MarkedPlot, traces: Traces, code: str, now_s: float) -> None:
    """Draw the electrocardiogram with its R peaks.

    Parameters
    ----------
    plot : MarkedPlot
        Where.
    traces : Traces
        Display data.
    code : str
        Participant.
    now_s : float
        Session time in seconds.
    """
    start_s = now_s - plot.seconds
    rows = traces.samples(code, "ecg", start_s)
    plot.draw(rows)
    plot.fit(rows[1])
    beats = traces.beats(code, start_s)
    plot.mark(*peaks_near(rows, beats[0]), beats[2])


def draw_rr(plot: MarkedPlot, traces: Traces, code: str, now_s: float) -> None:
    """Draw the tachogram: NN intervals as a line, the others as marks.

    Parameters
    ----------
    plot : MarkedPlot
        Where.
    traces : Traces
        Display data.
    code : str
        Participant.
    now_s : float
        Session time in seconds.
    """
    t_s, rr_ms, nn = traces.beats(code, now_s - plot.seconds)
    line_ms = np.where(nn > 0, rr_ms, np.nan)
    # A beat whose predecessor is missing does not continue the line.
    after = np.flatnonzero(np.diff(t_s) > BEAT_GAP_S) + 1
    plot.draw(np.array([np.insert(t_s, after, t_s[after]), np.insert(line_ms, after, np.nan)]))
    plot.fit(rr_ms)
    plot.mark(t_s, rr_ms, nn)


def draw_eda(plot: MarkedPlot, traces: Traces, code: str, now_s: float) -> None:
    """Draw skin conductance with the peaks of its responses.

    Parameters
    ----------
    plot : MarkedPlot
        Where.
    traces : Traces
        Display data.
    code : str
        Participant.
    now_s : float
        Session time in seconds.
    """
    start_s = now_s - plot.seconds
    rows = traces.samples(code, "eda", start_s)
    plot.draw(rows)
    plot.fit(rows[1])
    peak_s = traces.responses(code, start_s)[1]
    plot.mark(peak_s, value_at(rows, peak_s), np.ones(peak_s.size))


def value_at(rows: FloatArray, times_s: FloatArray) -> FloatArray:
    """Return the value of a trace nearest to each time.

    Parameters
    ----------
    rows : ndarray of float64, shape (2, n)
        Ascending times and values.
    times_s : ndarray of float64, shape (m,)
        Where.

    Returns
    -------
    ndarray of float64, shape (m,)
        NaN where the trace has no sample within a quarter of a second.
    """
    if rows.shape[1] == 0 or times_s.size == 0:
        return np.full(times_s.size, np.nan)
    right = np.clip(np.searchsorted(rows[0], times_s), 1, max(rows.shape[1] - 1, 1))
    right = np.minimum(right, rows.shape[1] - 1)
    left = np.maximum(right - 1, 0)
    nearer = np.abs(rows[0, left] - times_s) <= np.abs(rows[0, right] - times_s)
    index = np.where(nearer, left, right)
    found: FloatArray = np.where(np.abs(rows[0, index] - times_s) <= 0.25, rows[1, index], np.nan)
    return found
