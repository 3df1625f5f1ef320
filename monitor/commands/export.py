"""`attune export`: the aligned series of two people for the synchrony packages of others, and notes as a table."""

import argparse
from pathlib import Path

from rich.console import Console

from monitor.core.pipeline import Pipeline
from monitor.core.synchrony.pair import Pair
from monitor.errors import RecordingError
from monitor.exporting.choosing import choose, parse_pair
from monitor.exporting.files import files_of
from monitor.exporting.notes import export_notes
from monitor.exporting.tools import FACTS, Tool
from monitor.exporting.writing import write_export
from monitor.offline import Offline, RunOptions
from monitor.paths import recording_in
from monitor.runner import run as run_pipeline
from monitor.versions import versions

_DISTRIBUTION = "attune-monitor"


def run(options: argparse.Namespace) -> int:
    """Export what was asked for.

    Parameters
    ----------
    options : argparse.Namespace
        Parsed options: ``what, path, out, force``; for ``notes`` also ``with_text``, for ``synchrony`` ``tool, signal,
        pair, prepared`` and those of roles and settings.

    Returns
    -------
    int
        0 when the files are written.

    Raises
    ------
    MonitorError
        If the recording cannot be read, holds nothing two people share, or the files cannot be written.
    """
    return _notes(options) if options.what == "notes" else _synchrony(options)


def _notes(options: argparse.Namespace) -> int:
    out = Path(options.out).expanduser()
    told = export_notes(
        Path(options.path).expanduser(), out, with_text=options.with_text, force=options.force
    )
    for line in told:
        Console(stderr=True).print(line, highlight=False, markup=False, soft_wrap=True)
    return 0


def _synchrony(options: argparse.Namespace) -> int:
    console = Console(stderr=True)
    tool = Tool(options.tool)
    wanted = parse_pair(options.pair) if options.pair else None
    recording = recording_in(Path(options.path).expanduser())
    chosen_run = RunOptions.from_namespace(options)
    with console.status(f"export {recording.name}"):
        job = Offline(recording, chosen_run)
        pairs, people, damages = _pairs(recording, job)
    chosen = choose(pairs, people, signal=options.signal, wanted=wanted, prepared=options.prepared)
    told = [*damages, *chosen.told]
    files = files_of(
        chosen.series,
        tool,
        job.settings.synchrony.choices(),
        prepared=options.prepared,
        program=f"attune {versions()[_DISTRIBUTION]}",
        told=told,
    )
    folder = Path(options.out).expanduser()
    write_export(folder, files, force=options.force)
    data = ", ".join(file.name for file in files if "/" in file.name)
    for line in (*told, f"{folder}: {data}, {FACTS[tool].script}; read README.txt first"):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    return 0


def _pairs(recording: Path, job: Offline) -> tuple[list[Pair], list[str], list[str]]:
    """Run the recording without writing anything; tell who was there and what could not be read."""
    source = job.source()
    settings = job.settings
    pipeline = Pipeline(
        lateness_s=settings.windows.lateness_s,
        readings=False,
        kinds=job.participants(),
        synchrony=settings.synchrony.choices(),
    )
    run_pipeline(source, pipeline)
    if not any(stream.n_samples for stream in pipeline.streams):
        raise RecordingError(
            f"'{recording}' holds no data. It may have been stopped before the first sample; "
            f"check with `attune doctor` that streams reach this computer, and record again."
        )
    # Everybody whose heart or skin is analysed; a stream of notes makes nobody a second person.
    seen = (c.binding.key.participant for stream in pipeline.streams for c in stream.channels)
    damages = [
        f"A part of the recording could not be read ({damage.lost_bytes} bytes); it is missing here."
        for damage in source.damages
    ]
    return pipeline.synchrony.pairs(), list(dict.fromkeys(seen)), damages
