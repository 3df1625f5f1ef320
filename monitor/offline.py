"""A recording through the pipeline: as fast as it goes, or paced for the eye."""

import argparse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calibration.baseline import Reference
from monitor.core.events import Event, StreamOpened
from monitor.core.pipeline import Pipeline
from monitor.core.results import Notice
from monitor.errors import RecordingError
from monitor.file_roles import FileRoles
from monitor.outcome import Outcome
from monitor.room import Room
from monitor.runner import Observer, Sink, run
from monitor.session import read_participants
from monitor.settings import Settings, load_settings
from monitor.spans import parse_spans, references_from
from monitor.table_files import TableFormat
from monitor.xdf.source import FileSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What a user may choose for a run over a recording.

    Parameters
    ----------
    room : Room
        Roles given on the command line; empty takes those of the recording.
    spans : dict of str to tuple of float
        Reference spans by participant.
    settings : Settings
        Settings that influence results.
    file_format : {"parquet", "csv"}
        Format of the tables.
    """

    room: Room
    spans: dict[str, tuple[float, float]]
    settings: Settings
    file_format: TableFormat

    @classmethod
    def from_namespace(cls, options: argparse.Namespace) -> "RunOptions":
        """Read the options of `analyze` and `replay`.

        Parameters
        ----------
        options : argparse.Namespace
            Parsed options.

        Returns
        -------
        RunOptions
            The choices.

        Raises
        ------
        SettingsError
            If one of them cannot be used.
        """
        return cls(
            room=Room.from_options(options.assign, options.client, options.therapist),
            spans=parse_spans(options.reference),
            settings=load_settings(Path(options.settings)) if options.settings else Settings(),
            file_format=options.format,
        )


class Offline:
    """One recording and the choices for its run.

    Parameters
    ----------
    recording : Path
        The XDF file.
    options : RunOptions
        The choices.
    """

    def __init__(self, recording: Path, options: RunOptions) -> None:
        self._recording = recording
        self._options = options

    def source(self) -> FileSource:
        """Open the recording.

        Returns
        -------
        FileSource
            Its events; roles given on the command line replace those in the file.

        Raises
        ------
        RecordingError
            If it cannot be read.
        """
        source = FileSource(self._recording)
        # A recording of ours holds its roles; in any other they are guessed, unless the user says.
        if self._options.room.streams or source.made_ticks:
            return source.with_roles(FileRoles(self._options.room))
        return source

    def participants(self) -> dict[str, str]:
        """Tell who takes part and as what.

        Returns
        -------
        dict of str to str
            Code to kind, of the session folder and of the command line, which wins.
        """
        people = read_participants(self._recording.parent / "session.toml")
        return people | {person.code: person.kind.value for person in self._options.room.participants}

    def references(self) -> dict[str, Reference]:
        """Take the references from their spans.

        Returns
        -------
        dict of str to Reference
            By participant; empty when none was asked for.
        """
        lateness = self._options.settings.windows.lateness_s
        return references_from(self.source, self._options.spans, lateness_s=lateness)

    def analyze(
        self,
        folder: Path,
        *,
        pace: Callable[[Iterable[Event]], Iterator[Event]] | None = None,
        sinks: tuple[Sink, ...] = (),
        observers: tuple[Observer, ...] = (),
        on_pipeline: Callable[[Pipeline], None] | None = None,
        eager: bool = False,
    ) -> dict[str, Any]:
        """Run the recording and write its tables.

        Parameters
        ----------
        folder : Path
            Where the tables go.
        pace : callable, optional
            Slows the events down; results do not depend on it.
        sinks, observers : tuple of callable, optional
            Further takers of results and events.
        on_pipeline : callable, optional
            Gets the pipeline before the first event.
        eager : bool, default False
            Process at every tick, for the eye.

        Returns
        -------
        dict of str to Any
            The summary as written.

        Raises
        ------
        RecordingError
            If the recording cannot be read, or holds no stream.
        """
        references = self.references()
        source = self.source()
        settings = self._options.settings
        pipeline = Pipeline(lateness_s=settings.windows.lateness_s, references=references, eager=eager)
        if on_pipeline:
            on_pipeline(pipeline)
        outcome = Outcome(folder, self._options.file_format, self.participants())
        opened: list[StreamOpened] = []

        def note(event: Event) -> None:
            if isinstance(event, StreamOpened):
                opened.append(event)

        try:
            run(
                pace(source) if pace else source,
                pipeline,
                sinks=(outcome.push, *sinks),
                observers=(note, *observers),
            )
            if not opened:
                raise RecordingError(
                    f"'{self._recording}' holds no stream. It may have been stopped before the first sample; "
                    f"check with `attune doctor` that streams reach this computer, and record again."
                )
            outcome.push([Notice(0.0, "recording", "damage", str(damage)) for damage in source.damages])
            return outcome.close(
                pipeline,
                source=self._recording.name,
                settings=settings,
                references=references,
                facts={
                    "ticks": "made from the data" if source.made_ticks else "recorded",
                    "roles": {e.info.title: [b.reason for b in e.bindings] for e in opened},
                },
            )
        finally:
            outcome.discard()
