"""The time before a recording: streams come and go, are checked and given away, until the user says start."""

import math
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from monitor.board.board import Board
from monitor.board.commands import Command
from monitor.core.events import Tick
from monitor.lsl.advert import Advert, stream_info
from monitor.lsl.lookout import Lookout
from monitor.preflight.checks import checks_of
from monitor.preflight.found import Candidate, Trouble, found_of, setup_view, troubles
from monitor.preflight.remember import Memory, keep
from monitor.preflight.seats import Found, Owner, Seats
from monitor.preflight.watch import StreamWatch
from monitor.roles import fits
from monitor.room import Kind, Participant, Room, StreamLabel

ALL_WELL = "all checks passed"
DEFAULT_PEOPLE = (
    Participant(code="C01", kind=Kind.CLIENT),
    Participant(code="T01", kind=Kind.THERAPIST),
)

_EVERY_S = 0.2
_LONGEST_TEXT = 600
_AS_LAST_TIME = "People and sensors as last time. If somebody else is here today, change the code."
_STARTING = "Starting the recording …"
_PREPARING = "Preparing the computation …"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a session begins with.

    Parameters
    ----------
    room : Room
        Who wears what.
    preflight : str
        What was wrong at the start, or that all checks passed.
    told : tuple of str
        What the user must be told.
    """

    room: Room
    preflight: str
    told: tuple[str, ...] = ()


def seats_for(*, locked: Room | None, options: Room | None, memory: Memory) -> tuple[Seats, bool]:
    """Seat the people there may be.

    Parameters
    ----------
    locked : Room or None
        A room file.
    options : Room or None
        What the options of the command line say; None where they say nothing.
    memory : Memory
        What was kept of last time.

    Returns
    -------
    seats : Seats
        Those of the file, else those of the options, else those of last time, else a client and a therapist.
    as_last_time : bool
        Whether the people are those of last time.
    """
    if locked is not None:
        return Seats(locked.participants, locked=locked), False
    if options is not None and options.participants:
        return Seats(options.participants, options=options, remembered=_by_kind(memory, options)), False
    people = memory.people or DEFAULT_PEOPLE
    return Seats(people, remembered=memory.streams), bool(memory.people)


def _by_kind(memory: Memory, options: Room) -> dict[StreamLabel, str]:
    """Offer what client and therapist wore last time to those of today, whatever their codes."""
    today = {person.kind: person.code for person in reversed(options.participants)}
    kinds = {person.code: person.kind for person in memory.people}
    codes = {person.code for person in options.participants}
    given: dict[StreamLabel, str] = {}
    for label, code in memory.streams.items():
        kind = kinds.get(code, Kind.OTHER)
        if code in codes:
            given[label] = code
        elif kind is not Kind.OTHER and kind in today:
            given[label] = today[kind]
    return given


class Setup:
    """Looks at the streams, gives them away as asked, and shows both on a board; nothing is recorded.

    Parameters
    ----------
    lookout : Lookout
        Finds the streams.
    seats : Seats
        Who is there.
    lateness_s : float, default 3.0
        How long a window of a marker waits for data after its end.
    config : Path, optional
        Where to keep who wears what for next time; nothing is kept without.
    as_last_time : bool, default False
        Whether the people are those of last time.
    room : Room, optional
        The room file, whose rules on channels and units hold in the checks too.
    message : str, default ""
        What to tell at first.
    refuse : callable, optional
        Says why a recording cannot be started now; empty when it can.

    Attributes
    ----------
    board : Board
        What the window reads.
    """

    def __init__(
        self,
        lookout: Lookout,
        seats: Seats,
        *,
        lateness_s: float = 3.0,
        config: Path | None = None,
        as_last_time: bool = False,
        room: Room | None = None,
        message: str = "",
        refuse: Callable[[], str] = str,
    ) -> None:
        self.board = Board()
        self._lookout = lookout
        self._seats = seats
        self._lateness_s = lateness_s
        self._config = config
        self._as_last_time = as_last_time
        self._room = room
        self._message = message
        self._refuse = refuse
        self._asked: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._watches: dict[str, StreamWatch] = {}
        self._missed: dict[StreamLabel, StreamWatch] = {}
        self._show([], message=_PREPARING)

    def ask(self, command: Command) -> None:
        """Take a command of the window; for any thread.

        Parameters
        ----------
        command : Command
            ``assign, person, swap`` and ``start`` have an effect.
        """
        self._asked.put(command)
        self._wake.set()

    def run(self, ended: Callable[[], bool]) -> Start | None:
        """Look until the user starts or leaves.

        Parameters
        ----------
        ended : callable
            Tells, several times a second, whether the user has left.

        Returns
        -------
        Start or None
            None when the user left.
        """
        self._lookout.start()
        try:
            while not ended():
                self._wake.wait(_EVERY_S)
                self._wake.clear()
                start = self.step()
                if start is not None:
                    return start
            return None
        finally:
            self._lookout.stop()

    def step(self) -> Start | None:
        """Take what has come, obey what was asked, and show where it stands.

        Returns
        -------
        Start or None
            When the user has started.
        """
        present = self._look()
        candidates = [*present, *self._gone(present)]
        started = False
        # Not more than are there now: who asks faster than is done must not stop the looking.
        for _ in range(self._asked.qsize()):
            started = self._obey(self._asked.get(), candidates) or started
        candidates = [*present, *self._gone(present)]
        if started:
            start = self._start(candidates)
            self._show(candidates, message=_STARTING)
            return start
        self._show(candidates, message=self._message)
        return None

    def _look(self) -> list[Candidate]:
        now_s = self._lookout.clock()
        present = self._lookout.update()
        uids = {advert.uid for advert in present}
        for uid in [uid for uid in self._watches if uid not in uids]:
            watch = self._watches.pop(uid)
            self._missed[watch.label] = watch
        for advert in present:
            if advert.uid not in self._watches:
                self._watches[advert.uid] = self._new_watch(advert, now_s)
        for uid, message in self._lookout.take():
            if uid in self._watches:
                self._watches[uid].take(message, now_s)
        tick = Tick(now_s, time.time())
        doubles = self._lookout.doubles()
        return [self._judged(watch, tick, doubles) for watch in self._watches.values()]

    def _new_watch(self, advert: Advert, now_s: float) -> StreamWatch:
        info = stream_info(advert, "<info/>", 0)
        rules = [rule for rule in self._room.streams if fits(rule, info)] if self._room is not None else []
        return StreamWatch(advert, rules, lateness_s=self._lateness_s, found_s=now_s)

    def _judged(self, watch: StreamWatch, tick: Tick, doubles: frozenset[str]) -> Candidate:
        watch.tick(tick)
        uid = watch.advert.uid
        facts = watch.facts(
            tick.now_s, self._lookout.state(uid), self._lookout.offset_s(uid), double=uid in doubles
        )
        return Candidate(watch, facts, checks_of(facts))

    def _gone(self, present: list[Candidate]) -> list[Candidate]:
        """Streams the user gave to somebody and that are not there any more."""
        here = {candidate.watch.label for candidate in present}
        wanted = set(self._seats.given()) - here
        self._missed = {label: watch for label, watch in self._missed.items() if label in wanted}
        now_s = self._lookout.clock()
        gone = []
        for watch in self._missed.values():
            facts = watch.facts(now_s, "lost", math.nan, double=False)
            gone.append(Candidate(watch, facts, checks_of(facts)))
        return gone

    def _obey(self, command: Command, candidates: list[Candidate]) -> bool:
        """Do what was asked; whether a recording is to start."""
        words = command.value.split() if isinstance(command.value, str) else []
        problem = ""
        match command.name, words:
            case "assign", [uid, *code] if len(code) < 2:
                problem = self._assign(uid, "".join(code), candidates)
            case "person", [kind, *code] if len(code) < 2:
                problem = self._seats.name(kind, "".join(code))
                # Who was named now is not who was here last time.
                self._as_last_time = self._as_last_time and bool(problem)
            case "swap", []:
                problem = self._seats.swap(_found(candidates))
            case "start", []:
                problem = self._refusal(candidates)
                if not problem:
                    return True
            case "assign" | "person", _:
                problem = "A code is one word of letters, digits, _ and -."
            case _:
                return False
        self._message = problem
        return False

    def _assign(self, uid: str, code: str, candidates: list[Candidate]) -> str:
        for candidate in candidates:
            if candidate.watch.advert.uid == uid:
                return self._seats.assign(candidate.watch.label, code)
        return "This stream is not there any more, or cannot be connected."

    def _refusal(self, candidates: list[Candidate]) -> str:
        if not candidates:
            return "There is no stream yet, so there is nothing to record."
        return self._refuse()

    def _owners(self, candidates: list[Candidate]) -> dict[StreamLabel, Owner]:
        return self._seats.owners(_found(candidates))

    def _start(self, candidates: list[Candidate]) -> Start:
        owners = self._owners(candidates)
        room = self._seats.room(_found(candidates))
        told = ""
        if self._config is not None and not self._seats.locked:
            told = keep(self._config, room)
        text = preflight_text(troubles(self._seats.people, candidates, owners))
        return Start(room=room, preflight=text, told=(told,) if told else ())

    def _show(self, candidates: list[Candidate], *, message: str) -> None:
        owners = self._owners(candidates)
        remembered = self._as_last_time or self._seats.uses_memory(owners)
        self.board.note_setup(
            setup_view(
                self._seats.people,
                candidates,
                owners,
                self._lookout.refused,
                locked=self._seats.locked,
                remembered=_AS_LAST_TIME if remembered else "",
                message=message,
            )
        )


def _found(candidates: list[Candidate]) -> list[Found]:
    return [found_of(candidate.watch) for candidate in candidates]


def preflight_text(wrong: list[Trouble]) -> str:
    """Say how a recording was begun, for its note and its summary.

    Parameters
    ----------
    wrong : list of Trouble
        What was wrong at that moment.

    Returns
    -------
    str
        `ALL_WELL`, or what was wrong, the first thing first.
    """
    if not wrong:
        return ALL_WELL
    bad = [trouble.text for trouble in wrong if trouble.final]
    open_ = [trouble.text for trouble in wrong if not trouble.final]
    parts = [f"started anyway; wrong: {'; '.join(bad)}" if bad else "started before all was checked"]
    parts += [f"not yet checked: {'; '.join(open_)}"] if open_ else []
    text = ". ".join(parts)
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 2]} …"
