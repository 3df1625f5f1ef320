"""The versions that can change a number: of this program and of the libraries under it."""

import platform
from importlib import metadata

from monitor import __distribution__, __version__

_LIBRARIES = ("numpy", "scipy", "numba", "pylsl", "pyarrow")


def versions() -> dict[str, str]:
    """Return the versions that belong beside every result.

    Returns
    -------
    dict of str to str
        Name to version; a library that is not installed is left out.
    """
    found = {__distribution__: __version__, "python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
