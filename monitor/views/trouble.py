"""Whether what a window shows may be old, and why: judged alike in every window."""

from monitor.board.client import Link


def trouble_of(link: Link, *, seen: bool, frozen: bool) -> str:
    """Say why what is shown may be old.

    Parameters
    ----------
    link : Link
        State of the pipe.
    seen : bool
        Whether anything was heard of the engine yet.
    frozen : bool
        Whether the clock of the engine stands still though it should run: it answers, but knows nothing new.

    Returns
    -------
    str
        Key of the session states; empty when there is no trouble.
    """
    if link is Link.CONNECTING and not seen:
        return "connecting"
    if link in {Link.GONE, Link.CONNECTING}:
        return "gone"
    return "silent" if link is Link.SILENT or frozen else ""
