"""A stream found, as a card that is given to people by mouse or by key."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout

from monitor.board.session_views import CandidateView
from monitor.views.lines import Line, Said, tr
from monitor.views.setup.places import CardKey
from monitor.views.setup.words import WORDS, card_text, short, what_words

MIME = "application/x-attune-stream"
"""Kind of what is dragged; nothing else is ever taken."""

KEYS = {
    Qt.Key.Key_Delete: "0",
    Qt.Key.Key_Backspace: "0",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
}
TYPED = frozenset("0123456789x")
"""Keys known by what they write, which is the same on every keyboard."""

_OTHER_KEYS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class StreamCard(QFrame):
    """What is known of one stream before the start.

    Parameters
    ----------
    key : (str, int)
        Identity of the card.
    """

    pressed = Signal(str)
    """A key: a digit, ``x``, ``up``, ``down``, ``left`` or ``right``."""

    lifted = Signal()
    """A drag begins."""

    put_down = Signal()
    """The drag is over, wherever it ended."""

    reached = Signal()
    """The card has the focus."""

    def __init__(self, key: CardKey) -> None:
        super().__init__()
        self.key = key
        self.movable = True
        self._grip: QPoint | None = None
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.title, self.device, self.rate, self.given = Line("title"), Line("dim"), Line(), Said("dim")
        self.checks, self.trouble = Said(), Said("trouble")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(2)
        for part in (self.title, self.device, self.rate, self.given, self.checks, self.trouble):
            layout.addWidget(part)

    def show_stream(self, stream: CandidateView, whose: str, blank: str) -> None:
        """Show what is known of the stream, at no cost where nothing has changed.

        Parameters
        ----------
        stream : CandidateView
            The stream.
        whose : str
            Whose it is, in words.
        blank : str
            When not empty, its checks are not known but for this reason.
        """
        text = card_text(stream, blank)
        for line, words in ((self.title, text.title), (self.device, text.device), (self.rate, text.rate)):
            line.put(words)
        self.given.put(short(text.given))
        self.checks.put(text.checks)
        self.trouble.put(text.trouble)
        name = tr(WORDS["card_name"]).format(title=text.title, what=what_words(stream), whose=whose)
        if name != self.accessibleName():
            self.setAccessibleName(name)
        said = " ".join(filter(None, (text.said, text.trouble, text.given)))
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of a card from the shortcuts of the window.

        Parameters
        ----------
        event : QEvent
            Any.

        Returns
        -------
        bool
            Whether it was for this card.
        """
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and word_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell which key of a card was pressed.

        Parameters
        ----------
        event : QKeyEvent
            Others are passed on.
        """
        word = word_of(event)
        if not word:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() or word not in TYPED:
            self.pressed.emit(word)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the card has the focus.

        Parameters
        ----------
        event : QFocusEvent
            Passed on.
        """
        super().focusInEvent(event)
        self.reached.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag might begin.

        Parameters
        ----------
        event : QMouseEvent
            The press.
        """
        if event.button() == Qt.MouseButton.LeftButton and self.movable:
            self._grip = event.position().toPoint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002 - the signature is Qt's
        """Forget where a drag might have begun.

        Parameters
        ----------
        event : QMouseEvent
            The release.
        """
        self._grip = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin a drag once the pointer is far enough away.

        Parameters
        ----------
        event : QMouseEvent
            The movement.
        """
        if self._grip is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        away = (event.position().toPoint() - self._grip).manhattanLength()
        if away >= QApplication.startDragDistance():
            grip, self._grip = self._grip, None
            self._drag(grip)

    def mime(self) -> QMimeData:
        """Return what is dragged.

        Returns
        -------
        QMimeData
            Says what kind of thing it is and nothing of the stream: another program learns nothing.
        """
        mime = QMimeData()
        mime.setData(MIME, b"stream")
        return mime

    def _drag(self, grip: QPoint) -> None:
        drag = QDrag(self)
        drag.setMimeData(self.mime())
        drag.setPixmap(self.grab())
        drag.setHotSpot(grip)
        self.lifted.emit()
        try:
            drag.exec(Qt.DropAction.MoveAction)
        finally:
            self.put_down.emit()


def word_of(event: QKeyEvent) -> str:
    """Return the word of a key that means something to a card.

    Parameters
    ----------
    event : QKeyEvent
        The key.

    Returns
    -------
    str
        Empty for any other key.
    """
    if event.modifiers() & _OTHER_KEYS:
        return ""
    known = KEYS.get(Qt.Key(event.key())) if event.key() in _KNOWN else None
    typed = event.text().lower()
    return known or (typed if typed in TYPED else "")


_KNOWN = frozenset(key.value for key in KEYS)
