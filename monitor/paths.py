"""Where things are kept on this computer."""

import os
from pathlib import Path

from platformdirs import user_config_path, user_data_path

from monitor.errors import RecordingError


def sessions_folder(chosen: str | None) -> Path:
    """Folder in which session folders are made.

    Parameters
    ----------
    chosen : str or None
        What the user asked for.

    Returns
    -------
    Path
        That folder, or the user's data folder.
    """
    return Path(chosen).expanduser() if chosen else user_data_path("attune", appauthor=False) / "sessions"


def profiles_folder(chosen: str | None) -> Path:
    """Folder in which the profiles of people are kept.

    Parameters
    ----------
    chosen : str or None
        What the user asked for.

    Returns
    -------
    Path
        That folder, or the user's data folder.
    """
    return Path(chosen).expanduser() if chosen else user_data_path("attune", appauthor=False) / "profiles"


CONFIG_VARIABLE = "ATTUNE_CONFIG"
"""Environment variable with the folder of what the user has chosen."""


def config_folder() -> Path:
    """Folder in which the choices of the user are kept: of the window, and who wears what.

    Returns
    -------
    Path
        That of the environment variable ``ATTUNE_CONFIG``, or the user's configuration folder; it may not exist yet.
    """
    chosen = os.environ.get(CONFIG_VARIABLE)
    return Path(chosen).expanduser() if chosen else user_config_path("attune", appauthor=False)


def running_folder() -> Path:
    """Folder in which sessions are announced while they are recorded.

    Returns
    -------
    Path
        In the user's data folder; it may not exist yet.
    """
    return user_data_path("attune", appauthor=False) / "running"


def recording_in(path: Path) -> Path:
    """Find the recording a user means.

    Parameters
    ----------
    path : Path
        A session folder or an XDF file.

    Returns
    -------
    Path
        The XDF file.

    Raises
    ------
    RecordingError
        If there is none.
    """
    try:
        return _recording_in(path)
    except OSError as error:
        raise RecordingError(
            f"'{path}' cannot be reached: {error.strerror or error}. Ask its owner, or copy it to a folder of yours."
        ) from error


def _recording_in(path: Path) -> Path:
    if path.is_dir():
        inside = path / "recording.xdf"
        if inside.is_file():
            return inside
        torn = path / "recording.xdf.part"
        if torn.is_file():
            raise RecordingError(
                f"'{path}' holds a recording that was not closed. "
                f"`attune live --out {path.parent}` repairs it when it starts."
            )
        raise RecordingError(f"'{path}' holds no recording.xdf. Give a session folder or an XDF file.")
    if not path.exists():
        raise RecordingError(
            f"'{path}' does not exist. Check the path; `attune analyze --help` shows an example."
        )
    return path


def session_name(recording: Path) -> str:
    """Tell how the session of a recording is called.

    Parameters
    ----------
    recording : Path
        The XDF file.

    Returns
    -------
    str
        Name of its session folder; of any other file its own name without suffix.
    """
    return recording.parent.name if recording.name == "recording.xdf" else recording.stem
