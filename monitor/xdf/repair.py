"""Torn recordings made whole: an incomplete tail is cut off, missing footers are written."""

import os
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from monitor.core.events import Annotation, ClockOffset, StreamLost, Tick
from monitor.errors import RecordingError
from monitor.xdf.chunks import BOUNDARY_UUID, Tag, frame
from monitor.xdf.footer import StreamTotals, footer_xml
from monitor.xdf.reader import XdfReader
from monitor.xdf.samples import Extent
from monitor.xdf.scanner import Damage

_PART = ".part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readability:
    """What can be read of a recording.

    Parameters
    ----------
    n_samples : dict of int to int
        Samples per stream number, those of attune's own streams left out.
    n_ticks : int
        Recorded ticks.
    seconds : float
        From the first to the last tick, or sample stamp of one stream where there are no ticks.
    whole_bytes : int
        Length up to the end of the last whole chunk.
    total_bytes : int
        Length of the file.
    missing_footers : tuple of int
        Streams that have none.
    damages : tuple of Damage
        What cannot be read.
    """

    n_samples: dict[int, int]
    n_ticks: int
    seconds: float
    whole_bytes: int
    total_bytes: int
    missing_footers: tuple[int, ...]
    damages: tuple[Damage, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.whole_bytes == self.total_bytes and not self.missing_footers and not self.damages


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReport:
    """What a repair did.

    Parameters
    ----------
    path : Path
        The readable recording.
    changed : bool
        Whether the file had to be changed.
    seconds : float
        Length of what is readable, in seconds.
    lost_bytes : int
        Bytes that could not be kept readable: the tail that was cut, and damages before it.
    lost_seconds : float
        How long that took to record, estimated from the bytes per second of the rest.
    n_samples : dict of int to int
        Samples per stream.
    damages : tuple of Damage
        Damages before the tail; they stay in the file, and readers pass over them.
    """

    path: Path
    changed: bool
    seconds: float
    lost_bytes: int
    lost_seconds: float
    n_samples: dict[int, int]
    damages: tuple[Damage, ...]


def _count(totals: StreamTotals, n: int, first_s: float, last_s: float) -> None:
    if n:
        totals.first_s = totals.first_s if totals.n_samples else first_s
        totals.last_s = last_s
        totals.n_samples += n


class _Survey:
    """Goes once through a recording and gathers what its footers have to say."""

    def __init__(self, file: BinaryIO) -> None:
        self.damages: list[Damage] = []
        self.totals: dict[int, StreamTotals] = {}
        self.ticks = StreamTotals()
        self.notes = StreamTotals()
        reader = XdfReader(file, on_damage=self.damages.append)
        for event in reader.extents():
            if isinstance(event, Extent):
                totals = self.totals.setdefault(event.stream_id, StreamTotals())
                _count(totals, event.n_samples, event.first_s, event.last_s)
            elif isinstance(event, ClockOffset):
                totals = self.totals.setdefault(event.stream_id, StreamTotals())
                totals.offsets.append((event.collected_s, event.offset_s))
            elif isinstance(event, Tick):
                _count(self.ticks, 1, event.now_s, event.now_s)
            elif isinstance(event, Annotation | StreamLost):
                _count(self.notes, 1, event.at_s, event.at_s)
        self.whole_bytes = reader.scanner.good_end
        self.missing = tuple(number for number in reader.streams if number not in reader.footers)
        self.own = {number: stream.own for number, stream in reader.streams.items()}
        self.total_bytes = file.seek(0, os.SEEK_END)

    def seconds(self) -> float:
        """Length of what is readable."""
        spans = [self.ticks] if self.ticks.n_samples else self.totals.values()
        return max([0.0, *(totals.last_s - totals.first_s for totals in spans)])

    def footers(self) -> bytes:
        """Write the footers that are missing."""
        parts = []
        for number in self.missing:
            own = {"ticks": self.ticks, "events": self.notes}.get(self.own[number])
            totals = own or self.totals.get(number, StreamTotals())
            content = struct.pack("<I", number) + footer_xml(totals).encode()
            parts.append(frame(Tag.STREAM_FOOTER, content))
        return b"".join(parts)


def _readability(survey: _Survey) -> Readability:
    return Readability(
        n_samples={
            number: survey.totals.get(number, StreamTotals()).n_samples
            for number, own in survey.own.items()
            if not own
        },
        n_ticks=survey.ticks.n_samples,
        seconds=survey.seconds(),
        whole_bytes=survey.whole_bytes,
        total_bytes=survey.total_bytes,
        missing_footers=survey.missing,
        damages=tuple(survey.damages),
    )


def _survey(path: Path) -> _Survey:
    try:
        with path.open("rb") as file:
            return _Survey(file)
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}. Check the disk.") from error


def verify_readable(path: Path) -> Readability:
    """Read a recording from end to end and tell what is in it.

    Parameters
    ----------
    path : Path
        The recording.

    Returns
    -------
    Readability
        What can be read, and what cannot.

    Raises
    ------
    RecordingError
        If the file cannot be opened, is empty or no XDF file.
    """
    return _readability(_survey(path))


def repair(path: Path) -> RepairReport:
    """Make a torn recording whole.

    An incomplete or zero-filled tail is cut off and missing footers are written, into a copy that takes
    its final name only when it is safe on the disk. ``recording.xdf.part`` becomes ``recording.xdf``.
    Until then the torn file stays untouched.

    Parameters
    ----------
    path : Path
        The recording.

    Returns
    -------
    RepairReport
        What was done, and what was lost.

    Raises
    ------
    RecordingError
        If the file holds nothing to repair, its final name is taken, or the disk refuses the copy.
    """
    survey = _survey(path)
    target = path.with_suffix("") if path.suffix == _PART else path
    if target != path and target.exists():
        raise RecordingError(
            f"{path.name} cannot become {target.name}, because that file exists. Move one of them away."
        )
    found = _readability(survey)
    changed = found.whole_bytes < found.total_bytes or bool(found.missing_footers)
    try:
        if changed:
            _rewrite(path, target, found.whole_bytes, survey.footers())
        elif target != path:
            path.rename(target)
            _sync_folder(target.parent)
    except OSError as error:
        raise RecordingError(
            f"{path.name} could not be repaired: {error.strerror}. It is unchanged. "
            "Free disk space or check the permissions of the folder, then repair again."
        ) from error
    lost = sum(damage.lost_bytes for damage in found.damages)
    kept = max(1, found.total_bytes - lost)
    return RepairReport(
        path=target,
        changed=changed,
        seconds=found.seconds,
        lost_bytes=lost,
        lost_seconds=found.seconds * lost / kept,
        n_samples=found.n_samples,
        damages=tuple(damage for damage in found.damages if damage.offset < found.whole_bytes),
    )


def _rewrite(path: Path, target: Path, n_bytes: int, footers: bytes) -> None:
    """Copy the whole chunks, add footers, and let the copy take the place of the torn file."""
    copy = target.with_name(target.name + ".repairing")
    try:
        with path.open("rb") as source, copy.open("wb") as file:
            copy.chmod(path.stat().st_mode & 0o777)
            shutil.copyfileobj(source, file, 1 << 20)
            file.truncate(n_bytes)
            file.seek(n_bytes)
            file.write(frame(Tag.BOUNDARY, BOUNDARY_UUID) + footers)
            file.flush()
            os.fsync(file.fileno())
        copy.replace(target)
    except OSError:
        copy.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)
    if target != path:
        path.unlink()


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where folders can be synced at all."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
