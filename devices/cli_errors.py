"""What is told when a command fails."""

from collections.abc import Iterator

from devices.errors import DeviceError, Reason

_ADAPTER = frozenset({Reason.NO_ADAPTER, Reason.NO_PERMISSION})


def leaves(error: Exception) -> Iterator[Exception]:
    """Take groups of errors apart.

    Parameters
    ----------
    error : Exception
        A group, of groups perhaps, or a single one.

    Yields
    ------
    Exception
        Each error that is no group.
    """
    if isinstance(error, ExceptionGroup):
        for part in error.exceptions:
            yield from leaves(part)
    else:
        yield error


def paragraphs(error: Exception, command: str) -> list[str]:
    """Tell a failure to a person.

    Parameters
    ----------
    error : Exception
        What left a command.
    command : str
        The command.

    Returns
    -------
    list of str
        What happened and what to do, each thing once.
    """
    return list(dict.fromkeys(_paragraph(each, command) for each in leaves(error)))


def _paragraph(error: Exception, command: str) -> str:
    # Imported only now that something failed: it brings the drivers' contract along, which takes a third of a second.
    from devices.device_file import DeviceFileError

    if isinstance(error, DeviceError | DeviceFileError | FileNotFoundError):
        return str(error)
    return (
        f"Something attune does not expect happened: {type(error).__name__}: {error}. Run the same command with "
        f"`attune bridge --debug {command} …` and report what it prints."
    )


def about_hci(error: Exception, transport: str | None) -> Exception:
    """Speak of the controller that was named, where the cure would be for that of the system.

    Parameters
    ----------
    error : Exception
        What went wrong.
    transport : str or None
        What was given as ``--hci``.

    Returns
    -------
    Exception
        The same error, or one about the controller.
    """
    if transport is None or not isinstance(error, DeviceError) or error.reason not in _ADAPTER:
        return error
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    said = cause.args[0] if cause.args and isinstance(cause.args[0], str) else str(cause)
    return DeviceError(
        f"The Bluetooth controller {transport!r} of --hci cannot be used: {said}. Check that it is there and that "
        f"no other program holds it. Its name is one that bumble knows, such as usb:0 or tcp-client:HOST:PORT.",
        error.reason,
    )
