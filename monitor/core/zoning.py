"""Zones of one participant: the decision each second, what later data take back, and complete stretches."""

from collections import deque
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.drift import DRIFT_START, DriftState, is_flat, step_drift
from calibration.edges import Edges
from calibration.excursions import BEFORE_S, HORIZON_S, Excursion, describe, recovered
from calibration.occupancy import CODES
from calibration.zones import START, Interval, Second, Zone, ZoneState, finish, step
from monitor.core.results import NAN, REVOCABLE_S, Revocation, ZoneRow

CENTRE_S = 15.0
"""Arousal of a grid second has its centre this long before."""

_SLACK_S = 1e-6
_LOOK_EVERY_S = 10
_GAP_S = 10
_FLAT_S = 180
_KEEP_S = max(BEFORE_S, _FLAT_S) + 30
_OUTSIDE = (Zone.ABOVE, Zone.BELOW)
_GONE = Second(NAN, NAN, NAN, NAN, NAN, 0)


class Decided(NamedTuple):
    """The state of the decision after one grid second."""

    emit_s: float
    second: int
    at: Second
    speaking: bool
    before: tuple[ZoneState, DriftState]
    after: tuple[ZoneState, DriftState]


class ZoneTrack(NamedTuple):
    """What is kept of a whole session, one entry per grid second.

    Parameters
    ----------
    first : int
        The first grid second.
    codes : ndarray of uint8, shape (n,)
        0 not available, 1 within, 2 above, 3 below.
    near : ndarray of uint8, shape (n,)
        1 where near an edge.
    excursions : tuple of Excursion
        All excursions.
    """

    first: int
    codes: NDArray[np.uint8]
    near: NDArray[np.uint8]
    excursions: tuple[Excursion, ...]


