"""Recordings that were cut off, found and repaired at the next start."""

from pathlib import Path
from typing import NamedTuple

from monitor.errors import MonitorError
from monitor.session.files import sync_folder
from monitor.session.locks import FileLock, is_held
from monitor.session.manifest import hash_blocks, verify_manifest, write_manifest
from monitor.versions import versions
from monitor.xdf.repair import repair, verify_readable


class TornRecording(NamedTuple):
    """What became of a recording that was cut off.

    Parameters
    ----------
    path : Path
        The recording now.
    text : str
        For the user: what was lost, or why it could not be repaired.
    repaired : bool
        Whether it can be read now.
    """

    path: Path
    text: str
    repaired: bool


def find_torn(root: Path) -> list[Path]:
    """Find recordings whose writer is gone.

    Parameters
    ----------
    root : Path
        Where sessions are kept.

    Returns
    -------
    list of Path
        The ``.xdf.part`` files one level down whose lock is stale, sorted.
    """
    inside = root.resolve()
    parts = [part for part in sorted(root.glob("*/*.xdf.part")) if part.resolve().is_relative_to(inside)]
    return [part for part in parts if not is_held(part.with_suffix(".lock"))]


def repair_torn(root: Path) -> list[TornRecording]:
    """Repair every recording that was cut off; meant for each start of the program.

    Parameters
    ----------
    root : Path
        Where sessions are kept.

    Returns
    -------
    list of TornRecording
        One per file found; a file that cannot be repaired stays as it is.
    """
    return [_repair_one(part) for part in find_torn(root)]


def _repair_one(part: Path) -> TornRecording:
    lock = FileLock(part.with_suffix(".lock"))
    try:
        lock.acquire()
        try:
            return _repair_locked(part)
        finally:
            lock.release()
    except (MonitorError, OSError) as error:
        return TornRecording(part, f"{part} could not be repaired: {error}", repaired=False)


def _repair_locked(part: Path) -> TornRecording:
    folder, final = part.parent, part.with_suffix("")
    found = [problem.text for problem in verify_manifest(folder)]
    for leftover in (*folder.glob("*.new"), *folder.glob("*.repairing")):
        leftover.unlink()
    if final.exists() and _same_samples(part, final):
        # An earlier repair was cut off after its last step but one.
        part.unlink()
        text = f"{final} was cut off and is repaired."
    else:
        report = repair(part)
        text = (
            f"{report.path} was cut off and is repaired: {report.seconds:.0f} s can be read, "
            f"an unfinished end of {report.lost_bytes} bytes ({report.lost_seconds:.2f} s) was removed."
        )
    write_manifest(
        folder,
        state="repaired",
        recording=hash_blocks(final).entry(),
        versions=versions(),
        incidents=[*found, text],
        with_files=True,
    )
    sync_folder(folder)
    return TornRecording(final, " ".join((text, *found)), repaired=True)


def _same_samples(part: Path, final: Path) -> bool:
    whole = verify_readable(final)
    return whole.complete and whole.n_samples == verify_readable(part).n_samples
