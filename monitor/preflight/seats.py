"""Who is there and which stream is whose, as said by room file, user, options, memory or guess."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from monitor.core.model import StreamInfo
from monitor.errors import SettingsError
from monitor.preflight.guess import Guess, Sighting, guess
from monitor.roles import RoleConflict, participant_of
from monitor.room import Kind, Participant, Room, StreamLabel, StreamRule, check_code

MOST_PEOPLE = 16

KIND_WORDS = {Kind.CLIENT: "client", Kind.THERAPIST: "therapist", Kind.OTHER: "participant"}


class Owner(NamedTuple):
    """Whose a stream is.

    Parameters
    ----------
    participant : str
        Code; empty for nobody.
    given_by : str
        ``you, remembered, room, option, guess`` or empty.
    why : str
        Of a guess, or of a conflict.
    """

    participant: str = ""
    given_by: str = ""
    why: str = ""


class Found(NamedTuple):
    """A stream as the seats see it.

    Parameters
    ----------
    label : StreamLabel
        Name, type, source id and host.
    info : StreamInfo
        Its declaration.
    sighting : Sighting
        What guessing needs.
    """

    label: StreamLabel
    info: StreamInfo
    sighting: Sighting


class Seats:
    """People, and the streams given to them.

    A stream is known by its label, so that it stays with its owner when its sender is restarted; a person by a seat,
    so that the streams stay when the code is corrected.

    Parameters
    ----------
    people : iterable of Participant
        Who is there at first.
    locked : Room, optional
        A room file: nothing can be changed.
    options : Room, optional
        What the options of the command line say.
    remembered : mapping of StreamLabel to str, optional
        Codes of `people` by stream, as last time.
    """

    def __init__(
        self,
        people: Iterable[Participant],
        *,
        locked: Room | None = None,
        options: Room | None = None,
        remembered: Mapping[StreamLabel, str] | None = None,
    ) -> None:
        self._seats: dict[int, Participant] = dict(enumerate(people))
        self._next = len(self._seats)
        self._locked = locked
        self._options = options
        self._option_seats = {person.code: seat for seat, person in self._seats.items()}
        known = {person.code: seat for seat, person in self._seats.items()}
        self._remembered = {label: known[code] for label, code in (remembered or {}).items() if code in known}
        self._yours: dict[StreamLabel, int | None] = {}
        self._order: dict[StreamLabel, None] = {}
        self._guesses: dict[StreamLabel, Guess] = {}

    @property
    def locked(self) -> bool:
        """Whether a room file says whose everything is."""
        return self._locked is not None

    @property
    def people(self) -> tuple[Participant, ...]:
        """Who is there: client, therapist, others."""
        order = list(Kind)
        return tuple(sorted(self._seats.values(), key=lambda person: order.index(person.kind)))

    def uses_memory(self, labels: Iterable[StreamLabel]) -> bool:
        """Tell whether one of some streams was given away as last time.

        Parameters
        ----------
        labels : iterable of StreamLabel
            The streams.

        Returns
        -------
        bool
            Whether there is one.
        """
        return any(label in self._remembered and label not in self._yours for label in labels)

    def given(self) -> tuple[StreamLabel, ...]:
        """Tell which streams the user has given to somebody, present or not.

        Returns
        -------
        tuple of StreamLabel
            In the order in which they were given.
        """
        return tuple(label for label, seat in self._yours.items() if seat in self._seats)

    def owners(self, found: Sequence[Found]) -> dict[StreamLabel, Owner]:
        """Tell whose the streams are.

        Parameters
        ----------
        found : sequence of Found
            Streams that are present, or that are missed.

        Returns
        -------
        dict of StreamLabel to Owner
            For each of them.
        """
        by_label = {stream.label: stream for stream in found}
        if self._locked is not None:
            return {
                label: _by_rules(stream.info, self._locked, "room")[0] for label, stream in by_label.items()
            }
        self._order.update(dict.fromkeys(by_label))
        fixed: dict[StreamLabel, tuple[int | None, str]] = {}
        conflicts: dict[StreamLabel, Owner] = {}
        for label, stream in by_label.items():
            said, conflict = self._said(label, stream.info)
            if said is not None:
                fixed[label] = said
            elif conflict is not None:
                conflicts[label] = conflict
                fixed[label] = (None, "")
        sightings = [by_label[label].sighting for label in self._order if label in by_label]
        given = {label: seat for label, (seat, _) in fixed.items()}
        guesses = self._guesses = guess(sightings, given, self._seats, self._guesses)
        owners: dict[StreamLabel, Owner] = {}
        for label in by_label:
            if label in guesses:
                owners[label] = Owner(self._seats[guesses[label].seat].code, "guess", guesses[label].why)
                continue
            seat, by = fixed.get(label, (None, ""))
            person = None if seat is None else self._seats.get(seat)
            owners[label] = conflicts.get(label, Owner()) if person is None else Owner(person.code, by)
        return owners

    def _said(
        self, label: StreamLabel, info: StreamInfo
    ) -> tuple[tuple[int | None, str] | None, Owner | None]:
        """Seat and who says so; or the conflict of the options."""
        if label in self._yours:
            return (self._yours[label], "you"), None
        if self._options is not None and self._options.streams:
            owner, conflict = _by_rules(info, self._options, "option")
            if conflict:
                return None, owner
            seat = self._option_seats.get(owner.participant)
            if seat in self._seats:
                return (seat, "option"), None
        if self._remembered.get(label) in self._seats:
            return (self._remembered[label], "remembered"), None
        return None, None

    def assign(self, label: StreamLabel, code: str) -> str:
        """Give a stream to somebody.

        Parameters
        ----------
        label : StreamLabel
            The stream.
        code : str
            Whose it is to be; empty for nobody's.

        Returns
        -------
        str
            Why that cannot be; empty when it was done.
        """
        if self._locked is not None:
            return _LOCKED
        if not code:
            self._say(label, None)
            return ""
        for seat, person in self._seats.items():
            if person.code == code:
                self._say(label, seat)
                return ""
        return f"{code} is nobody here. Enter the code first."

    def _say(self, label: StreamLabel, seat: int | None) -> None:
        self._yours[label] = seat
        # What was guessed of the other streams may follow from this one now.
        self._guesses = {}

    def name(self, kind: str, code: str) -> str:
        """Set the code of client or therapist, add somebody else, or with an empty code take somebody away.

        Parameters
        ----------
        kind : str
            ``client``, ``therapist`` or ``other``.
        code : str
            The code.

        Returns
        -------
        str
            Why that cannot be; empty when it was done.
        """
        if self._locked is not None:
            return _LOCKED
        if kind not in set(Kind):
            return f"{kind} is none of {', '.join(Kind)}."
        seat = next((s for s, p in self._seats.items() if p.kind == kind and kind != Kind.OTHER), None)
        if not code:
            return self._remove(seat, Kind(kind))
        try:
            check_code(code)
        except SettingsError as error:
            return str(error)
        self._guesses = {}
        # Capitals do not count: profiles and folders are files, and some disks do not tell them apart.
        taken = {p.code.casefold() for s, p in self._seats.items() if s != seat}
        if code.casefold() in taken:
            return f"{code} is here already. Give each person a code of their own."
        if seat is not None:
            self._seats[seat] = replace(self._seats[seat], code=code)
        elif len(self._seats) >= MOST_PEOPLE:
            return f"At most {MOST_PEOPLE} people can take part."
        else:
            self._seats[self._next] = Participant(code=code, kind=Kind(kind))
            self._next += 1
        return ""

    def _remove(self, seat: int | None, kind: Kind) -> str:
        if seat is None:
            return f"Say which {KIND_WORDS[kind]}: there is none, or more than one."
        if len(self._seats) < 2:
            return "Somebody must take part."
        del self._seats[seat]
        self._yours = {label: given for label, given in self._yours.items() if given != seat}
        return ""

    def swap(self, found: Sequence[Found]) -> str:
        """Give what the client wears to the therapist, and the other way round.

        Parameters
        ----------
        found : sequence of Found
            Streams that are present, or that are missed.

        Returns
        -------
        str
            Why that cannot be; empty when it was done.
        """
        if self._locked is not None:
            return _LOCKED
        seats = {person.kind: seat for seat, person in self._seats.items()}
        if Kind.CLIENT not in seats or Kind.THERAPIST not in seats:
            return "There are no client and therapist to swap."
        client, therapist = seats[Kind.CLIENT], seats[Kind.THERAPIST]
        other = {client: therapist, therapist: client}
        by_code = {person.code: seat for seat, person in self._seats.items()}
        now = {label: by_code.get(owner.participant) for label, owner in self.owners(found).items()}
        now |= {label: seat for label, seat in self._yours.items() if label not in now}
        for label, seat in now.items():
            if seat in other:
                self._say(label, other[seat])
        return ""

    def room(self, found: Sequence[Found]) -> Room:
        """Return the room of the session: exactly what is shown, and what the user gave away and is missed.

        Parameters
        ----------
        found : sequence of Found
            Streams that are present, or that are missed.

        Returns
        -------
        Room
            Closed, with one rule for each stream that is somebody's; or the room file, as it is.
        """
        if self._locked is not None:
            return self._locked
        rules = [
            StreamRule(participant=owner.participant, match=label[0].strip() or "stream", exactly=label)
            for label, owner in self.owners(found).items()
            if owner.participant
        ]
        return Room(participants=self.people, streams=tuple(rules), closed=True)


_LOCKED = "The room file says who wears what. Change the file, or start without it."


def _by_rules(info: StreamInfo, room: Room, by: str) -> tuple[Owner, bool]:
    """Whose a stream is by rules, and whether they contradict each other."""
    try:
        code = participant_of(info, room)
    except RoleConflict as conflict:
        return Owner(why=str(conflict)), True
    return (Owner(code, by), False) if code else (Owner(), False)
