"""The line into which free text is typed."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from monitor.board.commands import LONGEST_TEXT
from monitor.views.lines import Said, tr
from monitor.views.notes.words import KEPT_IN
from monitor.views.typed import is_typed

LONGEST_TYPED = LONGEST_TEXT - 10
"""Most characters of a text: a command holds the number of its note too."""


class TypedLine(QLineEdit):
    """A line that keeps the keys typed into it from the shortcuts of the window.

    Parameters
    ----------
    leave : callable
        Called at Escape.
    """

    def __init__(self, leave: Callable[[], object]) -> None:
        super().__init__()
        self._leave = leave

    def event(self, event: QEvent) -> bool:
        """Claim keys before they become shortcuts.

        Parameters
        ----------
        event : QEvent
            Any event.

        Returns
        -------
        bool
            Whether it was used.
        """
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and is_typed(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type, or leave the line at Escape.

        Parameters
        ----------
        event : QKeyEvent
            The key.
        """
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)


class NoteLine(QWidget):
    """Asks for one text about a moment; hidden until it is opened.

    Parameters
    ----------
    keep : callable
        Takes the text; returns whether the line is done with.
    leave : callable
        Called when the user wants no text after all.
    """

    def __init__(self, keep: Callable[[str], bool], leave: Callable[[], object]) -> None:
        super().__init__()
        self._keep = keep
        self._leave = leave
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self.edit = TypedLine(self._left)
        self.edit.setMaxLength(LONGEST_TYPED)
        self._count = QLabel()
        self._count.setObjectName("dim")
        self._hint = Said("dim")
        self._hint.put(tr(KEPT_IN))
        row = QHBoxLayout()
        row.addWidget(self._title)
        row.addWidget(self.edit, 1)
        row.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self._hint)
        self.edit.textChanged.connect(self._show_count)
        self.edit.returnPressed.connect(self._done)
        self._show_count("")
        self.hide()

    def open(self, title: str) -> None:
        """Show an empty line and put the cursor into it.

        Parameters
        ----------
        title : str
            What the text is about, translated.
        """
        self.edit.clear()
        self.put_title(title)
        self.edit.setAccessibleDescription(tr(KEPT_IN))
        self.show()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def put_title(self, title: str) -> None:
        """Say what the text is about.

        Parameters
        ----------
        title : str
            Translated.
        """
        if title != self._title.text():
            self._title.setText(title)
            self.edit.setAccessibleName(title)

    def close_line(self) -> None:
        """Hide the line and forget what was typed."""
        self.edit.clear()
        self.edit.clearFocus()
        self.put_title("")
        self.hide()

    def _done(self) -> None:
        # A pasted text may hold characters that no command takes.
        text = "".join(c if c.isprintable() else " " for c in self.edit.text()).strip()
        if not text:
            self._left()
        elif self._keep(text):
            self.close_line()

    def _left(self) -> None:
        self._leave()
        self.close_line()

    def _show_count(self, text: str) -> None:
        self._count.setText(tr("{typed} of {most}").format(typed=len(text), most=LONGEST_TYPED))
