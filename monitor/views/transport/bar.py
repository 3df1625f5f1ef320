"""The transport of a replay: play, speed, jumps, comparison."""

import math
import time
from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from monitor.board.commands import CommandValue
from monitor.board.gate import format_clock
from monitor.board.session_views import TransportView
from monitor.views.actions import Action, Send
from monitor.views.faces import Part, Scene
from monitor.views.lines import Line, Said, put_tip, tr
from monitor.views.theme import Theme
from monitor.views.timeline.seeking import WISH_S, Seeker
from monitor.views.timeline.words import names_of
from monitor.views.traces import Traces
from monitor.views.transport.parts import SPACE_PX, Groups, KeyButton
from monitor.views.transport.words import GROUP, NAMES, SPEEDS, WORDS, speed_text, stepped

NEAR_STEP_S, FAR_STEP_S = 10.0, 60.0
READY_SLACK_S = 1.0


class TransportBar(Part):
    """Buttons and keys of a replay.

    Parameters
    ----------
    theme : Theme
        Colours.
    send : callable
        Takes commands.
    clock : callable, default time.monotonic
        Seconds; for tests.
    """

    def __init__(self, theme: Theme, send: Send, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._theme = theme
        self._send = send
        self._clock = clock
        self.seeker = Seeker(self._ask, clock=clock)
        self._view: TransportView | None = None
        self._lost = False
        self._hidden: set[str] = set()
        self._wishes: dict[str, tuple[float, float]] = {}
        self.buttons = self._buttons()
        self.play = self.buttons["play"]
        self.position = QLabel()
        self.position.setAccessibleName(tr(NAMES["position"]))
        self.speed = self._chooser(tr(NAMES["speed"]), "[ ]", self._speed_chosen)
        self.profile = self._chooser(tr(NAMES["profile"]), "C", self._profile_chosen)
        self.differences = KeyButton(tr(WORDS["differences"]), tr(NAMES["differences"]), "", self._toggle)
        self.differences.setCheckable(True)
        self.info, self.hint, self.panel = Line(), Line("dim"), Said("sentence")
        self.panel.hide()
        self._speeds: list[float] = []
        self._compared = [self._caption("compare", self.profile), self.profile, self.differences]
        self._groups = self._grouped()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        told = QHBoxLayout()
        told.setSpacing(SPACE_PX)
        told.addWidget(self.info, 1)
        told.addWidget(self.hint, 1)
        layout.addWidget(self._groups)
        layout.addLayout(told)
        layout.addWidget(self.panel)
        self._offer_speed(1.0)

    def _buttons(self) -> dict[str, KeyButton]:
        doing: dict[str, tuple[str, Callable[[], object]]] = {
            "play": ("Space", self.toggle_play),
            "back": ("Left", lambda: self.step(-NEAR_STEP_S)),
            "on": ("Right", lambda: self.step(NEAR_STEP_S)),
            "previous_excursion": ("PageUp", lambda: self._jump("previous_excursion")),
            "next_excursion": ("PageDown", lambda: self._jump("next_excursion")),
            "previous_note": ("Ctrl+Left", lambda: self._jump("previous_note")),
            "next_note": ("Ctrl+Right", lambda: self._jump("next_note")),
        }
        return {
            name: KeyButton(tr(WORDS[name]), tr(NAMES[name]), key, do) for name, (key, do) in doing.items()
        }

    def _grouped(self) -> Groups:
        b = self.buttons
        return Groups(
            [self.play, self.position, b["back"], b["on"]],
            [b["previous_excursion"], b["next_excursion"], b["previous_note"], b["next_note"]],
            [self._caption("speed", self.speed), self.speed, *self._compared],
        )

    @staticmethod
    def _chooser(name: str, key: str, chosen: Callable[[int], object]) -> QComboBox:
        chooser = QComboBox()
        chooser.setAccessibleName(name)
        put_tip(chooser, f"{name} ({key})")
        chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        chooser.activated.connect(chosen)
        return chooser

    @staticmethod
    def _caption(name: str, buddy: QWidget) -> QWidget:
        label = QLabel(tr(WORDS[name]))
        label.setObjectName("dim")
        label.setBuddy(buddy)
        return label

    def _ask(self, name: str, value: CommandValue = None) -> None:
        self._lost = self._send(name, value) is False
        if self._lost:
            self._wishes.clear()
            self.info.put(tr(WORDS["unreachable"]))

    def _wish(self, name: str, value: float) -> None:
        self._wishes[name] = (value, self._clock())

    def _shown(self, name: str, truth: float) -> float:
        """Return what was wished for, until the engine says the same or `WISH_S` have passed."""
        wished, since_s = self._wishes.get(name, (truth, -math.inf))
        if wished == truth or self._clock() - since_s > WISH_S:
            self._wishes.pop(name, None)
            return truth
        return wished

    def toggle_play(self) -> None:
        """Play, or pause."""
        if self._view is not None:
            playing = not self._shown("playing", self._view["playing"])
            self._wish("playing", playing)
            self._ask("play" if playing else "pause")
            self._show(self._view)

    def step(self, step_s: float) -> None:
        """Go on or back.

        Parameters
        ----------
        step_s : float
            Seconds; negative for back.
        """
        if self._view is not None:
            self.go_to(self.seeker.shown(self._view["position_s"], self._view["speed"]) + step_s)

    def go_to(self, t_s: float) -> None:
        """Go to a moment.

        Parameters
        ----------
        t_s : float
            Session time in seconds; held to the recording.
        """
        if self._view is not None:
            self.seeker.seek(min(max(t_s, 0.0), self._view["duration_s"]), last=False)
            self._show(self._view)

    def _jump(self, name: str) -> None:
        if self._view is not None:
            # Where it leads is known to the engine alone.
            self.seeker.forget()
            self._ask(name)

    def change_speed(self, step: int) -> None:
        """Take the next speed on offer.

        Parameters
        ----------
        step : int
            1 for faster, -1 for slower.
        """
        if self._view is not None:
            self._set_speed(stepped(self._shown("speed", self._view["speed"]), step))

    def _set_speed(self, speed: float) -> None:
        if self._view is None or speed == self._shown("speed", self._view["speed"]):
            return
        self._wish("speed", speed)
        self._ask("speed", speed)
        self._show(self._view)

    def _speed_chosen(self, index: int) -> None:
        self._set_speed(self._speeds[index])

    def next_profile(self) -> None:
        """Show the next of the profiles compared."""
        if self._view is not None and len(self._view["variants"]) > 1:
            now = int(self._shown("variant", self._view["variant"]))
            self._profile_chosen((now + 1) % len(self._view["variants"]))

    def _profile_chosen(self, index: int) -> None:
        if self._view is not None and index != self._shown("variant", self._view["variant"]):
            self._wish("variant", index)
            self._ask("variant", float(index))
            self._show(self._view)

    def _toggle(self) -> None:
        if self._view is not None:
            self._show(self._view)

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
        seen = {person.code for person in scene.people}
        self._hidden = {p["code"] for p in scene.snapshot["people"]} - seen
        self._view = scene.snapshot["transport"]
        if self._view is not None:
            self._show(self._view)

    def draw(self, traces: Traces, right_s: float, *, slow: bool) -> None:  # noqa: ARG002 - all parts alike
        """Let the clock run on between two states.

        Parameters
        ----------
        traces : Traces
            Not used.
        right_s : float
            Session time in seconds at the right edge.
        slow : bool
            Not used.
        """
        if self._view is not None:
            self._put_position(right_s, self._view)

    def _put_position(self, position_s: float, view: TransportView) -> None:
        # The drawing runs ahead of the last tick by a little, and must not leave the recording.
        duration_s = view["duration_s"]
        position_s = min(self.seeker.shown(position_s, view["speed"]), duration_s)
        text = tr(WORDS["position"]).format(
            position=format_clock(position_s), duration=format_clock(duration_s)
        )
        if text != self.position.text():
            self.position.setText(text)

    def _show(self, view: TransportView) -> None:
        playing = bool(self._shown("playing", view["playing"]))
        word = tr(WORDS["pause" if playing else "play"])
        if self.play.text() != word:
            self.play.setText(word)
        self._put_position(view["position_s"], view)
        self._offer_speed(self._shown("speed", view["speed"]))
        self._offer_profiles(view)
        self._groups.fit()
        self.info.put(" · ".join(self._told(view)))
        self.hint.put(tr(WORDS["read_only"]) if not view["author"] else "")
        for line in (self.info, self.hint):
            if line.isHidden() == bool(line.text()):
                line.setVisible(bool(line.text()))
        self.panel.put(self._differing(view) if self.differences.isChecked() else "")

    def _told(self, view: TransportView) -> list[str]:
        parts = [tr(WORDS["unreachable"])] if self._lost else []
        message = view["message"]
        if view["at_end"]:
            parts.append(tr(WORDS["at_end"]))
            message = "" if message.rstrip(".").lower() == WORDS["at_end"] else message
        if message and not names_of(message, self._hidden):
            parts.append(tr(message))
        if view["ready_s"] < view["duration_s"] - READY_SLACK_S:
            parts.append(tr(WORDS["ready"]).format(clock=format_clock(view["ready_s"])))
        return parts

    def _differing(self, view: TransportView) -> str:
        if len(view["variants"]) < 2:
            return ""
        lines = [line for line in view["differences"] if not names_of(line, self._hidden)]
        return "\n".join(lines) or tr(WORDS["no_differences"])

    def _offer_speed(self, speed: float) -> None:
        speeds = sorted({*SPEEDS, speed})
        texts = [tr(WORDS["times"]).format(speed=speed_text(s)) for s in speeds]
        self._speeds = speeds
        _fill(self.speed, texts, speeds.index(speed))

    def _offer_profiles(self, view: TransportView) -> None:
        several = len(view["variants"]) > 1
        for widget in self._compared:
            if widget.isHidden() == several:
                widget.setVisible(several)
        names = [
            tr(WORDS["profile_number"]).format(number=k) if names_of(name, self._hidden) else name
            for k, name in enumerate(view["variants"], 1)
        ]
        _fill(self.profile, names, int(self._shown("variant", view["variant"])))

    def key_actions(self) -> list[Action]:
        """Return what can be done with a replay.

        Returns
        -------
        list of Action
            Each with its key; without effect while there is no replay.
        """

        def _replaying() -> bool:
            return self._view is not None

        def _comparing() -> bool:
            return self._view is not None and len(self._view["variants"]) > 1

        held: Mapping[str, tuple[str, Callable[[], object]]] = {
            "Left": ("back", lambda: self.step(-NEAR_STEP_S)),
            "Right": ("on", lambda: self.step(NEAR_STEP_S)),
            "Shift+Left": ("far_back", lambda: self.step(-FAR_STEP_S)),
            "Shift+Right": ("far_on", lambda: self.step(FAR_STEP_S)),
        }
        once: Mapping[str, tuple[str, Callable[[], object]]] = {
            "Space": ("play", self.toggle_play),
            "Home": ("start", lambda: self.go_to(0.0)),
            "End": ("end", lambda: self.go_to(math.inf)),
            "PgDown": ("next_excursion", lambda: self._jump("next_excursion")),
            "PgUp": ("previous_excursion", lambda: self._jump("previous_excursion")),
            "Ctrl+Right": ("next_note", lambda: self._jump("next_note")),
            "Ctrl+Left": ("previous_note", lambda: self._jump("previous_note")),
            "[": ("slower", lambda: self.change_speed(-1)),
            "]": ("faster", lambda: self.change_speed(1)),
        }
        return [
            *(Action(key, NAMES[n], do, GROUP, _replaying, repeats=True) for key, (n, do) in held.items()),
            *(Action(key, NAMES[n], do, GROUP, _replaying) for key, (n, do) in once.items()),
            Action("C", NAMES["compare"], self.next_profile, GROUP, _comparing),
        ]


def _fill(chooser: QComboBox, texts: list[str], index: int) -> None:
    if [chooser.itemText(i) for i in range(chooser.count())] != texts:
        chooser.clear()
        chooser.addItems(texts)
    if chooser.currentIndex() != index and not chooser.view().isVisible():
        chooser.setCurrentIndex(index)
