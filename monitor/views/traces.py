"""What the window keeps of raw samples, beats, responses and trails between two snapshots."""

import math

import numpy as np

from monitor.board.rings import FloatArray, Ring
from monitor.board.snapshot import Snapshot
from monitor.board.synchrony import TRAIL_ROWS
from monitor.board.zones import AROUSAL, HALF_WINDOW_S
from monitor.views.plane.scores import ScoreTrails
from monitor.views.timeline.overview import Overview

MAX_SAMPLES = 60_000
MAX_EVENTS = 4096
MAX_TRAIL = 3700
"""The longest span of a band, and what is late of it."""

GAP_PERIODS = 4.0
LEAST_GAP_S = 0.25
BEAT_GAP_S = 2.5


class Traces:
    """Display data of all participants, in bounded memory."""

    def __init__(self) -> None:
        self._board = ""
        self._samples: dict[tuple[str, str], Ring] = {}
        self._beats: dict[str, Ring] = {}
        self._scrs: dict[str, Ring] = {}
        self._trails: dict[str, Ring] = {}
        self._synchrony: dict[tuple[str, str, str], Ring] = {}
        self._overview = Overview()
        self._scores = ScoreTrails()
        self._versions: dict[tuple[str, ...], int] = {}

    def apply(self, snapshot: Snapshot) -> None:
        """Take what is new.

        Parameters
        ----------
        snapshot : Snapshot
            The next snapshot; one of another board starts anew.
        """
        if snapshot["board"] != self._board:
            self._board = snapshot["board"]
            for known in self._synchrony:
                # Its line is drawn on a change only: that nothing is left of it is one.
                self._bump(known)
            for kept in (self._samples, self._beats, self._scrs, self._trails, self._synchrony):
                kept.clear()
            self._overview.clear()
            self._scores.clear()
            self._bump(("overview",))
        for trace in snapshot["traces"]:
            key = (trace["participant"], trace["modality"])
            ring = self._samples.setdefault(key, Ring(MAX_SAMPLES, 2))
            ring.extend(0, np.array(trace["t_s"]), np.array(trace["value"], np.float64))
            self._bump(key)
        for code, beats in snapshot["beats"].items():
            ring = self._beats.setdefault(code, Ring(MAX_EVENTS, 3))
            nn = np.array(beats["nn"], np.float64)
            ring.extend(0, np.array(beats["t_s"]), np.array(beats["rr_ms"], np.float64), nn)
            self._bump((code, "beats"))
        for code, scrs in snapshot["scrs"].items():
            ring = self._scrs.setdefault(code, Ring(MAX_EVENTS, 2))
            ring.extend(0, np.array(scrs["t_onset_s"]), np.array(scrs["t_peak_s"]))
            self._bump((code, "scrs"))

        self._apply_trails(snapshot)
        if self._overview.apply(snapshot):
            self._bump(("overview",))
        for code in self._scores.apply(snapshot):
            self._bump((code, "scores"))

    def _apply_trails(self, snapshot: Snapshot) -> None:
        # What was taken back is already missing in the rows of the same snapshot: only older ones are touched.
        for revoked in snapshot["revoked"]:
            known = self._trails.get(revoked["participant"])
            if known is not None and AROUSAL in revoked["markers"]:
                t_s, arousal = known.view()
                grid_s = t_s + HALF_WINDOW_S
                arousal[(grid_s >= revoked["start_s"]) & (grid_s <= revoked["stop_s"])] = np.nan
                self._bump((revoked["participant"], "trail"))
        for code, trail in snapshot["zone_trails"].items():
            ring = self._trails.setdefault(code, Ring(MAX_TRAIL, 2))
            ring.extend(0, np.array(trail["t_centre_s"]), np.array(trail["arousal"], np.float64))
            self._bump((code, "trail"))
        for line in snapshot["synchrony_trails"]:
            dyad = (line["first"], line["second"], line["signal"])
            ring = self._synchrony.setdefault(dyad, Ring(TRAIL_ROWS, 5))
            numbers = (line["z_session"], line["chance_lo"], line["chance_hi"])
            sure = np.array([float(status == "OK") for status in line["status"]])
            ring.extend(0, np.array(line["t_s"]), *(np.array(x, np.float64) for x in numbers), sure)
            self._bump(dyad)

    def _bump(self, key: tuple[str, ...]) -> None:
        self._versions[key] = self._versions.get(key, 0) + 1

    def version(self, *key: str) -> int:
        """Return a number that changes when there is something new to draw.

        Parameters
        ----------
        *key : str
            Participant and modality, ``beats``, ``scrs``, ``trail`` or ``scores``; or first, second and signal of a
            dyad; or ``overview`` for the time line of the whole session.

        Returns
        -------
        int
            0 when there has never been anything.
        """
        return self._versions.get(key, 0)

    def samples(self, code: str, modality: str, start_s: float) -> FloatArray:
        """Return raw samples from a moment on.

        Parameters
        ----------
        code : str
            Participant.
        modality : str
            What was measured.
        start_s : float
            Session time in seconds.

        Returns
        -------
        ndarray of float64, shape (2, n)
            Session seconds and values; NaN where a sample is missing and one in each gap.
        """
        rows = _from(self._samples.get((code, modality)), 2, start_s)
        return with_gaps(rows)

    def beats(self, code: str, start_s: float) -> FloatArray:
        """Return beats from a moment on.

        Parameters
        ----------
        code : str
            Participant.
        start_s : float
            Session time in seconds.

        Returns
        -------
        ndarray of float64, shape (3, n)
            Session seconds, interval in ms or NaN, and 1.0 for an NN interval.
        """
        return _from(self._beats.get(code), 3, start_s)

    def responses(self, code: str, start_s: float) -> FloatArray:
        """Return skin conductance responses from a moment on.

        Parameters
        ----------
        code : str
            Participant.
        start_s : float
            Session time in seconds.

        Returns
        -------
        ndarray of float64, shape (2, n)
            Session seconds of onset and of peak.
        """
        return _from(self._scrs.get(code), 2, start_s)

    def trail(self, code: str, start_s: float) -> FloatArray:
        """Return arousal from a moment on, one value per second.

        Parameters
        ----------
        code : str
            Participant.
        start_s : float
            Session time in seconds.

        Returns
        -------
        ndarray of float64, shape (2, n)
            Centre of the window in session seconds, and arousal in reference SD, NaN where missing.
        """
        return _from(self._trails.get(code), 2, start_s)

    def scores(self, code: str, start_s: float) -> FloatArray:
        """Return the places in the plane of vagal and electrodermal scores from a moment on.

        Parameters
        ----------
        code : str
            Participant.
        start_s : float
            Session time in seconds.

        Returns
        -------
        ndarray of float64, shape (3, n)
            As in `monitor.views.plane.scores.ScoreTrails.places`.
        """
        return self._scores.places(code, start_s)

    def synchrony(self, first: str, second: str, signal: str) -> FloatArray:
        """Return the readings of a dyad over the session so far.

        Parameters
        ----------
        first, second : str
            Codes.
        signal : str
            ``eda`` or ``ibi``.

        Returns
        -------
        ndarray of float64, shape (5, n)
            Session seconds, synchrony in SD of chance, both limits of chance, NaN where missing, and 1.0 where the
            status is OK.
        """
        return _from(self._synchrony.get((first, second, signal)), 5, -math.inf)

    def timeline(self, code: str, variant: int = 0) -> FloatArray:
        """Return the cells of the time line of a participant.

        Parameters
        ----------
        code : str
            Participant.
        variant : int, default 0
            Which of the profiles compared.

        Returns
        -------
        ndarray of float64, shape (4, n)
            As in `monitor.views.timeline.overview.Overview.cells`.
        """
        return self._overview.cells(code, variant)

    def variants(self) -> list[int]:
        """Return which of the profiles compared have a time line.

        Returns
        -------
        list of int
            Ascending; 0 is the session's own.
        """
        return self._overview.variants()

    def overview(self, first: str, second: str, signal: str) -> FloatArray:
        """Return the readings of a dyad over the whole recording of a replay, past and future.

        Parameters
        ----------
        first, second : str
            Codes.
        signal : str
            ``eda`` or ``ibi``.

        Returns
        -------
        ndarray of float64, shape (5, n)
            As in `synchrony`.
        """
        return self._overview.synchrony(first, second, signal)


