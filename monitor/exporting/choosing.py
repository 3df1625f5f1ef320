"""Which pairs of a session are exported, and what the user is told of those that are not."""

from collections.abc import Sequence
from typing import NamedTuple

from monitor.core.synchrony.pair import Pair
from monitor.errors import RecordingError, SettingsError
from monitor.exporting.series import Series, series_of
from monitor.room import check_code


class Chosen(NamedTuple):
    """What is exported.

    Parameters
    ----------
    series : tuple of Series
        At least one; each with a moment at which both have a value.
    told : tuple of str
        What was left out and why, a sentence each.
    """

    series: tuple[Series, ...]
    told: tuple[str, ...]


def parse_pair(text: str) -> tuple[str, str]:
    """Read ``FIRST,SECOND``.

    Parameters
    ----------
    text : str
        As typed.

    Returns
    -------
    tuple of str
        The two codes, in that order.

    Raises
    ------
    SettingsError
        If it is not two different codes.
    """
    codes = [check_code(code.strip()) for code in text.split(",") if code.strip()]
    if len(codes) != 2 or codes[0] == codes[1]:
        raise SettingsError(
            f"`--pair {text}` is not two people, such as C07,T02. Give two codes with a comma."
        )
    return codes[0], codes[1]


def choose(
    pairs: Sequence[Pair],
    people: Sequence[str],
    *,
    signal: str | None = None,
    wanted: tuple[str, str] | None = None,
    prepared: bool = False,
) -> Chosen:
    """Choose the series to export.

    Parameters
    ----------
    pairs : sequence of Pair
        All pairs of the session, the client first in each.
    people : sequence of str
        Codes of everybody in the session.
    signal : str, optional
        Only this signal; all by default.
    wanted : tuple of str, optional
        Only these two people, in this order; by default all pairs as they are, the client first.
    prepared : bool, default False
        Whether to take the prepared series.

    Returns
    -------
    Chosen
        The series.

    Raises
    ------
    RecordingError
        If there is only one person, nothing both have, or no moment at which both have it.
    SettingsError
        If a code is not in the session or cannot be the name of a file.
    """
    for code in people:
        check_code(code)
    _refuse_one(people)
    if wanted is not None:
        _refuse_strangers(wanted, people)
        pairs = [pair for pair in pairs if {pair.first, pair.second} == set(wanted)]
    who = " and ".join(wanted) if wanted else "two people"
    if signal is not None:
        found = ", ".join(dict.fromkeys(pair.signal for pair in pairs)) or "nothing"
        pairs = [pair for pair in pairs if pair.signal == signal]
        if not pairs:
            raise RecordingError(
                f"There is no {signal} of {who} in this recording; they share {found}. "
                f"Choose another --signal, or give streams to people with --assign CODE=TEXT."
            )
    if not pairs:
        raise RecordingError(
            f"There is no signal that {who} share in this recording ({', '.join(people)}). Give the streams "
            f"of each person one code with --assign CODE=TEXT."
        )
    series = [series_of(_turned(pair, wanted), prepared=prepared) for pair in pairs]
    empty = [item for item in series if not item.valid.any()]
    if len(empty) == len(series):
        names = ", ".join(dict.fromkeys(item.signal for item in series))
        raise RecordingError(
            f"There is no moment at which {who} both have a valid value ({names}). `attune analyze` tells, second by "
            f"second, why values are missing."
        )
    told = [f"{s.signal} of {s.first} and {s.second} is left out: no moment is valid in both." for s in empty]
    return Chosen(tuple(item for item in series if item.valid.any()), tuple(told))


def _refuse_one(people: Sequence[str]) -> None:
    if len(people) < 2:
        who = ", ".join(people) or "nobody"
        raise RecordingError(
            f"Synchrony needs two people, and this recording holds {who}. If the streams of another person are in it, "
            f"give them to a code of their own with --assign CODE=TEXT."
        )


def _refuse_strangers(wanted: tuple[str, str], people: Sequence[str]) -> None:
    unknown = [code for code in wanted if code not in people]
    if unknown:
        raise SettingsError(
            f"`--pair` names {', '.join(unknown)}, but the recording holds {', '.join(people)}. Use two of these codes."
        )


def _turned(pair: Pair, wanted: tuple[str, str] | None) -> Pair:
    """Put the person first whom the user named first."""
    if wanted is None or wanted[0] == pair.first:
        return pair
    return pair._replace(
        first=pair.second, second=pair.first, raw_x=pair.raw_y, raw_y=pair.raw_x, x=pair.y, y=pair.x
    )
