"""What to do when Bluetooth does not work, in the words of each operating system."""

import sys

from devices.errors import Reason

_ADAPTER: dict[str, str] = {
    "linux": (
        "Plug in a Bluetooth adapter (4.0 or later) and see that the service runs: `systemctl status bluetooth`, "
        "`sudo systemctl enable --now bluetooth`. In a container the system's D-Bus must be passed in."
    ),
    "darwin": "Macs have a Bluetooth adapter; switch Bluetooth off and on in System Settings, or restart the Mac.",
    "win32": "Plug in a Bluetooth adapter (4.0 or later) and look for it in the Device Manager under Bluetooth.",
}

_OFF: dict[str, str] = {
    "linux": "Switch Bluetooth on: `rfkill unblock bluetooth`, then `bluetoothctl power on`, or in the settings.",
    "darwin": "Switch Bluetooth on in the Control Centre or in System Settings, Bluetooth.",
    "win32": "Switch Bluetooth on in Settings, Bluetooth & devices; see that airplane mode is off.",
}

_PERMISSION: dict[str, str] = {
    "linux": (
        "Run it in the session at the screen, or let the administrator add this account to the group `bluetooth` "
        "(`sudo usermod -aG bluetooth $USER`, then log in again)."
    ),
    "darwin": (
        "Open System Settings, Privacy & Security, Bluetooth, allow the program this was started from (such as "
        "Terminal), and start it again."
    ),
    "win32": "Allow it in Settings, Privacy & security, Radios (and ask the administrator if that is greyed out).",
}

_PAIRING: dict[str, str] = {
    "linux": (
        "Remove old bonds (`bluetoothctl remove ADDRESS`), wake the device, and pair it: `bluetoothctl`, then "
        "`scan on`, `pair ADDRESS`."
    ),
    "darwin": "Forget the device in System Settings, Bluetooth, start again, and agree when macOS asks to pair.",
    "win32": "Remove the device in Settings, Bluetooth & devices, then add it there again, and start again.",
}

_FORGET: dict[str, str] = {
    "linux": (
        "Wait some seconds. If it stays so, let the system forget the device (`bluetoothctl remove ADDRESS`) or "
        "restart the service (`sudo systemctl restart bluetooth`)."
    ),
    "darwin": "Wait some seconds. If it stays so, forget the device in System Settings, Bluetooth.",
    "win32": "Wait some seconds. If it stays so, remove the device in Settings, Bluetooth & devices.",
}

_ANYWHERE: dict[Reason, str] = {
    Reason.NOT_FOUND: (
        "Wear the strap and moisten its electrodes: many devices are silent while nobody wears them. Bring it within "
        "a few metres, and close other programs and phones that may hold it (also a watch or a training app)."
    ),
    Reason.TIMEOUT: (
        "Bring it closer, close other programs and phones that may hold it, and take the sensor off the strap for a "
        "moment if it goes on."
    ),
    Reason.LINK_LOST: "Bring the device closer and see to its battery; the connection is tried again.",
    Reason.UNSUPPORTED: "Check that this is the device meant, and update its firmware in the maker's app.",
    Reason.REFUSED: "Take the sensor off the strap for a minute, which restarts it, and try again.",
    Reason.MISSING_LIBRARY: "Install the program again with its dependencies: `pip install --upgrade attune-monitor`.",
}


def cure(reason: Reason, platform: str = sys.platform) -> str:
    """Tell what to do.

    Parameters
    ----------
    reason : Reason
        What is wrong.
    platform : str, optional
        Name of the operating system as `sys.platform` has it; any other than Windows and macOS is taken for Linux.

    Returns
    -------
    str
        One or two sentences; empty where there is nothing to say.
    """
    table = {
        Reason.NO_ADAPTER: _ADAPTER,
        Reason.ADAPTER_OFF: _OFF,
        Reason.NO_PERMISSION: _PERMISSION,
        Reason.PAIRING: _PAIRING,
        Reason.BUSY: _FORGET,
    }.get(reason)
    if table is None:
        return _ANYWHERE.get(reason, "")
    return table.get(platform, table["linux"])
