"""A first look through a recording, before it is run: how long it is, and what was noted."""

from math import isnan, nan
from pathlib import Path
from typing import NamedTuple

from monitor.core.events import Annotation, Tick
from monitor.xdf.merge import AFTERMATH_S
from monitor.xdf.reader import XdfReader
from monitor.xdf.samples import Extent
from monitor.xdf.source import FileSource


class Survey(NamedTuple):
    """What is known beforehand.

    Parameters
    ----------
    duration_s : float
        About how long it is in seconds; the run will tell.
    annotations : tuple of Annotation
        All of a recording of ours.
    """

    duration_s: float
    annotations: tuple[Annotation, ...]


def survey(recording: Path, source: FileSource) -> Survey:
    """Look through a recording.

    Parameters
    ----------
    recording : Path
        The XDF file.
    source : FileSource
        The same, opened.

    Returns
    -------
    Survey
        Length and notes.

    Raises
    ------
    OSError, RecordingError
        If the file cannot be read.
    """
    if source.made_ticks:
        groups = source.clock_groups
        return Survey(groups[0].stop_s - groups[0].start_s + AFTERMATH_S if groups else 0.0, ())
    annotations: list[Annotation] = []
    first_s = last_s = nan
    has_samples = False
    with recording.open("rb") as file:
        for event in XdfReader(file).extents():
            if isinstance(event, Tick):
                last_s = event.now_s
                if isnan(first_s) and has_samples:
                    first_s = event.now_s
            elif isinstance(event, Annotation):
                annotations.append(event)
            elif isinstance(event, Extent):
                has_samples = True
    return Survey(0.0 if isnan(first_s) else max(last_s - first_s, 0.0), tuple(annotations))
