"""The file ``report.html`` of a session: whole or not at all, private, under the seal of its folder."""

from pathlib import Path
from typing import Final

from monitor.errors import RecordingError
from monitor.report.reading import read_material
from monitor.session.files import write_atomic
from monitor.session.manifest import MANIFEST_NAME
from monitor.session.sealed import change_sealed

REPORT_NAME: Final = "report.html"
REPORT_WITH_TEXT_NAME: Final = "report_with_text.html"
"""Another name, so that a page with free text never takes the place of one that may be handed on."""


def write_report(
    folder: Path, out: Path | None = None, *, with_text: bool = False, sealed_later: bool = False
) -> tuple[Path, tuple[str, ...]]:
    """Write the report of a session.

    Parameters
    ----------
    folder : Path
        A session folder or a folder with the tables of an analysis.
    out : Path, optional
        Where it goes; by default into the folder, and then into its manifest.
    with_text : bool, default False
        Whether free text of ``notes.toml`` is on it.
    sealed_later : bool, default False
        Whether the folder is about to be sealed; then its manifest is left alone.

    Returns
    -------
    Path
        The file.
    tuple of str
        What the user must be told, a sentence each.

    Raises
    ------
    RecordingError
        If there is no summary, or the file cannot be written.
    """
    # Both take a while to import and are needed only here.
    from monitor.report.page import render

    material = read_material(folder, with_text=with_text)
    content = render(material, with_text=with_text).encode()
    name = REPORT_WITH_TEXT_NAME if with_text else REPORT_NAME
    path = out or folder
    # A page with free text never takes the name of one that may be handed on.
    path = path / name if path.is_dir() else path
    inside = path.parent.resolve() == folder.resolve()
    if inside and not sealed_later and (folder / MANIFEST_NAME).is_file():
        changed = change_sealed(folder, path.name, lambda _: content, what="report")
        return path, (*material.told, *changed.told)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomic(path, content)
    except OSError as error:
        raise RecordingError(
            f"The report cannot be written to '{path}' ({error.strerror or error}). Choose another place "
            "with --out."
        ) from error
    return path, material.told


def report_lines(folder: Path, *, sealed_later: bool = False) -> list[str]:
    """Write the report of a session that has just been computed, and say what must be said; nothing goes wrong here.

    Parameters
    ----------
    folder : Path
        Where the tables are.
    sealed_later : bool, default False
        As of `write_report`.

    Returns
    -------
    list of str
        Where it is, or why there is none. A page must never cost a session.
    """
    again = f"`attune report {folder}` makes it again."
    try:
        path, told = write_report(folder, sealed_later=sealed_later)
    except RecordingError as error:
        return [f"No report: {error}"]
    except Exception as error:  # noqa: BLE001 - whatever it is, the session is worth more than its page
        return [f"No report: {type(error).__name__}: {error}. The tables are complete; {again}"]
    return [*told, f"Report: {path}"]
