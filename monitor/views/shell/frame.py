"""What any window on a session has around its contents: looks, keys, a cover, a question before it closes."""

import math
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QStackedWidget,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from monitor.views.actions import Action, Send
from monitor.views.lines import Said, tr
from monitor.views.shell.closing import ClosingQuestion
from monitor.views.shell.help import HelpPage
from monitor.views.shell.keys import Keys, Offer
from monitor.views.shell.looks import Looks
from monitor.views.shell.preferences import Preferences
from monitor.views.shell.privacy import Cover
from monitor.views.theme import Theme, style_sheet
from monitor.views.timeline.words import names_of
from monitor.views.typed import SteadyWindow

SAID_S = 20.0
"""How long a message of the window stays."""


class Shell(SteadyWindow):
    """A window around a body that a subclass fills.

    Parameters
    ----------
    send : callable
        Takes commands.
    theme : Theme
        Colours.
    preferences : Preferences
        What the user likes, but for the theme.
    path : Path, optional
        Where changes of the preferences are kept; without it they are not.
    clock : callable
        Seconds.
    """

    def __init__(
        self,
        send: Send,
        theme: Theme,
        preferences: Preferences,
        path: Path | None,
        clock: Callable[[], float],
    ) -> None:
        super().__init__()
        self._send = send
        self._clock = clock
        self._said_s = -math.inf
        self._keys: Keys | None = None
        self._asked = False
        self.looks = Looks(self, theme, preferences, path, repaint=self.paint_with, tell=self.say)
        self.said = Said("dim")
        self.help, self.cover = HelpPage(), Cover()
        self.question = ClosingQuestion(close=self._close_now, stop=self._stop, stay=self._stay)
        self._pages = QStackedWidget()

    def _frame(self, body: QWidget, offers: Sequence[Offer]) -> None:
        """Put the body into the window, and the keys over it; called once when all parts are there."""
        self.setWindowTitle("attune")
        self.resize(1280, 800)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        # What has the focus is scrolled into view; the area itself is nothing to stop at.
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        self._pages.addWidget(scroll)
        self._pages.addWidget(self.cover)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.question)
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(whole)
        # Nothing has the focus until Tab is pressed: a key must not fall on a button by chance.
        whole.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        whole.setFocus()
        self.setStyleSheet(style_sheet(self.looks.theme))
        self._keys = Keys(self, offers)

    def shell_actions(self) -> list[Action]:
        """Return what can be done by key whatever the window shows.

        Returns
        -------
        list of Action
            The cover, the looks, the help and closing.
        """
        return [
            Action("F1", "keys of this window", self.toggle_help, "window"),
            Action("Shift+H", "hide or show everything", self.toggle_cover, "privacy"),
            *self.looks.actions(),
            Action("Esc", "back: from the keys, a question, the full screen", self.step_back, "window"),
            Action("Ctrl+Q", "close the window", self.close, "window"),
        ]

    def actions_by_key(self) -> list[Action]:
        """Return everything that can be done by key.

        Returns
        -------
        list of Action
            Of the window and of all its parts.
        """
        return self.shell_actions()

    def refresh_now(self) -> None:
        """Show at once what has changed."""

    def must_ask(self) -> bool:
        """Tell whether closing the window is worth a question.

        Returns
        -------
        bool
            True while something goes on that the user may want to stop.
        """
        return False

    @property
    def covered(self) -> bool:
        """Whether everything is hidden."""
        return self._pages.currentWidget() is self.cover

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme, and the text size of the application.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self.setStyleSheet(style_sheet(theme))

    def say(self, text: str) -> None:
        """Say something for a while.

        Parameters
        ----------
        text : str
            Translated; empty to take away what was said.
        """
        self.said.put(text)
        self._said_s = self._clock()

    def unsay(self, codes: Collection[str]) -> None:
        """Leave nothing standing that was said of people who are not to be seen.

        Parameters
        ----------
        codes : collection of str
            Who.
        """
        if names_of(self.said.text(), codes):
            self.say("")
        # A tooltip stays up whatever becomes of what is below it.
        QToolTip.hideText()

    def _tidy(self, now_s: float) -> None:
        """Take away what was said long enough, and the keyboard from what has gone."""
        self.free()
        if now_s - self._said_s > SAID_S:
            self.said.put("")

    def toggle_help(self) -> None:
        """Show the keys in place of the contents, or the contents again."""
        self.help.shown = not self.help.shown
        if self.help.shown:
            self.help.show_actions(self.actions_by_key())
        self.refresh_now()
        if self.help.shown:
            self.help.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_cover(self) -> None:
        """Hide everything behind a plain page, or show it again."""
        self._pages.setCurrentIndex(0 if self.covered else 1)
        QToolTip.hideText()
        self.refresh_now()

    def step_back(self) -> None:
        """Leave what was opened last: the question, the keys, the full screen; or take a message away."""
        if not self.question.isHidden():
            self._stay()
        elif self.help.shown:
            self.toggle_help()
        elif not self.looks.leave_full_screen():
            self.say("")

    def _close_now(self) -> None:
        self._asked = True
        self.close()

    def _stop(self) -> None:
        sent = self._send("stop_recording", None)
        self._stay()
        missed = tr("The engine cannot be reached: the recording was not stopped.")
        self.say(tr("Stopping and saving the recording.") if sent else missed)

    def _stay(self) -> None:
        self._asked = False
        self.question.hide()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask once where something goes on; never twice, and never when the computer itself is closing.

        Parameters
        ----------
        event : QCloseEvent
            Ignored when the question is asked.
        """
        application = QGuiApplication.instance()
        saving = isinstance(application, QGuiApplication) and application.isSavingSession()
        if self._asked or saving or not self.must_ask():
            super().closeEvent(event)
            return
        self._asked = True
        self.question.ask()
        event.ignore()
