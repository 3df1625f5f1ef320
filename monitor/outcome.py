"""What is written of a run: the tables and the summary; shared by live, replay and analysis."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from calibration.personal_profile import Profile
from monitor.core.noting import PREFLIGHT
from monitor.core.person import Person
from monitor.core.pipeline import Pipeline
from monitor.core.reporting import reports_of
from monitor.core.results import Notice, Result
from monitor.errors import RecordingError
from monitor.settings import Settings
from monitor.synchrony_facts import synchrony_facts
from monitor.tables.files import TableFormat
from monitor.tables.schemas import SCHEMAS
from monitor.tables.summary import build_summary, write_summary
from monitor.tables.writer import TableWriter
from monitor.window_facts import window_facts

_MAX_NOTICES = 1000


class Outcome:
    """Tables and summary of one run.

    Parameters
    ----------
    folder : Path
        Where they go; made when missing.
    file_format : {"parquet", "csv"}
        Format of the tables.
    participants : Mapping of str to str
        Code and kind of each known participant.

    Raises
    ------
    RecordingError
        If the folder cannot be written.
    """

    def __init__(self, folder: Path, file_format: TableFormat, participants: Mapping[str, str]) -> None:
        self._folder = folder
        self._parts = [folder / f"{name}.{file_format}.part" for name in SCHEMAS]
        self._written = False
        self._failure: RecordingError | None = None
        self._tables: TableWriter | None = None
        self._participants = dict(participants)
        with self._writing():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._tables = TableWriter(folder, file_format=file_format, participants=participants)
        self._notices: list[Notice] = []
        self.n_notices_dropped = 0

    def push(self, results: list[Result]) -> None:
        """Take the next results.

        Parameters
        ----------
        results : list of Result
            In the order in which the pipeline gave them.

        Raises
        ------
        RecordingError
            If they cannot be written.
        """
        # Tens of rows a second, a notice now and then: look at the types first.
        for notice in results if Notice in set(map(type, results)) else ():
            if not isinstance(notice, Notice):
                continue
            if len(self._notices) < _MAX_NOTICES:
                self._notices.append(notice)
            else:
                self.n_notices_dropped += 1
        with self._writing():
            self._writer.push(results)

    def close(
        self,
        pipeline: Pipeline,
        *,
        source: str,
        settings: Settings,
        profiles: Mapping[str, Profile] | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Finish the tables and write the summary.

        Parameters
        ----------
        pipeline : Pipeline
            After its last event.
        source : str
            Name of the recording, without its folder.
        settings : Settings
            Settings of the run.
        profiles : Mapping of str to Profile, optional
            Profiles used.
        facts : Mapping of str to Any, optional
            More plain values for the summary.

        Returns
        -------
        dict of str to Any
            The summary as written.

        Raises
        ------
        RecordingError
            If they cannot be written.
        """
        with self._writing():
            rows = self._writer.close()
        roles = {code: self._participants.get(code, "other") for code in pipeline.participants}
        summary = build_summary(
            source=source,
            t0_lsl_s=math.nan if pipeline.t0_s is None else pipeline.t0_s,
            t0_utc_s=math.nan if pipeline.t0_utc_s is None else pipeline.t0_utc_s,
            duration_s=pipeline.session_now_s,
            participants=roles,
            streams=[report for stream in pipeline.streams for report in reports_of(stream)],
            validity=self._writer.validity,
            rows=rows,
            notices=self._notices,
            settings=settings.as_mapping(),
        )
        summary["notes"] = _notes(pipeline)
        if pipeline.noting.preflight:
            summary[PREFLIGHT] = pipeline.noting.preflight
        summary.update(window_facts(self._in_order(pipeline), profiles or {}))
        summary["synchrony"] = synchrony_facts(pipeline, settings.synchrony)
        summary.update(facts or {})
        with self._writing():
            write_summary(self._folder, summary)
        self._written = True
        return summary

    def _in_order(self, pipeline: Pipeline) -> tuple[Person, ...]:
        """Everybody, those with a role in the session in the order of their roles: client first."""
        places = {code: place for place, code in enumerate(self._participants)}
        return tuple(sorted(pipeline.people, key=lambda person: places.get(person.participant, len(places))))

    @property
    def _writer(self) -> TableWriter:
        if self._tables is None:
            raise RuntimeError("no tables were opened")
        return self._tables

    def discard(self) -> None:
        """Give up the unfinished tables; harmless after `close`."""
        if self._written:
            return
        self._remove()

    def _remove(self) -> None:
        # On a full disk not even the end of a file that nobody wants can be written.
        with suppress(OSError):
            if self._tables is not None:
                self._tables.discard()
        for part in self._parts:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        # Once rows were lost, what follows would be a table with a hole.
        if self._failure is not None:
            raise self._failure
        try:
            yield
        except OSError as error:
            self._remove()
            self._failure = RecordingError(
                f"The tables cannot be written to '{self._folder}': {error.strerror or error}. The recording "
                f"is untouched; make room there or choose another folder with --out, and analyse it again."
            )
            raise self._failure from error


def _notes(pipeline: Pipeline) -> list[dict[str, Any]]:
    """Return what was noted in the recording and not taken back; free text is not in there."""
    t0_s = pipeline.t0_s
    if t0_s is None:
        return []
    return [
        {
            "number": moment.number,
            "t_s": moment.at_s - t0_s,
            "kind": moment.kind,
            "label": moment.label,
            "participant": moment.participant,
            "by": moment.by,
        }
        for moment in pipeline.noting.moments
    ]


def warning_lines(summary: Mapping[str, Any]) -> list[str]:
    """List what the user must be told of a run.

    Parameters
    ----------
    summary : Mapping of str to Any
        From `Outcome.close`.

    Returns
    -------
    list of str
        One line for each warning, with the stream or file it is about.
    """
    lines = [
        f"{warning['subject']}: {warning['text']}".removeprefix(": ")
        for warning in summary["warnings"]
        if warning["label"] != "channel_plausible"
    ]
    said = "\n".join(lines)
    lines += [
        f"{stream['title']}: {text}"
        for stream in summary["streams"]
        for text in stream["warnings"]
        if text not in said
    ]
    return lines
