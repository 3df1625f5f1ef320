"""A place for streams in the set-up: those of one person, or those of nobody."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from monitor.errors import SettingsError
from monitor.room import check_code
from monitor.views.lines import Line, Said, tr
from monitor.views.setup.card import MIME, StreamCard
from monitor.views.setup.places import Place
from monitor.views.setup.words import WORDS

PATIENCE = 10
"""Snapshots until the engine's code is shown again when it has not taken the one typed."""

LEAST_LETTERS = 27
"""Letters of normal text that fit into the narrowest place."""


class CodeField(QLineEdit):
    """A field for the code of a person, which the engine's code does not overwrite while it is typed in."""

    escaped = Signal()
    """What was typed is not wanted."""

    def event(self, event: QEvent) -> bool:
        """Keep the keys that end the typing from the shortcuts of the window.

        Parameters
        ----------
        event : QEvent
            Any.

        Returns
        -------
        bool
            Whether it was for this field.
        """
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in _ENDS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take back what was typed on Escape.

        Parameters
        ----------
        event : QKeyEvent
            Others are passed on.
        """
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


_ENDS = frozenset(k.value for k in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape))


class Bay(QFrame):
    """A place with the cards of its streams.

    Parameters
    ----------
    place : Place
        Whose it is.
    """

    renamed = Signal(str)
    """A valid code that is not that of the place."""

    dropped = Signal()
    """A card was dropped here."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.setObjectName("bay")
        self.setAcceptDrops(True)
        self.place = place
        self.open_to_drops = False
        self.taken: frozenset[str] = frozenset()
        self.cards: list[StreamCard] = []
        self._patience = 0
        self.title, self.key_line, self.note = Line("title"), Line("dim"), Said("dim")
        self.code = CodeField()
        self.empty = Said("dim")
        self.area = QScrollArea()
        self._list = QVBoxLayout()
        self._build()
        self.show_place(place, locked=False)

    def _build(self) -> None:
        self.code.setMaxLength(32)
        self.code.setPlaceholderText(tr(WORDS["code"]))
        self.code.editingFinished.connect(self._typed)
        self.code.escaped.connect(self._take_back)
        self.key_line.setAlignment(Qt.AlignmentFlag.AlignRight)
        head = QHBoxLayout()
        # The heads of all places are of one height, with a field or without.
        head.addStrut(self.code.sizeHint().height())
        head.addWidget(self.title, 5)
        head.addWidget(self.code, 4)
        head.addWidget(self.key_line, 2)
        inside = QWidget()
        cards = QVBoxLayout(inside)
        cards.setContentsMargins(0, 0, 4, 0)
        cards.addWidget(self.empty)
        cards.addLayout(self._list)
        cards.addStretch(1)
        self._list.setSpacing(6)
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Cards are what the keyboard reaches; the area follows them.
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 4, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.note)
        layout.addWidget(self.area, 1)
        self.code.setVisible(self.place.is_person)
        self.note.put("")

    def show_place(self, place: Place, *, locked: bool, text: str = "") -> None:
        """Show whose place it is.

        Parameters
        ----------
        place : Place
            Of the same kind as before.
        locked : bool
            Whether nothing can be changed.
        text : str, default ''
            Said instead of cards where there are none.
        """
        self.place = place
        self.title.put(place.title)
        self.key_line.put(tr(WORDS["key"]).format(key=place.key) if place.key and not locked else "")
        self.empty.put(text if not self.cards else "")
        if not place.is_person:
            if self.accessibleName() != place.title:
                self.setAccessibleName(place.title)
            return
        self._show_code(place.code)
        if self.code.isReadOnly() != locked:
            self.code.setReadOnly(locked)
        names = (f"{place.title} {place.code}", tr(WORDS["code_name"]).format(place=place.title))
        if (self.accessibleName(), self.code.accessibleName()) != names:
            self.setAccessibleName(names[0])
            self.code.setAccessibleName(names[1])

    def _show_code(self, code: str) -> None:
        if self.code.text() == code:
            self._patience = 0
            self.note.put("")
        elif self._patience > 0:
            self._patience -= 1
        elif not self.code.isModified():
            self.code.setText(code)
            self.note.put("")

    def _typed(self) -> None:
        """Hand on what was typed, if it is a code and another one."""
        field = self.code
        if not field.isModified():
            return
        text = field.text().strip()
        if text == self.place.code:
            self._take_back()
        elif not _is_code(text):
            self.note.put(tr(WORDS["bad_code"]))
        elif text in self.taken:
            self.note.put(tr(WORDS["taken_code"]))
        else:
            field.setText(text)
            self.note.put("")
            self._patience = PATIENCE
            self.renamed.emit(text)

    def _take_back(self) -> None:
        self._patience = 0
        self.code.setText(self.place.code)
        self.note.put("")

    def hold(self, cards: Sequence[StreamCard]) -> bool:
        """Show these cards in this order.

        Parameters
        ----------
        cards : sequence of StreamCard
            The cards.

        Returns
        -------
        bool
            Whether anything was moved.
        """
        if list(cards) == self.cards:
            return False
        for card in self.cards:
            self._list.removeWidget(card)
        for card in cards:
            self._list.addWidget(card)
            card.show()
        self.cards = list(cards)
        return True

    def show_card(self, card: StreamCard) -> None:
        """Scroll to a card.

        Parameters
        ----------
        card : StreamCard
            One of `cards`.
        """
        self.area.ensureWidgetVisible(card, 0, 8)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a card of this window and nothing else.

        Parameters
        ----------
        event : QDragEnterEvent
            What is dragged.
        """
        if self._wants(event):
            self._light(on=True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Go on taking it.

        Parameters
        ----------
        event : QDragMoveEvent
            What is dragged.
        """
        self._wants(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002 - the signature is Qt's
        """Stop showing that a card may be dropped.

        Parameters
        ----------
        event : QDragLeaveEvent
            Not looked at.
        """
        self._light(on=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell that a card was dropped.

        Parameters
        ----------
        event : QDropEvent
            What was dragged.
        """
        self._light(on=False)
        if self._wants(event):
            self.dropped.emit()

    def _wants(self, event: QDropEvent) -> bool:
        wanted = self.open_to_drops and self.place.takes and event.mimeData().hasFormat(MIME)
        if wanted:
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
        else:
            event.ignore()
        return wanted

    def _light(self, *, on: bool) -> None:
        self.setProperty("target", on)
        # Qt looks at properties in a style sheet only when told to.
        self.style().unpolish(self)
        self.style().polish(self)


def _is_code(text: str) -> bool:
    try:
        check_code(text)
    except SettingsError:
        return False
    return True