class ZoneStage:
    """Runs the zone decision of one participant.

    A second may be taken back until it is 10 s old; then it is final, and only final seconds make rows and
    statistics. The decision shown meanwhile is made anew from the state before the first second taken back.

    Parameters
    ----------
    participant : str
        Code of the person.
    first : int
        The first grid second.
    """

    def __init__(self, participant: str, first: int) -> None:
        self._participant = participant
        self._open: deque[Decided] = deque()
        self._state = (START._replace(since=first), DRIFT_START)
        self._edges: Edges | None = None
        self._first = first
        self._trail_first = first
        self._trail: list[Second] = []
        self._n_gone = 0
        self._codes = bytearray()
        self._near = bytearray()
        self._waiting: deque[Interval] = deque()
        self._excursions: list[Excursion] = []

    @property
    def state(self) -> ZoneState:
        """The decision after the newest second."""
        return self._state[0]

    @property
    def drift(self) -> DriftState:
        """Slow drift within the zone after the newest second."""
        return self._state[1]

    def flat(self) -> bool:
        """Tell whether arousal changed little in the last three minutes.

        Returns
        -------
        bool
            True for an SD below half of that in the reference.
        """
        recent = [at.arousal for at in self._trail[-_FLAT_S:]]
        recent += [decided.at.arousal for decided in self._open]
        return is_flat(np.array(recent[-_FLAT_S:]))

    def zone_at(self, second: int) -> Zone:
        """Tell the zone that was confirmed at a recent second.

        Parameters
        ----------
        second : int
            Grid second.

        Returns
        -------
        Zone
            NA for seconds no longer kept.
        """
        place = second - self._first
        if 0 <= place < len(self._codes):
            return CODES[self._codes[place]]
        return next((d.after[0].zone for d in self._open if d.second == second), Zone.NA)

    def push(
        self, second: int, emit_s: float, at: Second, edges: Edges | None, *, speaking: bool
    ) -> list[ZoneRow]:
        """Take one grid second.

        Parameters
        ----------
        second : int
            Grid second, one after the other.
        emit_s : float
            Session time of the tick that closes it.
        at : Second
            Arousal and its parts.
        edges : Edges or None
            The person's window; None without a calibration.
        speaking : bool
            Whether the person speaks: such a second tells nothing of drift.

        Returns
        -------
        list of ZoneRow
            Stretches that have become complete.
        """
        self._edges = edges or self._edges
        out = self._settle(emit_s)
        before = self._state
        self._state = self._stepped(before, second, at, speaking=speaking)
        self._open.append(Decided(emit_s, second, at, speaking, before, self._state))
        return out

    def _stepped(
        self, state: tuple[ZoneState, DriftState], second: int, at: Second, *, speaking: bool
    ) -> tuple[ZoneState, DriftState]:
        if self._edges is None:
            return (state[0]._replace(closed=None), state[1])
        zone = step(state[0], second, at, self._edges)
        usable = zone.zone is Zone.WITHIN and not speaking
        return (zone, step_drift(state[1], at.arousal if usable else NAN))

    def revoke(self, revocation: Revocation) -> None:
        """Take seconds back and decide anew from there.

        Parameters
        ----------
        revocation : Revocation
            Which seconds, and why.
        """
        taken = [
            i
            for i, decided in enumerate(self._open)
            if revocation.start_s - _SLACK_S <= decided.second <= revocation.stop_s + _SLACK_S
        ]
        if not taken:
            return
        gone = frozenset(taken)
        state = self._open[taken[0]].before
        for i in range(taken[0], len(self._open)):
            decided = self._open[i]
            at = _GONE if i in gone else decided.at
            before, state = state, self._stepped(state, decided.second, at, speaking=decided.speaking)
            self._open[i] = decided._replace(at=at, before=before, after=state)
        self._state = state

    def finish(self) -> list[ZoneRow]:
        """Complete what is open at the end of the session.

        Returns
        -------
        list of ZoneRow
            The last stretches.
        """
        out = self._settle(float("inf"))
        stop = self._first + len(self._codes)
        last = finish(self._state[0], stop)
        if last is not None and stop > self._first:
            self._close(last)
        return out + self._rows(stop, ending=True)

    def track(self) -> ZoneTrack:
        """Return what is kept of the session.

        Returns
        -------
        ZoneTrack
            Complete after `finish`.
        """
        codes = np.frombuffer(bytes(self._codes), dtype=np.uint8)
        near = np.frombuffer(bytes(self._near), dtype=np.uint8)
        return ZoneTrack(self._first, codes, near & (codes == 1), tuple(self._excursions))

    def _settle(self, now_s: float) -> list[ZoneRow]:
        """Make final what can no longer be taken back."""
        out: list[ZoneRow] = []
        while self._open and now_s - self._open[0].emit_s > REVOCABLE_S + _SLACK_S:
            decided = self._open.popleft()
            state, at = decided.after[0], decided.at
            present = at.arousal == at.arousal
            self._trail.append(at)
            self._n_gone = 0 if present else self._n_gone + 1
            # The zone of a second is known when its stretch is complete; missing seconds stay missing.
            self._codes.append(CODES.index(state.zone) if present else 0)
            self._near.append(1 if state.near else 0)
            if state.closed is not None:
                self._close(state.closed)
            if self._waiting:
                out += self._rows(decided.second + 1, ending=False)
            elif len(self._trail) > 2 * _KEEP_S and state.zone not in _OUTSIDE:
                self._forget(decided.second - _KEEP_S)
        return out

    def _close(self, interval: Interval) -> None:
        self._waiting.append(interval)
        code = CODES.index(interval.zone)
        for second in range(interval.start, interval.stop):
            place = second - self._first
            if self._codes[place]:
                self._codes[place] = code

    def _rows(self, now: int, *, ending: bool) -> list[ZoneRow]:
        """Hand out stretches in order; one after an excursion waits until its recovery is known."""
        out: list[ZoneRow] = []
        while self._waiting:
            interval = self._waiting[0]
            excursion: Excursion | None = None
            if interval.zone in _OUTSIDE:
                if not (ending or self._is_over(interval, now)):
                    break
                excursion = self._described(interval)
                self._excursions.append(excursion)
            self._waiting.popleft()
            out.append(self._row(interval, excursion))
        return out

    def _is_over(self, interval: Interval, now: int) -> bool:
        """Whether more seconds could not tell more about the recovery of an excursion."""
        waited = now - interval.stop
        if waited >= HORIZON_S or self._n_gone >= _GAP_S or interval.censored:
            return True
        if any(later.zone in _OUTSIDE for later in list(self._waiting)[1:]):
            return True
        if waited % _LOOK_EVERY_S:
            return False
        return recovered(interval, *self._since(interval))

    def _since(self, interval: Interval) -> tuple[int, NDArray[np.float64]]:
        """Seconds from a minute before an excursion to its end and 10 min more, as far as they are there."""
        first = max(self._trail_first, interval.start - BEFORE_S)
        rows = self._trail[first - self._trail_first : interval.stop + HORIZON_S - self._trail_first]
        return first, np.array(rows, dtype=np.float64).reshape(-1, len(Second._fields))

    def _described(self, interval: Interval) -> Excursion:
        if self._edges is None:
            raise RuntimeError("an excursion without edges")
        first, seconds = self._since(interval)
        return describe(interval, first, seconds, self._edges)

    def _row(self, interval: Interval, excursion: Excursion | None) -> ZoneRow:
        return ZoneRow(
            self._participant,
            interval.zone.value,
            interval.start - CENTRE_S,
            interval.stop - CENTRE_S,
            interval.censored,
            excursion.peak if excursion else NAN,
            excursion.area if excursion else NAN,
            excursion.half_recovery_s if excursion else NAN,
        )

    def _forget(self, before: int) -> None:
        n = before - self._trail_first
        if n > 0:
            del self._trail[:n]
            self._trail_first = before