def _from(ring: Ring | None, columns: int, start_s: float) -> FloatArray:
    if ring is None:
        return np.empty((columns, 0))
    rows = ring.view()
    return rows[:, int(np.searchsorted(rows[0], start_s)) :]


def with_gaps(rows: FloatArray) -> FloatArray:
    """Put a missing sample into each gap, so that no line is drawn across it.

    Parameters
    ----------
    rows : ndarray of float64, shape (2, n)
        Ascending times and values.

    Returns
    -------
    ndarray of float64, shape (2, n + n_gaps)
        The same with NaN values added.
    """
    if rows.shape[1] < 3:
        return rows
    steps = np.diff(rows[0])
    limit_s = max(GAP_PERIODS * float(np.median(steps)), LEAST_GAP_S)
    after = np.flatnonzero(steps > limit_s) + 1
    if after.size == 0:
        return rows
    return np.insert(rows, after, np.array([rows[0, after - 1], np.full(after.size, np.nan)]), axis=1)


def nice_range(low: float, high: float, shown: tuple[float, float], least: float) -> tuple[float, float]:
    """Choose a range that stays as it is while the data fit it.

    Parameters
    ----------
    low, high : float
        Range of the data.
    shown : (float, float)
        Range shown at present.
    least : float
        Smallest span.

    Returns
    -------
    (float, float)
        `shown` when the data lie inside and fill at least a third of it; else a new range with round
        limits around the data.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return shown
    span, wide = high - low, shown[1] - shown[0]
    if shown[0] <= low and high <= shown[1] and (wide <= least * 1.5 or span > wide / 3):
        return shown
    target = max(span * 1.3, least)
    step = 10.0 ** math.floor(math.log10(target / 4))
    step *= next(f for f in (1.0, 2.0, 5.0, 10.0) if target / (f * step) <= 6)
    centre = (low + high) / 2
    return math.floor((centre - target / 2) / step) * step, math.ceil((centre + target / 2) / step) * step
