"""The question asked once when the window is closed while a recording goes on."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from monitor.board.snapshot import Snapshot
from monitor.views.lines import Said, tr


class ClosingQuestion(QFrame):
    """A line in the window with three answers; nothing behind it is hidden.

    Parameters
    ----------
    close, stop, stay : callable
        What the answers do.
    """

    def __init__(
        self, *, close: Callable[[], object], stop: Callable[[], object], stay: Callable[[], object]
    ) -> None:
        super().__init__()
        self.setObjectName("column")
        self.sentence = Said("title")
        self.sentence.put(tr("Recording goes on without this window."))
        self.close_button = QPushButton(tr("Close window"))
        self.stop_button = QPushButton(tr("Stop recording and save"))
        self.stay_button = QPushButton(tr("Stay"))
        self.buttons = (self.close_button, self.stop_button, self.stay_button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(self.sentence, 1)
        for button, do in zip(self.buttons, (close, stop, stay), strict=True):
            button.setAccessibleName(button.text())
            button.clicked.connect(do)
            layout.addWidget(button)
        self.hide()

    def ask(self) -> None:
        """Show the question; the answer that changes nothing has the focus."""
        self.show()
        self.stay_button.setFocus(Qt.FocusReason.OtherFocusReason)


def must_ask(snapshot: Snapshot | None, *, live: bool) -> bool:
    """Tell whether closing is worth a question.

    Parameters
    ----------
    snapshot : Snapshot or None
        The newest.
    live : bool
        Whether the engine answers.

    Returns
    -------
    bool
        True while the engine records; not in a replay, before the start or when it has gone.
    """
    if snapshot is None or not live or snapshot["setup"] is not None or snapshot["transport"] is not None:
        return False
    return snapshot["state"] != "ended" and snapshot["recording"]["state"] == "recording"
