"""A made-up recording as a run tells it, played straight through and kept in a journal."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from monitor.board.board import Board
from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import (
    NAN,
    BeatClass,
    BeatRow,
    MarkerRow,
    Notice,
    Reason,
    Result,
    Revocation,
    ScrRow,
    Status,
    SynchronyReading,
    ZoneReading,
    ZoneRow,
)
from monitor.replaying.journal import Journal
from monitor.replaying.remarks import Remarks

T0_S = 500.0
SECONDS = 140
LISTS = ("traces", "rows", "synchrony_trails", "timelines", "timeline_synchrony")
DICTS = ("beats", "scrs", "zone_trails")
NAMES = ("participant", "modality", "marker", "variant", "first", "second", "signal")
PEOPLE = {"C07": "client", "T02": "therapist"}
STREAMS = {
    1: ("C07", Modality.ECG, 40.0),
    2: ("C07", Modality.EDA, 8.0),
    3: ("T02", Modality.RR, 0.0),
    4: ("T02", Modality.EDA, 8.0),
}

Told = tuple[list[Result], Event]


def opened(number: int, stream: int) -> StreamOpened:
    code, modality, rate_hz = STREAMS[stream]
    info = StreamInfo(
        stream_id=number, name=f"{code} {modality}", type="x", channel_count=1, nominal_rate_hz=rate_hz,
        channel_format="float32",
    )  # fmt: skip
    binding = Binding(channel=0, key=StreamKey(code, modality), unit="", scale=2.0, reason="test")
    return StreamOpened(info, (binding,))


def recording(seed: int, seconds: int = SECONDS) -> list[Told]:
    """Make up what a run would tell: streams that fall silent, are lost and come back, values taken back, notices."""
    rng = np.random.default_rng(seed)
    told: list[Told] = []
    numbers = {stream: stream for stream in STREAMS}
    silent: dict[int, int] = {}
    for stream in STREAMS:
        told += [([], opened(stream, stream)), ([], ClockOffset(stream, T0_S, -0.25 * stream))]
    told.append(([], Tick(T0_S - 1.0, NAN)))
    for k in range(1, seconds + 1):
        for stream, (_, modality, rate_hz) in STREAMS.items():
            if silent.get(stream, 0) > k:
                continue
            number = numbers[stream]
            if rng.random() < 0.01:
                silent[stream] = k + int(rng.integers(3, 40))
                if rng.random() < 0.5:
                    told.append(([], StreamLost(number, T0_S + k, "it went away")))
                    numbers[stream] = number + 10
                    told.append(([], opened(number + 10, stream)))
            n = round(rate_hz) if rate_hz else 1
            stamps = T0_S + 0.25 * stream + k - 1 + np.arange(n) / max(n, 1)
            values = rng.normal(800.0, 20.0, (n, 1)).astype(np.float32)
            cut = int(rng.integers(0, n + 1)) if modality is Modality.ECG else n
            for a, b in ((0, cut), (cut, n)):
                told.append(([], Chunk(number, stamps[a:b], values[a:b])))
                if rng.random() < 0.05:
                    told.append(
                        ([], ClockOffset(number, stamps[0], -0.25 * stream + float(rng.normal(0, 1e-3))))
                    )
        if rng.random() < 0.03:
            text = f"{k} rupture therapist"
            told.append(([Notice(float(k), "", "note", text)], Annotation(T0_S + k, "note", text)))
        told.append((rows(rng, k), Tick(T0_S + k, NAN)))
    return told


def rows(rng: np.random.Generator, k: int) -> list[Result]:
    out: list[Result] = []
    for code in PEOPLE:
        source = "ecg" if code == "C07" else "rr"
        out.append(BeatRow(code, source, k + 0.4, float(rng.normal(800, 30)), True, BeatClass.NORMAL))
        out.append(BeatRow(code, "rr", k + 0.5, 801.0, False, BeatClass.ECTOPIC))
        if rng.random() < 0.1:
            out.append(ScrRow(code, k - 5.0, k - 3.0, 0.2, 2.0, NAN))
        if rng.random() < 0.08:
            start_s = k - float(rng.integers(1, 14))
            markers = ("scl_us", "arousal") if rng.random() < 0.7 else ("scl_us",)
            out.append(Revocation(code, markers, start_s, start_s + 6.0, Reason.MOTION))
        for marker, window_s in (
            ("hr_bpm", 30.0),
            ("scl_us", 60.0),
            ("arousal", 30.0),
            ("ln_rmssd_60s", 60.0),
        ):
            ok = rng.random() < 0.9
            out.append(
                MarkerRow(
                    code, marker, k - window_s / 2, float(k), float(rng.normal()) if ok else NAN, 0.1, "u",
                    Status.OK if ok else Status.NA, Reason.NONE if ok else Reason.NOISE, window_s, 0.5,
                )
            )  # fmt: skip
        zone = ("within", "above", "na", "below")[(k // 37 + len(out)) % 4]
        out.append(zone_reading(code, k - 15.0, zone, float(rng.normal())))
        if rng.random() < 0.05:
            out.append(ZoneRow(code, zone, k - 30.0, float(k), False, NAN, NAN, NAN))
        if rng.random() < 0.03:
            out.append(Notice(float(k), code, "reference_taken", "words"))
    if k % 30 == 0:
        out.append(synchrony_reading(float(k), float(rng.normal())))
    return out


def zone_reading(code: str, t_s: float, zone: str, arousal: float) -> ZoneReading:
    fields: dict[str, Any] = dict.fromkeys(ZoneReading._fields, NAN)
    fields |= {
        "participant": code, "t_centre_s": t_s, "t_emit_s": t_s + 15.0, "zone": zone, "since_s": t_s - t_s % 37,
        "near": "", "arousal": NAN if zone == "na" else arousal, "provisional": False,
        "status": Status.NA if zone == "na" else Status.OK,
        "reason": Reason.NOISE if zone == "na" else Reason.NONE, "note": "",
    }  # fmt: skip
    return ZoneReading(**fields)


def synchrony_reading(t_s: float, z: float) -> SynchronyReading:
    fields: dict[str, Any] = dict.fromkeys(SynchronyReading._fields, z)
    fields |= {"first": "C07", "second": "T02", "signal": "eda", "t_s": t_s, "t_emit_s": t_s}
    return SynchronyReading(**fields | {"status": Status.OK, "reason": Reason.NONE})


def everything(board: Board) -> dict[str, Any]:
    """All a reader gets that begins now, in the order that does not depend on how it was cut into answers."""
    out: dict[str, Any] = {}
    cursor, more = 0, True
    while more:
        answer: dict[str, Any] = dict(board.snapshot(cursor))
        cursor, more = answer["cursor"], answer["more"]
        for name in LISTS:
            known = out.setdefault(name, {})
            for view in answer[name]:
                rows = known.setdefault(tuple(view.get(key) for key in NAMES), {})
                for column, values in view.items():
                    if isinstance(values, list):
                        rows.setdefault(column, []).extend(values)
        for name in DICTS:
            known = out.setdefault(name, {})
            for code, view in answer[name].items():
                for column, values in view.items():
                    known.setdefault((code, column), []).extend(values)
        seen = out.setdefault("revoked", [])
        seen += [item for item in answer["revoked"] if item not in seen]
        small = set(answer) - {*LISTS, *DICTS, "revoked", "board", "cursor", "more", "transport"}
        out |= {name: answer[name] for name in small}
    return out


def without_time_line(seen: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in seen.items() if name not in {"timelines", "timeline_synchrony"}}


@cache
def straight(seed: int) -> list[dict[str, Any]]:
    """Play straight through with the plain board, and look after every tick."""
    board, t0_s = Board(), None
    board.note_people(PEOPLE.items())
    seen = [everything(board)]
    for results, event in recording(seed):
        if results:
            board.note_results(results)
        if isinstance(event, Tick):
            t0_s = T0_S if event.now_s >= T0_S else None
            if t0_s is not None:
                board.set_origin(t0_s)
        board.note_event(event)
        if isinstance(event, Tick):
            seen.append(without_time_line(everything(board)))
    return seen


def journal_of(
    told: list[Told],
    *,
    base: Journal | None = None,
    on_overview: Callable[..., None] | None = None,
    late: list[Result] | None = None,
) -> Journal:
    journal = Journal(PEOPLE, base=base, on_overview=on_overview)
    now: list[float] = [NAN]
    journal.begin(lambda: T0_S if now[0] >= T0_S else None, list)
    for results, event in told:
        if results:
            journal.note_results(results)
        now[0] = event.now_s if isinstance(event, Tick) else now[0]
        journal.note_event(event)
    if late:
        journal.note_results(late)
    journal.finish()
    return journal


@cache
def journals_of(seed: int) -> tuple[Journal, Journal]:
    first = journal_of(recording(seed))
    return first, journal_of(recording(seed), base=first)


def no_remarks(**more: Any) -> Remarks:
    return Remarks(None, "", profiles=Path(), annotations=(), on_change=print, **more)
