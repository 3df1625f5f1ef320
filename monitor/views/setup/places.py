"""Who has a place in the set-up, and which streams lie where: plain values, without Qt."""

from collections.abc import Sequence
from typing import NamedTuple

from monitor.board.session_views import CandidateView, PersonView, SetupView
from monitor.views.lines import tr
from monitor.views.setup.words import PLACES, WORDS

MOST_KEYS = 9

CardKey = tuple[str, int]
"""Identity of a stream, and how many before it have the same."""


class Place(NamedTuple):
    """Whose place it is.

    Parameters
    ----------
    kind : str
        ``client``, ``therapist``, ``other``, or ``nobody``.
    nth : int
        How many of the kind come before.
    code : str
        Code of the person; empty for nobody, and for a person not named yet.
    key : str
        Digit that gives a stream to this place; empty when there are too many.
    """

    kind: str
    nth: int
    code: str
    key: str

    @property
    def identity(self) -> tuple[str, int]:
        """What stays while the code changes."""
        return (self.kind, self.nth)

    @property
    def is_person(self) -> bool:
        """Whether it belongs to somebody."""
        return self.kind != "nobody"

    @property
    def takes(self) -> bool:
        """Whether streams can be given to it."""
        return not self.is_person or bool(self.code)

    @property
    def title(self) -> str:
        """How it is called on the screen."""
        return tr(PLACES.get(self.kind, PLACES[""]))


def places_of(people: Sequence[PersonView]) -> list[Place]:
    """Return the places in the order of the screen: client, nobody, others, therapist.

    Parameters
    ----------
    people : sequence of PersonView
        Those taking part.

    Returns
    -------
    list of Place
        There is always a client, a therapist and nobody; the first two may have no code yet.
    """
    codes: dict[str, list[str]] = {"client": [], "therapist": [], "other": []}
    for person in people:
        kind = person["kind"] if person["kind"] in codes else "other"
        codes[kind].append(person["code"])
    for kind in ("client", "therapist"):
        codes[kind] = codes[kind] or [""]
    rest = [("other", i, code) for i, code in enumerate(codes["other"])]
    rest = [(k, i, c) for k in ("client", "therapist") for i, c in enumerate(codes[k]) if i] + rest
    keys = {(kind, nth): str(number) for number, (kind, nth, _) in enumerate(rest, 3) if number <= MOST_KEYS}
    keys |= {("client", 0): "1", ("therapist", 0): "2"}

    def _all(kind: str) -> list[Place]:
        return [Place(kind, i, code, keys.get((kind, i), "")) for i, code in enumerate(codes[kind])]

    return [*_all("client"), Place("nobody", 0, "", "0"), *_all("other"), *_all("therapist")]


def streams_by_place(
    view: SetupView, places: Sequence[Place]
) -> dict[tuple[str, int], list[tuple[CardKey, CandidateView]]]:
    """Return the streams of each place, each stream once.

    Parameters
    ----------
    view : SetupView
        The set-up.
    places : sequence of Place
        As given by `places_of`.

    Returns
    -------
    dict
        Streams with their keys, by the identity of the place; those of somebody who is not there are nobody's.
    """
    owners: dict[str, tuple[str, int]] = {}
    for place in places:
        if place.code:
            owners.setdefault(place.code, place.identity)
    found: dict[tuple[str, int], list[tuple[CardKey, CandidateView]]] = {p.identity: [] for p in places}
    seen: dict[str, int] = {}
    for stream in view["streams"]:
        nth = seen[stream["uid"]] = seen.get(stream["uid"], -1) + 1
        found[owners.get(stream["participant"], ("nobody", 0))].append(((stream["uid"], nth), stream))
    return found


def empty_text(place: Place, *, found: bool, locked: bool) -> str:
    """Say what to do where no stream lies.

    Parameters
    ----------
    place : Place
        The place.
    found : bool
        Whether there is any stream at all.
    locked : bool
        Whether nothing can be changed.

    Returns
    -------
    str
        A sentence or two.
    """
    if not place.is_person:
        return tr(WORDS["all_given"]).format(key=place.key) if found and not locked else _nothing(found=found)
    if locked:
        return tr(WORDS["none_locked"])
    if not place.code:
        return tr(WORDS["no_code"])
    return tr(WORDS["none_here" if place.key else "none_here_plain"]).format(key=place.key)


def _nothing(*, found: bool) -> str:
    return "" if found else tr(WORDS["nothing"])


def hint_text(places: Sequence[Place]) -> str:
    """Say which keys give streams.

    Parameters
    ----------
    places : sequence of Place
        As given by `places_of`.

    Returns
    -------
    str
        One line.
    """
    more = sorted(place.key for place in places if place.key not in {"", "0", "1", "2"})
    if not more:
        return tr(WORDS["hint"])
    return tr(WORDS["hint_others"]).format(more=more[0] if len(more) == 1 else f"{more[0]}-{more[-1]}")
