"""Whose a stream may be, where nobody has said it: by its name, its device, its computer, else by turn."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from monitor.core.model import Modality
from monitor.room import Kind, Participant, StreamLabel

_SIGNAL_WORDS = frozenset(
    {*(modality.value for modality in Modality)}
    | {"ekg", "gsr", "rri", "ibi", "nn", "bvp", "heartrate", "heart", "rate", "interval", "intervals", "skin"}
    | {
        "conductance",
        "electrodermal",
        "activity",
        "raw",
        "stream",
        "data",
        "lsl",
        "signal",
        "accelerometer",
        "bpm",
    }
)
"""Words that say what a stream measures, not which device it comes from."""

_HEART = frozenset({Modality.ECG, Modality.RR, Modality.HR})
_SKIN = frozenset({Modality.EDA})
_BY_TURN = (Kind.CLIENT, Kind.THERAPIST)


class Sighting(NamedTuple):
    """A stream to be given to somebody.

    Parameters
    ----------
    label : StreamLabel
        Name, type, source id and host.
    analysed : frozenset of Modality
        What of it is analysed.
    """

    label: StreamLabel
    analysed: frozenset[Modality]


class Guess(NamedTuple):
    """Whose a stream may be.

    Parameters
    ----------
    seat : int
        Number of the person's seat.
    why : str
        In words for the user.
    """

    seat: int
    why: str


class _Round:
    """What is given so far while streams are looked at one after the other."""

    def __init__(
        self,
        streams: Sequence[Sighting],
        fixed: Mapping[StreamLabel, int | None],
        seats: Mapping[int, Participant],
        before: Mapping[StreamLabel, Guess],
    ) -> None:
        self.seats = seats
        self.before = before
        self.given: dict[StreamLabel, int] = {}
        self.marks = _telling_words(streams)
        self._worn: dict[int, set[Modality]] = {}
        for stream in streams:
            seat = fixed.get(stream.label)
            if seat is not None:
                self.give(stream, seat)

    def give(self, stream: Sighting, seat: int) -> None:
        self.given[stream.label] = seat
        self._worn.setdefault(seat, set()).update(stream.analysed)

    def fits(self, stream: Sighting, seat: int) -> bool:
        """Whether nothing else there measures the same."""
        return not stream.analysed & self.worn(seat)

    def worn(self, seat: int) -> set[Modality]:
        return self._worn.get(seat, set())


def guess(
    streams: Sequence[Sighting],
    fixed: Mapping[StreamLabel, int | None],
    seats: Mapping[int, Participant],
    before: Mapping[StreamLabel, Guess] = MappingProxyType({}),
) -> dict[StreamLabel, Guess]:
    """Guess whose the streams are that nobody has given away.

    A guess never gives one person two streams that measure the same.

    Parameters
    ----------
    streams : sequence of Sighting
        Streams in the order in which they were first seen, each label once.
    fixed : mapping of StreamLabel to int or None
        Seats of the streams that were given away; None for those that are to be nobody's.
    seats : mapping of int to Participant
        Who is there.
    before : mapping of StreamLabel to Guess, optional
        The guess before, which holds where it can: a stream that comes later must not move the others about.

    Returns
    -------
    dict of StreamLabel to Guess
        Streams without a clue are left out.
    """
    so_far = _Round(streams, fixed, seats, before)
    free = [stream for stream in streams if stream.label not in fixed]
    guesses: dict[StreamLabel, Guess] = {}
    # One at a time, strongest clue first: what was just given is a clue for the rest of the same device.
    while (found := _next(free, so_far)) is not None:
        stream, where = found
        guesses[stream.label] = where
        so_far.give(stream, where.seat)
        free.remove(stream)
    return guesses


def _next(free: Sequence[Sighting], so_far: _Round) -> tuple[Sighting, Guess] | None:
    for clue in (_by_code, _as_before, _by_word, _by_computer, _by_turn):
        for stream in free:
            found = clue(stream, so_far)
            if found is not None and so_far.fits(stream, found.seat):
                return stream, found
    return None


def _by_code(stream: Sighting, so_far: _Round) -> Guess | None:
    """Find the one person whose code, or place in the room, is in the name, the source id or the host."""
    name, _, source_id, host = stream.label
    texts = (name, source_id, host)
    for words in ({s: p.code for s, p in so_far.seats.items()}, _places(so_far)):
        found = [(seat, word) for seat, word in words.items() if any(_holds(text, word) for text in texts)]
        if len(found) == 1:
            return Guess(found[0][0], f"{found[0][1]} is in its name")
    return None


def _places(so_far: _Round) -> dict[int, str]:
    return {seat: p.kind.value for seat, p in so_far.seats.items() if p.kind in _BY_TURN}


def _holds(text: str, word: str) -> bool:
    return re.search(rf"(?<![a-z0-9]){re.escape(word.casefold())}(?![a-z0-9])", text.casefold()) is not None


def _as_before(stream: Sighting, so_far: _Round) -> Guess | None:
    """Keep to the guess before."""
    found = so_far.before.get(stream.label)
    return found if found is not None and found.seat in so_far.seats else None


def _by_word(stream: Sighting, so_far: _Round) -> Guess | None:
    """Find the one person who has another stream of the same device, or of the same set of devices."""
    for word in _words(stream.label):
        same = {so_far.given[label] for label in so_far.marks.get(word, ()) if label in so_far.given}
        if len(same) == 1:
            return Guess(same.pop(), f"{word} is in the name of another stream of this person")
    return None


def _telling_words(streams: Sequence[Sighting]) -> dict[str, list[StreamLabel]]:
    """Find the words that tell devices apart: no two streams that measure the same have them in common."""
    holders: dict[str, list[Sighting]] = {}
    for stream in streams:
        for word in _words(stream.label):
            holders.setdefault(word, []).append(stream)
    return {
        word: [stream.label for stream in having]
        for word, having in holders.items()
        if _all_different([stream.analysed for stream in having])
    }


def _all_different(analysed: Sequence[frozenset[Modality]]) -> bool:
    return sum(map(len, analysed)) == len(frozenset[Modality]().union(*analysed))


def _words(label: StreamLabel) -> list[str]:
    """Return the words of name and source id that may name a device: with a digit, and no signal."""
    words = re.split(r"[^a-z0-9]+", f"{label[0]} {label[2]}".casefold())
    return [w for w in dict.fromkeys(words) if w not in _SIGNAL_WORDS and any(c.isdigit() for c in w)]


def _by_computer(stream: Sighting, so_far: _Round) -> Guess | None:
    """Find the person who alone has streams of a computer, where there are several computers."""
    hosts: dict[str, set[int]] = {}
    for label, seat in so_far.given.items():
        hosts.setdefault(label[3], set()).add(seat)
    mine = hosts.get(stream.label[3], set())
    if len(hosts) < 2 or len(mine) != 1:
        return None
    return Guess(next(iter(mine)), "same computer as the other streams")


def _by_turn(stream: Sighting, so_far: _Round) -> Guess | None:
    """Find the first of client and therapist who has nothing of the kind."""
    kinds = [family for family in (_HEART, _SKIN) if family & stream.analysed]
    if not kinds:
        return None
    for kind in _BY_TURN:
        for seat, person in so_far.seats.items():
            if person.kind is kind and not any(family & so_far.worn(seat) for family in kinds):
                return Guess(seat, "by turn, check who wears it")
    return None
