"""What a page is made of: sections of sentences, tables and charts, as plain values."""

from collections.abc import Iterable
from math import floor, isfinite
from typing import NamedTuple

from monitor.board.gate import REASON_WORDS, clean
from monitor.core.results import Reason

MISSING = "–"
"""Stands in a cell for what is not known."""

NARROW = "\u202f"
_HOST = " @ "


class Text(NamedTuple):
    """A paragraph.

    Parameters
    ----------
    text : str
        One or more sentences.
    kind : str, default "plain"
        ``plain``, ``main`` for what matters most, ``aside`` for an explanation, ``paste`` for a text to copy.
    """

    text: str
    kind: str = "plain"


class Listing(NamedTuple):
    """Sentences one below the other.

    Parameters
    ----------
    title : str
        What they are; may be empty.
    items : tuple of str
        The sentences.
    """

    title: str
    items: tuple[str, ...]


class Table(NamedTuple):
    """A table; the first cell of a row is its heading.

    Parameters
    ----------
    caption : str
        What it shows.
    headings : tuple of str
        One for each column.
    rows : tuple of tuple of str
        As many cells as headings.
    numbers : tuple of int, default ()
        Columns that hold numbers.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


class Chart(NamedTuple):
    """A drawing.

    Parameters
    ----------
    svg : str
        An ``svg`` element without anything before it.
    label : str
        The same in words, for who cannot see it.
    caption : str
        How to read it.
    """

    svg: str
    label: str
    caption: str


class Heading(NamedTuple):
    """A heading inside a section.

    Parameters
    ----------
    text : str
        The heading.
    """

    text: str


Block = Text | Listing | Table | Chart | Heading
"""A piece of a section."""


class Section(NamedTuple):
    """A section of the page.

    Parameters
    ----------
    name : str
        Its anchor.
    title : str
        Its heading.
    blocks : tuple of Block
        In the order of the page.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]


def said(text: object, limit: int = 200) -> str:
    """Make a text from outside fit for the page.

    Parameters
    ----------
    text : object
        Whatever a file held.
    limit : int, default 200
        Longest result.

    Returns
    -------
    str
        Printable characters only, cut to `limit`; empty for what is no text.
    """
    return clean(text, limit) if isinstance(text, str) else ""


def title_text(title: object) -> str:
    """Name a stream without the computer it came from.

    Parameters
    ----------
    title : object
        Name and host as messages write them.

    Returns
    -------
    str
        The name alone: a page is handed on, and computers are often called after people.
    """
    return said(title).split(_HOST)[0]


def without_hosts(text: str, titles: Iterable[object]) -> str:
    """Take the names of computers out of a text.

    Parameters
    ----------
    text : str
        A sentence for the user.
    titles : iterable of object
        Titles of the streams, with their hosts.

    Returns
    -------
    str
        The text with the names of the streams alone.
    """
    hosts = {title.split(_HOST, 1)[1] for title in titles if isinstance(title, str) and _HOST in title}
    for host in sorted(filter(None, hosts), key=lambda host: (-len(host), host)):
        text = text.replace(f"{_HOST}{host}", "")
    return text


def number_text(value: float, digits: int = 1) -> str:
    """Write a number.

    Parameters
    ----------
    value : float
        NaN where unknown.
    digits : int, default 1
        Decimals.

    Returns
    -------
    str
        With a true minus sign; a dash where unknown.
    """
    if not isfinite(value):
        return MISSING
    # Rounding must not print a minus sign in front of zero.
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def minutes_text(minutes: float) -> str:
    """Write valid minutes, never rounded up.

    Parameters
    ----------
    minutes : float
        NaN where unknown.

    Returns
    -------
    str
        One decimal; a dash where unknown.
    """
    return f"{floor(minutes * 10.0 + 1e-6) / 10.0:.1f}" if isfinite(minutes) else MISSING


def percent_text(share: float) -> str:
    """Write a share of something.

    Parameters
    ----------
    share : float
        0 to 1; NaN where unknown.

    Returns
    -------
    str
        Whole percent; neither 0 nor 100 unless it is.
    """
    if not isfinite(share):
        return MISSING
    if 0.0 < share < 0.005:
        return f"<{NARROW}1{NARROW}%"
    if 0.995 < share < 1.0:
        return f">{NARROW}99{NARROW}%"
    return f"{100.0 * share:.0f}{NARROW}%"


def p_text(p: float) -> str:
    """Write a p-value.

    Parameters
    ----------
    p : float
        NaN where unknown.

    Returns
    -------
    str
        Three decimals; a dash where unknown.
    """
    if not isfinite(p):
        return MISSING
    return "< 0.001" if p < 0.0005 else f"{p:.3f}"


def sentence(text: str) -> str:
    """Begin a sentence.

    Parameters
    ----------
    text : str
        Words; codes in them stay as they are.

    Returns
    -------
    str
        With a capital letter in front.
    """
    return text[:1].upper() + text[1:]


def reason_text(reason: str) -> str:
    """Write a reason in words.

    Parameters
    ----------
    reason : str
        As in the tables.

    Returns
    -------
    str
        Words for the reader; of an unknown reason its name.
    """
    try:
        return REASON_WORDS[Reason(reason)] or "no reason given"
    except ValueError:
        return said(reason).replace("_", " ")
