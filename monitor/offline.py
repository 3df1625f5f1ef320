"""A recording through the pipeline: as fast as it goes, or paced for the eye."""

import argparse
import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from monitor.calibrations import Calibrations, profiles_of, store_for
from monitor.core.events import Event, StreamOpened
from monitor.core.opening import OPENING_S
from monitor.core.pipeline import Pipeline
from monitor.core.results import Notice, Result
from monitor.errors import RecordingError, SettingsError
from monitor.file_roles import FileRoles
from monitor.outcome import Outcome
from monitor.paths import session_name
from monitor.room import Room
from monitor.runner import Observer, Sink, run
from monitor.session.folder import read_participants, read_settings
from monitor.session.manifest import MANIFEST_NAME, seal, verify_manifest
from monitor.settings import Settings, load_settings, settings_from
from monitor.spans import parse_spans, references_from
from monitor.tables.files import TableFormat
from monitor.xdf.source import FileSource


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Suspend the cyclic garbage collector: rows hold no cycles, and looking for them takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What a user may choose for a run over a recording.

    Parameters
    ----------
    room : Room
        Roles given on the command line; empty takes those of the recording.
    spans : dict of str to tuple of float
        Reference spans by participant.
    settings : Settings, optional
        Settings that influence results; by default those the recording was made with.
    file_format : {"parquet", "csv"}
        Format of the tables.
    profiles : str, optional
        Folder of the profiles; by default the copies in the session folder, else the user's own.
    """

    room: Room
    spans: dict[str, tuple[float, float]]
    settings: Settings | None
    file_format: TableFormat
    profiles: str | None = None

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
        given = Path(options.room_file) if options.room_file else None
        return cls(
            room=Room.load(given)
            if given
            else Room.from_options(options.assign, options.client, options.therapist),
            spans=parse_spans(options.reference),
            settings=load_settings(Path(options.settings)) if options.settings else None,
            file_format=options.format,
            profiles=options.profiles,
        )


class Offline:
    """One recording and the choices for its run.

    Parameters
    ----------
    recording : Path
        The XDF file.
    options : RunOptions
        The choices.

    Attributes
    ----------
    settings : Settings
        Those chosen, else those the recording was made with.

    Raises
    ------
    SettingsError
        If those of the recording cannot be used.
    """

    def __init__(self, recording: Path, options: RunOptions) -> None:
        self._recording = recording
        self._options = options
        self.settings = options.settings or _recorded_settings(recording)
        self._roles: FileRoles | None = None
        self._file: FileSource | None = None

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
        if self._file is None:
            self._file = FileSource(self._recording)
        source = self._file
        # A recording of ours holds its roles; in any other they are guessed, unless the user says.
        if self._options.room.streams or source.made_ticks:
            self._roles = FileRoles(self._options.room)
            return source.with_roles(self._roles)
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

    def calibrations(self) -> Calibrations:
        """Find what is known of the people: their profiles, and references from spans of this recording.

        Returns
        -------
        Calibrations
            By participant; empty when there is none.

        Raises
        ------
        SettingsError
            If a span cannot serve, or a profile in a folder named by the user cannot be used.
        """
        options = self._options
        store = store_for(self._recording, options.profiles)
        known = profiles_of(store, self._codes()) if store.codes() else Calibrations()
        if options.profiles and known.problems:
            raise SettingsError("\n".join(known.problems))
        # With a profile the span is the opening of the day, for which three minutes are enough.
        references = references_from(
            self.source,
            options.spans,
            lateness_s=self.settings.windows.lateness_s,
            minima_s=dict.fromkeys(known.profiles, OPENING_S),
        )
        return replace(known, references=references, session=session_name(self._recording))

    def _codes(self) -> tuple[str, ...]:
        """Codes of everybody who may have a profile."""
        told = () if self._options.room.streams else self.source().participants
        return tuple(dict.fromkeys([*self.participants(), *self._options.spans, *told]))

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
            If the recording cannot be read, holds no sample, or the tables cannot be written.
        """
        known = self.calibrations()
        source = self.source()
        settings = self.settings
        pipeline = Pipeline(
            lateness_s=settings.windows.lateness_s,
            calibrations=known.sources(),
            eager=eager,
            # Readings are for the eye; without anybody who takes them they are only work.
            readings=bool(sinks),
            kinds=self.participants(),
            synchrony=settings.synchrony.choices(),
        )
        if on_pipeline:
            on_pipeline(pipeline)
        # New tables in the session's own folder belong under its seal, if that was whole.
        sealed = folder.resolve() == self._recording.parent.resolve() and self._is_sealed()
        outcome = Outcome(folder, self._options.file_format, self.participants())
        opened: list[StreamOpened] = []

        def _note(event: Event) -> None:
            if isinstance(event, StreamOpened):
                opened.append(event)

        try:
            with _no_search_for_cycles():
                run(
                    pace(source) if pace else source,
                    pipeline,
                    sinks=(outcome.push, *sinks),
                    observers=(_note, *observers),
                )
            self._refuse_nothing(pipeline)
            late: list[Result] = [*self._damage(source), *self._unused(pipeline)]
            late += [Notice(0.0, self._recording.name, "profile_unusable", text) for text in known.problems]
            for sink in (outcome.push, *sinks):
                sink(late)
            summary = outcome.close(
                pipeline,
                source=self._recording.name,
                settings=settings,
                profiles=known.profiles,
                facts={
                    "ticks": "made from the data" if source.made_ticks else "recorded",
                    "roles": {e.info.title: [b.reason for b in e.bindings] for e in opened},
                },
            )
        finally:
            outcome.discard()
        if sealed:
            seal(folder)
        return summary

    def _is_sealed(self) -> bool:
        folder = self._recording.parent
        return (folder / MANIFEST_NAME).is_file() and not verify_manifest(folder)

    def _refuse_nothing(self, pipeline: Pipeline) -> None:
        streams = pipeline.streams
        if any(stream.n_samples for stream in streams):
            return
        titles = ", ".join(f"'{stream.info.title}'" for stream in streams)
        found = f"holds {titles} but not one sample" if streams else "holds no stream"
        raise RecordingError(
            f"'{self._recording}' {found}. It may have been stopped before the first sample; "
            f"check with `attune doctor` that streams reach this computer, and record again."
        )

    def _damage(self, source: FileSource) -> list[Notice]:
        """Tell what of the file could not be read, and what was changed since it was written."""
        name = self._recording.name
        texts = [
            f"{damage.text} (at byte {damage.offset}, {damage.lost_bytes} bytes lost). The rest was used; "
            f"if there is a copy, analyse the copy."
            for damage in source.damages
        ]
        notices = [Notice(0.0, name, "damage", text) for text in texts]
        folder = self._recording.parent
        if not (folder / MANIFEST_NAME).is_file():
            return notices
        changed = [
            problem.text for problem in verify_manifest(folder) if problem.file in {name, MANIFEST_NAME}
        ]
        todo = "Numbers may be wrong: restore the file from a copy."
        return notices + [Notice(0.0, name, "not_as_written", f"{text} {todo}") for text in changed]

    def _unused(self, pipeline: Pipeline) -> list[Notice]:
        """Tell which streams look usable and are not used, and when none is."""
        doubts = dict.fromkeys(self._roles.doubts if self._roles else ())
        notices = [Notice(0.0, title, "stream_unbound", f"not analysed: {text}.") for title, text in doubts]
        if not any(stream.channels for stream in pipeline.streams):
            titles = ", ".join(f"'{stream.info.title}'" for stream in pipeline.streams)
            text = (
                f"None of its streams is analysed ({titles}): no ECG, RR intervals, heart rate or skin "
                f"conductance was recognised for anyone. Give streams to people with --assign CODE=TEXT, or "
                f"name modality, unit and channel in a room file and give it with --room."
            )
            notices.append(Notice(0.0, self._recording.name, "nothing_analysed", text))
        return notices


def _recorded_settings(recording: Path) -> Settings:
    """Take the settings of the session folder: another analysis of it must be asked for."""
    try:
        return settings_from(read_settings(recording.parent / "session.toml"), "session.toml")
    except SettingsError as error:
        raise SettingsError(
            f"The settings this session was made with cannot be used: {error} Give others with --settings FILE."
        ) from error
