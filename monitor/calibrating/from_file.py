"""A calibration from a recording that exists already."""

import argparse
import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console

from calibration.protocol import REQUIRED_S, Protocol, Rating
from monitor.calibrating.keep import (
    Origin,
    chosen_protocol,
    conditions_from,
    draw,
    keep,
    sensors_of,
    stored_lines,
)
from monitor.calibrating.result import Attempt, attempt, result_lines
from monitor.calibrating.spans import Note, check_spans, noted_spans, parse_span
from monitor.core.events import Annotation
from monitor.core.pipeline import Pipeline
from monitor.core.series_log import SeriesLog, SpanOf
from monitor.errors import SettingsError
from monitor.offline import Offline, RunOptions
from monitor.paths import recording_in, session_name
from monitor.profiles import ProfileStore
from monitor.room import Room
from monitor.settings import load_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """What one pass over the recording gave."""

    pipeline: Pipeline
    log: SeriesLog
    notes: list[Note]
    ratings: list[tuple[Rating, float]]


def calibrate_from_file(options: argparse.Namespace, store: ProfileStore, console: Console) -> int:
    """Make or extend a profile from a recording.

    Parameters
    ----------
    options : argparse.Namespace
        Options of ``attune calibrate``; ``source`` is the recording.
    store : ProfileStore
        Where profiles are kept.
    console : Console
        For what the user is told.

    Returns
    -------
    int
        0 when a calibration was stored, 1 when it was refused and nothing was stored.

    Raises
    ------
    SettingsError
        If an option cannot be used, or the recording does not hold the person or has no date.
    RecordingError
        If the recording cannot be read.
    """
    code = options.code
    conditions = conditions_from(options)
    protocol, kind = chosen_protocol(options, store.load(code))
    given = [parse_span(option) for option in options.span]
    recording = recording_in(Path(options.source).expanduser())
    with console.status(f"Reading {recording.name} …"):
        measured = _measure(recording, code, options)
    spans = _spans(given, measured, code, protocol, recording)
    utc_s = _moment(measured.pipeline, options.date, recording)
    tried = attempt(code, measured.log, spans, minimum_s=REQUIRED_S[kind.value])
    if tried.problem:
        return _refuse(console, tried)
    origin = Origin(
        utc_s=utc_s,
        kind=kind,
        session=session_name(recording),
        protocol="" if given else protocol.name,
        conditions=conditions,
        sensors=sensors_of(measured.pipeline, code),
        ratings=measured.ratings,
    )
    profile = keep(store, tried, origin)
    folder = Path(options.out).expanduser() if options.out else store.folder
    plots, problem = draw(folder / f"{code}_{session_name(recording)}", tried, measured.log)
    for line in [*stored_lines(store, tried, profile), *(f"  plot: {path}" for path in plots), problem]:
        if line:
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 0


def _refuse(console: Console, tried: Attempt) -> int:
    for line in result_lines(tried):
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"attune: {tried.problem}", markup=False, highlight=False, soft_wrap=True)
    return 1


def _measure(recording: Path, code: str, options: argparse.Namespace) -> _Measured:
    """Run the pipeline once over the recording."""
    settings = load_settings(Path(options.settings)) if options.settings else None
    room = Room.load(Path(options.room_file)) if options.room_file else Room.from_options(options.assign)
    job = Offline(recording, RunOptions(room=room, spans={}, settings=settings, file_format="parquet"))
    log = SeriesLog()
    pipeline = Pipeline(lateness_s=job.settings.windows.lateness_s, logs={code: log}, compare=False)
    told: list[Annotation] = []
    for event in job.source():
        if isinstance(event, Annotation):
            told.append(event)
        pipeline.push(event)
    pipeline.finish()
    if code not in pipeline.participants:
        known = ", ".join(pipeline.participants) or "nobody"
        raise SettingsError(
            f"{code} is not in {recording.name}, which holds {known}. Use one of these codes, or give streams to "
            f"{code} with --assign {code}=TEXT."
        )
    origin_s = pipeline.t0_s or 0.0
    notes = [Note(event.at_s - origin_s, event.label, event.text) for event in told]
    ratings = [rating for note in notes for rating in _rating(note, code)]
    return _Measured(pipeline=pipeline, log=log, notes=notes, ratings=ratings)


def _rating(note: Note, code: str) -> list[tuple[Rating, float]]:
    who, _, value = note.text.partition(" ")
    if note.label not in set(Rating) or who != code:
        return []
    try:
        rated = float(value)
    except ValueError:
        return []
    return [(Rating(note.label), rated)] if 0.0 <= rated <= 10.0 else []


def _spans(
    given: list[SpanOf], measured: _Measured, code: str, protocol: Protocol, recording: Path
) -> list[SpanOf]:
    length_s = measured.pipeline.session_now_s
    spans = given or noted_spans(measured.notes, code, protocol, length_s)
    if not spans:
        raise SettingsError(
            f"{recording.name} holds no calibration of {code} recorded by `attune calibrate`. Say which seconds to use "
            f"with --span START:STOP (the recording is {length_s:.0f} s long)."
        )
    check_spans(spans, length_s)
    return spans


def _moment(pipeline: Pipeline, date: str | None, recording: Path) -> float:
    """Date the calibration: by the recording itself, or by what the user says."""
    if pipeline.t0_utc_s is not None and math.isfinite(pipeline.t0_utc_s):
        if date:
            raise SettingsError(f"{recording.name} says itself when it was made. Leave out --date.")
        return pipeline.t0_utc_s
    if not date:
        raise SettingsError(
            f"{recording.name} does not say when it was made, and the date of a file may be that of a copy. "
            f"Give the day of the recording with --date YYYY-MM-DD."
        )
    try:
        moment = datetime.fromisoformat(date)
    except ValueError as error:
        raise SettingsError(f"--date {date[:40]!r} is no date. Write YYYY-MM-DD.") from error
    if len(date) <= len("YYYY-MM-DD"):
        # Noon is never more than half a day wrong.
        moment = moment.replace(hour=12)
    return moment.astimezone().timestamp() if moment.tzinfo is None else moment.timestamp()
