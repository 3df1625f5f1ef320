"""A made-up session: raw signals, beats, markers, zones, synchrony, notes."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.board.board import Board
from monitor.board.session_views import CloudView, MarkView, TransportView
from monitor.core.events import Chunk, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import (
    NAN,
    BeatClass,
    BeatRow,
    MarkerRow,
    Reason,
    Result,
    ScrRow,
    Status,
    ZoneReading,
)
from tests.staging_people import (
    DYAD,
    GAPS,
    NOW_S,
    PAST,
    Bump,
    Missing,
    arousal_of,
    readings_of,
    shift_of,
    synchrony_of,
)

START_UTC_S = 1_795_356_000.0
ECG_HZ, EDA_HZ = 130.0, 51.2
RAW_S = 66.0
"""Seconds of raw samples fed before the moment."""

ROWS_S = 330
"""Seconds of marker rows fed before the moment."""


def marks() -> list[MarkView]:
    """Return made-up notes and judgements of a session."""

    def mark(
        number: int,
        t_s: float,
        kind: str,
        label: str,
        person: str = "",
        by: str = "therapist",
        text: str = "",
    ) -> MarkView:
        return MarkView(number=number, t_s=t_s, kind=kind, label=label, participant=person, by=by, text=text)

    return [
        mark(1, 618.0, "note", "rupture"),
        mark(2, 655.0, "mark", "too_much", "C07"),
        mark(3, 760.0, "note", "repair"),
        mark(4, 1204.0, "mark", "too_little", "C07"),
        mark(5, 1425.0, "note", "silence"),
        mark(6, 1433.0, "note", "silence"),
        mark(7, 1700.0, "mark", "tolerable", "C07", text="back in the room"),
    ]


def clouds() -> list[CloudView]:
    """Return the made-up reference clouds of the dyad."""
    return [
        CloudView(
            participant="C07", x_mean=0.0, y_mean=0.0, x_sd=0.92, y_sd=0.88, correlation=-0.25, minutes=8.2
        ),
        CloudView(
            participant="T02", x_mean=0.05, y_mean=-0.1, x_sd=0.8, y_sd=0.95, correlation=0.1, minutes=7.6
        ),
    ]


def transport(**change: object) -> TransportView:
    """Return where a made-up replay is."""
    whole = TransportView(
        playing=True,
        speed=1.0,
        position_s=NOW_S,
        duration_s=3000.0,
        ready_s=3000.0,
        at_end=False,
        variant=0,
        variants=["as recorded"],
        differences=[],
        author="R. Weiss",
        message="",
    )
    return {**whole, **change}  # type: ignore[typeddict-item]


def recording(**change: object) -> dict[str, object]:
    """Return the state of a recorder at work."""
    whole: dict[str, object] = {
        "state": "recording",
        "path": "/data/2026-11-22-C07",
        "bytes": 6_400_000.0,
        "seconds": NOW_S,
        "disk_hours": 41.0,
        "disk_free_bytes": 2e11,
        "queue": 0.0,
        "error": "",
    }
    return {**whole, **change}


class Session:
    """A made-up session of some people at a moment, which can go on.

    Parameters
    ----------
    people : sequence of (str, str), optional
        Code and kind of each.
    now_s : float, default NOW_S
        The moment.
    bumps : mapping, optional
        More bumps of arousal by person.
    missing : mapping, optional
        More stretches without arousal by person.
    calibration : str, default ''
        ``not_calibrated`` or ``calibration_expired`` for all.
    held : Reason, optional
        Why the vagal index of the first person is not OK.
    """

    def __init__(
        self,
        *,
        people: Sequence[tuple[str, str]] = DYAD,
        now_s: float = NOW_S,
        bumps: dict[str, tuple[Bump, ...]] | None = None,
        missing: dict[str, tuple[Missing, ...]] | None = None,
        calibration: str = "",
        held: Reason = Reason.NONE,
        board: Board | None = None,
    ) -> None:
        self.board = Board(trace_s=60.0) if board is None else board
        self.people = tuple(people)
        self.now_s = now_s
        self._bumps = {c: PAST.get(c, ()) + (bumps or {}).get(c, ()) for c, _ in people}
        self._missing = {c: GAPS.get(c, ()) + (missing or {}).get(c, ()) for c, _ in people}
        self._calibration = calibration
        self._held = held
        self._silent: dict[int, float] = {}
        self._open()

    def _open(self) -> None:
        self.board.note_people(self.people)
        self.board.set_origin(0.0)
        for number, (code, modality) in enumerate(self._roles(), 1):
            heart = modality is Modality.ECG
            info = StreamInfo(
                stream_id=number,
                name=f"{'Polar H10' if heart else 'Shimmer'} {1000 + 7 * number}",
                type="ECG" if heart else "EDA",
                hostname="lab-pc" if code == self.people[0][0] else "tablet",
                channel_count=1,
                nominal_rate_hz=ECG_HZ if heart else EDA_HZ,
                channel_format="float32",
            )
            reason = f"its unit says {'voltage' if heart else 'skin conductance'}"
            role = Binding(channel=0, key=StreamKey(code, modality), unit="", scale=1.0, reason=reason)
            self.board.note_event(StreamOpened(info, (role,)))

    def _roles(self) -> list[tuple[str, Modality]]:
        return [(code, modality) for code, _ in self.people for modality in (Modality.ECG, Modality.EDA)]

    def stream_of(self, code: str, modality: Modality) -> int:
        """Return the number of a stream."""
        return self._roles().index((code, modality)) + 1

    def lose(self, code: str, modality: Modality, *, since_s: float = 40.0) -> None:
        """Let a stream have sent nothing for some seconds; to be called before `feed`."""
        self._silent[self.stream_of(code, modality)] = self.now_s - since_s

    def feed(self) -> "Session":
        """Give the board everything up to the moment."""
        now_s = self.now_s
        self._samples(max(0.0, now_s - RAW_S), now_s)
        for code, _ in self.people:
            self._beats(code, max(0.0, now_s - 120.0), now_s)
            seconds = range(1, math.floor(now_s) + 1)
            self.board.note_results(self._readings(code, seconds))
            for second in range(max(1, math.floor(now_s) - ROWS_S), math.floor(now_s) + 1):
                self.board.note_results(self._rows(code, second))
        if len(self.people) > 1:
            pair = (self.people[0][0], self.people[1][0])
            self.board.note_results(synchrony_of(now_s, pair))
        for number, since_s in self._silent.items():
            self.board.note_event(StreamLost(number, since_s + 3.0, "no samples for 3 s"))
        self.board.note_recording(recording())
        self.board.note_event(Tick(now_s, START_UTC_S + now_s))
        return self

    def advance(self, seconds: float = 1.0) -> None:
        """Let the session go on."""
        start_s, self.now_s = self.now_s, self.now_s + seconds
        self._samples(start_s, self.now_s)
        grid = range(math.floor(start_s) + 1, math.floor(self.now_s) + 1)
        for code, _ in self.people:
            self._beats(code, start_s, self.now_s)
            # From the beginning, or nothing would be known of when the present state began.
            known = self._readings(code, range(1, grid.stop))[-len(grid) :] if grid else []
            self.board.note_results(known)
            for second in grid:
                self.board.note_results(self._rows(code, second))
        self.board.note_event(Tick(self.now_s, START_UTC_S + self.now_s))

    def _readings(self, code: str, seconds: range) -> list[ZoneReading]:
        lost = [
            Missing(since_s - 14.0, math.inf, Reason.NO_DATA)
            for number, since_s in self._silent.items()
            if self._roles()[number - 1][0] == code
        ]
        missing = (*self._missing[code], *lost)
        return readings_of(code, seconds, self._bumps[code], missing, calibration=self._calibration)

    def _beat_times(self, code: str, start_s: float, stop_s: float) -> NDArray[np.float64]:
        rate = 1.12 if shift_of(code) % 2 else 1.21
        numbers = np.arange(math.floor(start_s * rate) - 4, math.ceil(stop_s * rate) + 4)
        times = numbers / rate + 0.06 * np.sin(numbers / 2.1) + 0.03 * np.sin(numbers / 5.3)
        # One early beat in each half minute, for the marks of corrected ones.
        return np.where(numbers % 31 == 7, times - 0.3, times)

    def _samples(self, start_s: float, stop_s: float) -> None:
        for number, (code, modality) in enumerate(self._roles(), 1):
            rate_hz = ECG_HZ if modality is Modality.ECG else EDA_HZ
            end_s = min(stop_s, self._silent.get(number, math.inf))
            index = np.arange(math.ceil(start_s * rate_hz), math.ceil((end_s - 0.08) * rate_hz))
            stamps = index / rate_hz
            if code == "T02" and modality is Modality.EDA:
                stamps = stamps[(stamps < NOW_S - 40.0) | (stamps > NOW_S - 39.2)]
            if stamps.size == 0:
                continue
            values = self._ecg(code, stamps) if modality is Modality.ECG else self._eda(code, stamps)
            self.board.note_event(Chunk(number, stamps, values[:, None]))

    def _ecg(self, code: str, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
        beats = self._beat_times(code, float(t_s[0]), float(t_s[-1]))
        value = 25.0 * np.sin(t_s * 1.4) + 9.0 * np.sin(t_s * 311.0)
        after = np.searchsorted(beats, t_s)
        for shift in (-1, 0):
            away_s = t_s - beats[np.clip(after + shift, 0, beats.size - 1)]
            for at_s, height, width_s in (
                (-0.17, 90.0, 0.028),
                (-0.026, -110.0, 0.009),
                (0.0, 950.0, 0.011),
                (0.028, -180.0, 0.010),
                (0.26, 210.0, 0.050),
            ):
                value = value + height * np.exp(-0.5 * ((away_s - at_s) / width_s) ** 2)
        return value

    def _responses(self, code: str, start_s: float, stop_s: float) -> list[float]:
        step_s = 13.0 + shift_of(code) % 5
        first = math.floor((start_s - 30.0) / step_s)
        return [i * step_s + 3.0 * math.sin(i) for i in range(first, math.ceil(stop_s / step_s) + 1)]

    def _eda(self, code: str, t_s: NDArray[np.float64]) -> NDArray[np.float64]:
        value = 4.2 + 0.35 * np.sin(t_s / 47.0 + shift_of(code)) + 0.004 * np.sin(t_s * 29.0)
        for onset_s in self._responses(code, float(t_s[0]), float(t_s[-1])):
            age_s = np.maximum(t_s - onset_s, 0.0)
            value = value + 0.9 * (np.exp(-age_s / 6.0) - np.exp(-age_s / 1.4))
        return value

    def _beats(self, code: str, start_s: float, stop_s: float) -> None:
        if self.stream_of(code, Modality.ECG) in self._silent:
            stop_s = self._silent[self.stream_of(code, Modality.ECG)]
        times = self._beat_times(code, start_s, stop_s)
        rr_ms = np.diff(times) * 1000.0
        results: list[Result] = []
        for i, rr in enumerate(rr_ms.tolist()):
            t_s = float(times[i + 1])
            if start_s < t_s <= stop_s:
                odd = rr < 650.0 or rr > 1100.0
                kind = BeatClass.ECTOPIC if odd else BeatClass.NORMAL
                results.append(BeatRow(code, "ecg", t_s, rr, not odd, kind))
        for onset_s in self._responses(code, start_s, stop_s):
            if start_s < onset_s and onset_s + 3.0 <= stop_s:
                results.append(ScrRow(code, onset_s, onset_s + 2.6, 0.45, 2.6, 4.0))
        self.board.note_results(results)

    def _rows(self, code: str, second: int) -> list[MarkerRow]:
        bumps = self._bumps[code]
        arousal = float(arousal_of(code, np.array([second - 15.0]), bumps)[0])
        wave = math.sin(second / 11.0 + shift_of(code))
        warm, calibration = second < 60, self._calibration
        skin = _Given(warm, Reason.NO_DATA if self._lost(code, Modality.EDA) else Reason.NONE)
        heart = _Given(warm, Reason.NO_DATA if self._lost(code, Modality.ECG) else Reason.NONE)
        gap = next((m.reason for m in self._missing[code] if m.start_s <= second - 15.0 < m.stop_s), None)
        both = _Given(warm, gap or heart.reason or skin.reason)
        z = _Given(warm, Reason(calibration)) if calibration else both
        talks = code == self.people[0][0] and second > NOW_S - HELD_S
        held = self._held if talks else Reason.NONE
        vagal = -0.5 * arousal + 0.4 * wave
        ln_rmssd = 3.6 + 0.35 * vagal
        table = (
            ("hr_bpm", 68.0 + 3.5 * arousal + wave, 0.8, "bpm", 30.0, heart),
            ("ln_rmssd", ln_rmssd, 0.12, "ln ms", 30.0, heart),
            ("rmssd_ms", math.exp(ln_rmssd), 4.1, "ms", 30.0, heart),
            ("sdnn_ms", 48.0 + 3.0 * wave, NAN, "ms", 60.0, heart),
            ("breathing_per_min", 14.0 + wave, NAN, "1/min", 60.0, heart),
            ("scl_us", 4.2 + 0.4 * arousal, NAN, "uS", 10.0, skin),
            ("scr_per_min", max(0.0, 4.0 + 1.5 * arousal), 1.4, "1/min", 60.0, skin),
            ("scr_sum_us", max(0.0, 1.8 + 0.6 * arousal), NAN, "uS/min", 60.0, skin),
            ("z_eda", 0.8 * arousal + 0.3 * wave, NAN, "SD", 60.0, skin if not calibration else z),
            ("z_heart", 0.6 * arousal, 0.3, "SD", 30.0, heart if not calibration else z),
            ("z_vagal", vagal, 0.4, "SD", 30.0, heart if not calibration else z),
            ("arousal", arousal, 0.25, "SD", 30.0, z),
        )
        return [
            _row(code, second, marker, value, se, unit, window_s, given, held)
            for marker, value, se, unit, window_s, given in table
        ]

    def _lost(self, code: str, modality: Modality) -> bool:
        return self.stream_of(code, modality) in self._silent


class _Given(NamedTuple):
    warming: bool
    reason: Reason


HELD_S = 40.0
"""How long the vagal index of somebody who talks has been held."""


def _row(
    code: str,
    second: int,
    marker: str,
    value: float,
    se: float,
    unit: str,
    window_s: float,
    given: _Given,
    held: Reason,
) -> MarkerRow:
    reason = Reason.WARMUP if given.warming else given.reason
    kept = reason is Reason.NONE and held is not Reason.NONE
    if kept and marker == "z_vagal":
        reason = held
    missing = reason is not Reason.NONE
    low = kept and marker == "ln_rmssd"
    return MarkerRow(
        code,
        marker,
        second - window_s / 2.0,
        float(second),
        NAN if missing else value,
        NAN if missing else se,
        unit,
        Status.NA if missing else Status.LOW if low else Status.OK,
        held if low else reason,
        window_s,
        0.0 if missing else 0.97,
    )
