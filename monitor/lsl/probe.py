"""Whether a stream made on this computer is found on this computer."""

import time

from monitor.lsl.binding import Outlet, configure, library
from monitor.lsl.discovery import Discovery

_AT_MOST_S = 8.0


def see_own_outlet() -> tuple[bool, float, str]:
    """Make a stream, look for it, and take it away.

    Returns
    -------
    found : bool
        Whether it was seen.
    seconds : float
        How long that took.
    library : str
        Version of liblsl.
    """
    configure(session_id="attune-doctor")
    outlet = Outlet("attune-doctor", "Probe", "attune-doctor", ["probe"], [""], "double64")
    discovery = Discovery()
    start = time.monotonic()
    discovery.start()
    try:
        found = False
        while not found and time.monotonic() - start < _AT_MOST_S:
            found = any(advert.name == "attune-doctor" for advert in discovery.adverts)
            time.sleep(0.02)
    finally:
        discovery.stop()
        outlet.close()
    return found, time.monotonic() - start, library().split()[1]
