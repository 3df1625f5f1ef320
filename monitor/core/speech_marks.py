"""Marks of speech as streams of texts send them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_MARK = re.compile(r"\s*([A-Za-z0-9_-]{1,32})[\s:=,;]+(on|start|1|off|stop|0)\s*", re.ASCII | re.IGNORECASE)
_ON = frozenset({"on", "start", "1"})


class SpeechMark(NamedTuple):
    """The begin or the end of a stretch of speech.

    Parameters
    ----------
    t_s : float
        Session time in seconds.
    participant : str
        Code as written in the mark.
    speaking : bool
        True for the begin.
    """

    t_s: float
    participant: str
    speaking: bool


def read_mark(text: str) -> tuple[str, bool] | None:
    """Read a mark of speech.

    Parameters
    ----------
    text : str
        ``CODE on`` or ``CODE off``; also ``start, stop, 1, 0``, in either case.

    Returns
    -------
    tuple of (str, bool) or None
        Code as written, and whether speech begins; None when the text is no such mark.
    """
    found = _MARK.fullmatch(text)
    return None if found is None else (found[1], found[2].lower() in _ON)


class SpeechMarks:
    """Reads the marks of one stream, and counts what is none.

    Attributes
    ----------
    n_unreadable : int
        Samples that are no mark of speech.
    """

    __slots__ = ("n_unreadable",)

    def __init__(self) -> None:
        self.n_unreadable = 0

    def push(self, t_s: Sequence[float], texts: Sequence[str]) -> tuple[list[SpeechMark], str]:
        """Read the next samples.

        Parameters
        ----------
        t_s : sequence of float
            Session seconds.
        texts : sequence of str
            One text per stamp.

        Returns
        -------
        marks : list of SpeechMark
            In the order of the samples.
        problem : str
            What to tell the user: once, with the first text that is no mark; else empty.
        """
        marks: list[SpeechMark] = []
        problem = ""
        for stamp, text in zip(t_s, texts, strict=True):
            read = read_mark(text)
            if read is not None:
                marks.append(SpeechMark(stamp, *read))
                continue
            if self.n_unreadable == 0:
                problem = (
                    f"{text[:40]!r} is no mark of speech; such samples are recorded only. "
                    "Let the sender publish a code and on or off, such as 'C07 on'."
                )
            self.n_unreadable += 1
        return marks, problem
