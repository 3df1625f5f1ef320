"""Which two people are looked at together, and what the newest snapshot says of them."""

from itertools import combinations
from typing import NamedTuple

from monitor.board.snapshot import Snapshot, SynchronyView
from monitor.board.synchrony import PART_OF
from monitor.views.people import Person


class Dyad(NamedTuple):
    """Two people with their newest readings.

    Parameters
    ----------
    first, second : Person
        The client, where there is one, is first.
    readings : dict of str to SynchronyView
        By signal; a signal without a reading so far is absent.
    """

    first: Person
    second: Person
    readings: dict[str, SynchronyView]

    @property
    def codes(self) -> tuple[str, str]:
        """Codes of both."""
        return self.first.code, self.second.code

    @property
    def name(self) -> str:
        """Both codes for the eye."""
        return f"{self.first.code} – {self.second.code}"

    def without_sensor(self, signal: str) -> list[str]:
        """Return the codes of those who have no sensor for a signal.

        Parameters
        ----------
        signal : str
            ``eda`` or ``ibi``.

        Returns
        -------
        list of str
            Codes.
        """
        part = PART_OF[signal]
        return [p.code for p in (self.first, self.second) if all(s.part != part for s in p.sensors)]


def dyads_of(snapshot: Snapshot, people: list[Person]) -> list[Dyad]:
    """Return every pair of people.

    Parameters
    ----------
    snapshot : Snapshot
        Any snapshot.
    people : list of Person
        Its people, in the order of the columns.

    Returns
    -------
    list of Dyad
        The pair of a client and a therapist first, when there is one, then in the order of the columns; empty for
        one person alone.
    """
    readings: dict[tuple[str, str], dict[str, SynchronyView]] = {}
    for view in snapshot["synchrony"]:
        readings.setdefault((view["first"], view["second"]), {})[view["signal"]] = view
    dyads = []
    for a, b in combinations(people, 2):
        known = (b.code, a.code) in readings
        client_later = b.kind == "client" and a.kind != "client" and (a.code, b.code) not in readings
        first, second = (b, a) if known or client_later else (a, b)
        dyads.append(Dyad(first, second, readings.get((first.code, second.code), {})))
    return sorted(dyads, key=lambda d: {d.first.kind, d.second.kind} != {"client", "therapist"})
