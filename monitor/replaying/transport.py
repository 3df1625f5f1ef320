"""The player of a replay: obeys the window, tells the board what is due, and jumps."""

import math
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Event

from monitor.board.commands import Command
from monitor.board.gate import format_clock
from monitor.board.past import ReplayBoard
from monitor.board.session_views import CloudView, TransportView
from monitor.replaying.journal import Journal
from monitor.replaying.jumps import excursion_targets, following, note_targets, preceding
from monitor.replaying.overview import Overview
from monitor.replaying.playhead import Playhead
from monitor.replaying.remarks import NOTE_COMMANDS, Remarks
from monitor.replaying.steps import Step
from monitor.replaying.telling import TELL_S, Teller

FASTEST_SHOWN = 50.0
"""What is said of a replay that does not wait at all."""

_MOST_STEPS = 50
"""Steps told before commands are looked at again."""

_NEAR_STEPS = 100
"""So few steps forward are told one by one on the same board."""

_IDLE_S = 0.2
_GRACE_S = 2.0

Asked = Command | str
"""A command, or a text to show."""


class Player:
    """Plays the journals of a recording, on a board that is replaced at each jump; for one thread but where it is said.

    Parameters
    ----------
    journals : sequence of Journal
        The run with the session's own profiles, then those compared with it.
    names : sequence of str
        Their names.
    show : callable
        Shows another board from now on.
    remarks : Remarks
        Notes and marks.
    duration_s : float
        About how long the recording is, in seconds.
    speed : float, default 1.0
        Session seconds per second; infinity does not wait at all.
    start_s : float, default 0.0
        Where to begin, in session seconds.
    playing : bool, default True
        Whether it plays from the beginning.
    on_played : callable, optional
        Takes each step that was played, not those a jump passes over.
    clock : callable, default time.monotonic
        Seconds.

    Attributes
    ----------
    board : ReplayBoard
        The board that is shown.
    overview : Overview
        The time line of the whole recording.
    differences : list of str
        What differs between the runs; set by whoever computes it.
    """

    def __init__(
        self,
        journals: Sequence[Journal],
        names: Sequence[str],
        *,
        show: Callable[[ReplayBoard], None],
        remarks: Remarks,
        duration_s: float,
        speed: float = 1.0,
        start_s: float = 0.0,
        playing: bool = True,
        on_played: Callable[[Step], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._journals = tuple(journals)
        self._names = tuple(names)
        self._show = show
        self._remarks = remarks
        self._duration_s = duration_s
        self._on_played = on_played or (lambda _step: None)
        self._clock = clock
        self._head = Playhead(speed=speed, playing=playing)
        self._head.move(clock(), 0.0)
        self._variant = 0
        self._n = 0
        self._is_other = False
        self._wish_s: float | None = start_s
        self._teller = Teller()
        self._noted_t0_s = math.nan
        self._clouds: list[CloudView] = []
        self._asked: SimpleQueue[Asked] = SimpleQueue()
        self._wake, self._stopping = Event(), Event()
        self.differences: list[str] = []
        self.board = self._journals[0].board_at(0)
        self.overview = Overview(self.board)
        self._note_marks()
        self._tell(clock())

    def post(self, command: Command) -> None:
        """Ask for something, from any thread.

        Parameters
        ----------
        command : Command
            Any command; those that have no meaning here are passed over.
        """
        self._asked.put(command)
        self._wake.set()

    def say(self, text: str) -> None:
        """Show a text, from any thread; notes and marks are looked at anew.

        Parameters
        ----------
        text : str
            For the user; may be empty.
        """
        self._asked.put(text)
        self._wake.set()

    def stop(self) -> None:
        """End `run`, from any thread."""
        self._stopping.set()
        self._wake.set()

    def run(self) -> None:
        """Play until `stop`."""
        while not self._stopping.is_set():
            wait_s = self.advance(self._clock())
            self._wake.wait(wait_s)
            self._wake.clear()

    def advance(self, now_s: float) -> float:
        """Do everything that is due.

        Parameters
        ----------
        now_s : float
            The clock.

        Returns
        -------
        float
            Seconds until something else is due.
        """
        moved = False
        # Not more than are there now: who asks faster than is done must not stop the playing.
        for _ in range(self._asked.qsize()):
            asked = self._asked.get()
            moved = True
            if isinstance(asked, Command):
                self._obey(asked, now_s)
            else:
                self._teller.say(asked, now_s)
                self._note_marks()
        if self._wish_s is None:
            wait_s = self._play(now_s)
        else:
            self._jump(self._wish_s, now_s)
            moved = moved or self._wish_s is None
            wait_s = 0.0 if self._wish_s is None else TELL_S / 4
        if self.journal.t0_s is not None and self.journal.t0_s != self._noted_t0_s:
            self._note_marks()
        self._tell(now_s, anew=moved)
        return wait_s

    @property
    def journal(self) -> Journal:
        """The run that is shown."""
        return self._journals[self._variant]

    @property
    def n_steps(self) -> int:
        """Steps the board was told."""
        return self._n

    def _obey(self, command: Command, now_s: float) -> None:
        name, value = command.name, command.value
        number = value if isinstance(value, float) else 0.0
        if name in NOTE_COMMANDS:
            pressed_s = self._position(now_s)
            if self._head.playing and self._wish_s is None and not math.isinf(self._head.speed):
                pressed_s = max(pressed_s - command.age_s * self._head.speed, 0.0)
            refusal = self._remarks.take(command, pressed_s)
            if refusal:
                self._teller.say(refusal, now_s)
        elif name == "play":
            if self._is_at_end:
                self._wish_s = 0.0
            self._head.play(now_s, playing=True)
        elif name == "pause":
            self._head.play(now_s, playing=False)
        elif name == "speed":
            self._head.play(now_s, playing=self._head.playing, speed=number)
        elif name == "seek":
            self._wish_s = number
            self._teller.say("", now_s)
        elif name == "variant":
            self._compare(int(number), now_s)
        elif name in {"next_excursion", "previous_excursion"}:
            targets = excursion_targets(self.journal.zones.excursions)
            self._search(targets, "excursion", now_s, forward=name.startswith("next"))
        elif name in {"next_note", "previous_note"}:
            targets = note_targets(self._remarks.views(self.journal.t0_s))
            self._search(targets, "note", now_s, forward=name.startswith("next"))

    def _search(self, targets: list[float], what: str, now_s: float, *, forward: bool) -> None:
        position_s = self._position(now_s)
        if forward:
            found = following(targets, position_s)
        else:
            playing = self._head.playing and not math.isinf(self._head.speed)
            found = preceding(targets, position_s, _GRACE_S * self._head.speed if playing else 0.0)
        if found is not None:
            self._wish_s = found
            self._teller.say("", now_s)
            return
        text = f"There is no {'later' if forward else 'earlier'} {what}."
        if forward and not self.journal.is_done and what == "excursion":
            text = f"There is no later {what} up to {format_clock(self.journal.ready_s)}; the rest is being prepared."
        self._teller.say(text, now_s)

    def _compare(self, variant: int, now_s: float) -> None:
        if not 0 <= variant < len(self._journals) or variant == self._variant:
            return
        chosen = self._journals[variant]
        if not chosen.is_done:
            self._teller.say(f"The run with {self._names[variant]} is still being prepared.", now_s)
            return
        self._wish_s = self._position(now_s)
        self._variant = variant
        self._is_other = True

    def _jump(self, wish_s: float, now_s: float) -> None:
        journal = self.journal
        if not journal.is_done and (journal.ready_s < wish_s or not journal.n_steps):
            if wish_s > 0.0:
                text = (
                    f"{format_clock(wish_s)} is being prepared: ready up to {format_clock(journal.ready_s)}."
                )
                self._teller.say(text, now_s, waiting=True)
            return
        self._teller.arrived()
        position_s = min(wish_s, journal.ready_s)
        # The first step is there from the beginning: a window without streams would ask for sensors.
        n_steps = max(journal.n_steps_at(position_s), min(journal.n_steps, 1))
        if not self._is_other and self._n <= n_steps <= self._n + _NEAR_STEPS:
            self._tell_steps(n_steps)
        else:
            self._change_board(n_steps)
        self._head.move(now_s, position_s)
        self._wish_s = None

    def _change_board(self, n_steps: int) -> None:
        self.board = self.journal.board_at(n_steps)
        self._n, self._is_other = n_steps, False
        self._clouds = self.journal.clouds_at(n_steps)
        self.overview.move(self.board)
        self._note_marks()
        self._tell(self._clock(), anew=True)
        self._show(self.board)

    def _tell_steps(self, n_steps: int) -> None:
        journal, board = self.journal, self.board
        for number in range(self._n, n_steps):
            journal.tell(board, number)
        self._n = n_steps
        clouds = journal.clouds_at(n_steps)
        if clouds is not self._clouds:
            self._clouds = clouds
            board.note_clouds(clouds)

    def _play(self, now_s: float) -> float:
        if not self._head.playing:
            return _IDLE_S
        journal = self.journal
        is_done, ready_s = journal.is_done, journal.ready_s
        position_s = self._head.at(now_s)
        n_due = journal.n_steps_at(position_s)
        last = max(first := self._n, min(n_due, self._n + _MOST_STEPS))
        self._tell_steps(last)
        for number in range(first, last):
            self._on_played(journal.step(number))
        if last < n_due:
            # The machine is slower than was asked for: go on from here, and look at the commands in between.
            self._head.move(now_s, journal.time_of(last))
            return 0.0
        if position_s >= ready_s:
            self._head.move(now_s, ready_s)
            if is_done and last >= journal.n_steps:
                unpaced = math.isinf(self._head.speed)
                self._head.play(now_s, playing=False, speed=1.0 if unpaced else None)
                self._teller.say("End of the recording.", now_s)
            return TELL_S / 4
        if last < journal.n_steps:
            due_s = (journal.time_of(last + 1) - position_s) / self._head.speed
            return min(max(due_s, 0.0), TELL_S)
        return TELL_S / 4

    @property
    def _is_at_end(self) -> bool:
        journal = self.journal
        return journal.is_done and self._n >= journal.n_steps

    def _position(self, now_s: float) -> float:
        """Where the replay is, or will be as soon as that is ready."""
        if self._wish_s is not None:
            return min(self._wish_s, self._length_s)
        return min(self._head.at(now_s), self.journal.ready_s)

    @property
    def _length_s(self) -> float:
        journal = self.journal
        return journal.ready_s if journal.is_done else max(self._duration_s, journal.ready_s)

    def _note_marks(self) -> None:
        t0_s = self._journals[0].t0_s
        self._noted_t0_s = math.nan if t0_s is None else t0_s
        self.board.note_marks(self._remarks.views(t0_s))

    def _tell(self, now_s: float, *, anew: bool = False) -> None:
        speed = self._head.speed
        view = TransportView(
            playing=self._head.playing,
            speed=FASTEST_SHOWN if math.isinf(speed) else speed,
            position_s=round(self._position(now_s), 3),
            duration_s=self._length_s,
            ready_s=self.journal.ready_s,
            at_end=self._is_at_end and self._wish_s is None,
            variant=self._variant,
            variants=list(self._names),
            differences=self.differences,
            author=self._remarks.author,
            message=self._teller.message(now_s),
        )
        self._teller.tell(self.board, view, now_s, anew=anew)
