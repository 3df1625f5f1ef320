"""What can go wrong between a wearable and this computer: each error carries its reason, and its message the cure."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a device does not deliver; what a program acts on instead of reading the message."""

    NO_ADAPTER = "no_adapter"
    ADAPTER_OFF = "adapter_off"
    NO_PERMISSION = "no_permission"
    NOT_FOUND = "not_found"
    BUSY = "busy"
    TIMEOUT = "timeout"
    PAIRING = "pairing"
    UNSUPPORTED = "unsupported"
    FIRMWARE = "firmware"
    REFUSED = "refused"
    GARBAGE = "garbage"
    SILENT = "silent"
    LINK_LOST = "link_lost"
    STOPPED_BY_DEVICE = "stopped_by_device"
    MISSING_LIBRARY = "missing_library"


class DeviceError(Exception):
    """Something between a wearable and this computer went wrong.

    Parameters
    ----------
    message : str
        What happened, with which device, and what to do.
    reason : Reason
        The same for programs.
    device : str, optional
        Name or address of the device; empty when no single one is meant.
    code : int, optional
        Error code the device or the system gave, where there is one.
    """

    def __init__(self, message: str, reason: Reason, device: str = "", code: int | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.device = device
        self.code = code

    @property
    def about_machine(self) -> bool:
        """Whether the computer is to be put right, not the device.

        Returns
        -------
        bool
            True for a missing or forbidden adapter and for a missing library.
        """
        return self.reason in {Reason.NO_ADAPTER, Reason.NO_PERMISSION, Reason.MISSING_LIBRARY}
