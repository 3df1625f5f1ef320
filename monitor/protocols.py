"""Where protocols come from: the two that are part of the program, or a file of the user's."""

import tomllib
from importlib import resources
from pathlib import Path

from calibration.protocol import Protocol, ProtocolError, protocol_from
from monitor.errors import SettingsError

BUILT_IN = ("first", "opening")
"""Names of the protocols that are part of the program."""

_MAX_BYTES = 1 << 20


def load_protocol(chosen: str) -> Protocol:
    """Read a protocol.

    Parameters
    ----------
    chosen : str
        ``first``, ``opening``, or the path of a TOML file.

    Returns
    -------
    Protocol
        The protocol.

    Raises
    ------
    SettingsError
        If there is no such file, or it cannot be used.
    """
    if chosen in BUILT_IN:
        where = f"{chosen}.toml"
        content = resources.files("calibration").joinpath("protocols", where).read_bytes()
    else:
        where = Path(chosen).name
        content = _content_of(chosen)
    try:
        return protocol_from(tomllib.loads(content.decode("utf-8-sig")), where)
    except ProtocolError as error:
        raise SettingsError(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"`{where}` is not valid TOML: {error}. Correct that line.") from error


def _content_of(chosen: str) -> bytes:
    """Read the user's file."""
    try:
        with Path(chosen).expanduser().open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(
            f"Cannot read the protocol `{chosen}`: {reason}. Give {' or '.join(BUILT_IN)}, or the path of a TOML file."
        ) from error
    if len(content) > _MAX_BYTES:
        raise SettingsError(f"`{chosen}` is larger than 1 MB, which no protocol is. Check the path.")
    return content
