"""An export on the disk: nothing there is replaced unasked."""

from collections.abc import Sequence
from pathlib import Path

from monitor.errors import RecordingError
from monitor.exporting.files import ExportFile
from monitor.session.files import write_atomic

_NAMED_AT_MOST = 3


def write_export(folder: Path, files: Sequence[ExportFile], *, force: bool) -> list[Path]:
    """Write the files of an export.

    Parameters
    ----------
    folder : Path
        Where they go; made when missing, readable by its owner only.
    files : sequence of ExportFile
        What to write.
    force : bool
        Whether files that exist may be replaced.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    RecordingError
        If a file exists and may not be replaced, or the folder cannot be written.
    """
    paths = [folder.joinpath(*file.name.split("/")) for file in files]
    there = [path for path in paths if path.exists() or path.is_symlink()]
    if there and not force:
        names = ", ".join(str(path.relative_to(folder)) for path in there[:_NAMED_AT_MOST])
        more = f" and {len(there) - _NAMED_AT_MOST} more" if len(there) > _NAMED_AT_MOST else ""
        raise RecordingError(
            f"'{folder}' already holds {names}{more}; nothing was written. Choose another folder with --out, or "
            f"pass --force to replace them."
        )
    try:
        # The rights are those of the last folder only; what is above it gets the usual ones.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, file in zip(paths, files, strict=True):
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_atomic(path, file.data)
    except OSError as error:
        raise RecordingError(
            f"'{folder}' cannot be written ({error.strerror or error}). Choose another folder with --out."
        ) from error
    return paths
