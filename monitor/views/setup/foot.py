"""The foot of the set-up: the first thing wrong with its cure, and the button that starts the recording."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from monitor.board.session_views import SetupView
from monitor.views.lines import Said, put_tip, tr
from monitor.views.setup.places import Place, hint_text
from monitor.views.setup.words import WORDS, sentence, wrong_text

PATIENCE = 10
"""Snapshots until the start is offered again when the engine has not taken it."""


class SetupFoot(QWidget):
    """What is wrong, what can be done by key, and the start.

    Parameters
    ----------
    swap, start : callable
        Ask the engine; `start` tells whether it was reached.
    """

    def __init__(self, swap: Callable[[], object], start: Callable[[], bool]) -> None:
        super().__init__()
        self._swap, self._start = swap, start
        self._view: SetupView | None = None
        self._blank = ""
        self._wait = 0
        self.wrong, self.remark, self.hint = Said("wrong"), Said("dim"), Said("dim")
        self.message = Said("banner")
        self.swap_button, self.start_button = QPushButton(tr(WORDS["swap"])), QPushButton()
        self.swap_button.setAccessibleName(tr(WORDS["swap"]))
        self.start_button.setObjectName("start")
        for button, does in ((self.swap_button, self.swap), (self.start_button, self.start)):
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(does)
        words = QVBoxLayout()
        words.setSpacing(2)
        for line in (self.wrong, self.remark, self.hint):
            words.addWidget(line)
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.swap_button, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.start_button, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.message)
        layout.addLayout(row)
        self.message.put("")

    def start(self) -> None:
        """Ask for the start of the recording, once."""
        if self.start_button.isEnabled() and self._start():
            self._wait = PATIENCE
            self._show_start()

    def swap(self) -> None:
        """Ask for the streams of client and therapist to be changed over."""
        if self.swap_button.isEnabled():
            self._swap()

    def show_view(self, view: SetupView, places: Sequence[Place], *, message: str, blank: str) -> None:
        """Show how far the set-up is, at no cost where nothing has changed.

        Parameters
        ----------
        view : SetupView
            The set-up.
        places : sequence of Place
            Places on the screen.
        message : str
            What this window has to say; that of the engine is said when it is empty.
        blank : str
            When not empty, nothing is known but this reason.
        """
        self._view, self._blank = view, blank
        self._wait = max(0, self._wait - 1)
        self.wrong.put(_state_text(view, blank))
        self.remark.put(_remark(view, blank))
        free = not view["locked"] and not blank
        self.hint.put(hint_text(places) if free and view["streams"] else "")
        if self.swap_button.isEnabled() != free:
            self.swap_button.setEnabled(free)
        self.message.put(message or view["message"])
        self._show_start()

    def _show_start(self) -> None:
        view, button = self._view, self.start_button
        if view is None:
            return
        waits = self._wait > 0
        word = tr(WORDS["starting" if waits else "start" if view["ready"] else "start_anyway"])
        if button.text() != word:
            button.setText(word)
            button.setAccessibleName(word)
        can = view["can_start"] and not self._blank and not waits
        if button.isEnabled() != can:
            button.setEnabled(can)
        reason = "" if can or waits else self._blank or tr(WORDS["nothing_to_record"])
        put_tip(button, reason)
        if button.accessibleDescription() != reason:
            button.setAccessibleDescription(reason)


def _state_text(view: SetupView, blank: str) -> str:
    if blank:
        return sentence(tr(WORDS["unavailable"]).format(reason=blank))
    if view["wrong"]:
        return wrong_text(view["wrong"], view["cure"])
    if view["ready"]:
        return tr(WORDS["ready"])
    return "" if view["can_start"] else tr(WORDS["nothing_to_record"])


def _remark(view: SetupView, blank: str) -> str:
    if view["locked"]:
        return tr(WORDS["locked"])
    anyway = view["can_start"] and not view["ready"] and not blank
    return tr(WORDS["anyway"]) if anyway else view["remembered"]
