"""The keys of the window: one shortcut per key, done by whatever part may use it now."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from monitor.views.actions import Action
from monitor.views.typed import CHORDS, is_typed

_TYPED = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)
_K = Qt.Key
_MOVES = frozenset(
    {
        _K.Key_Left,
        _K.Key_Right,
        _K.Key_Up,
        _K.Key_Down,
        _K.Key_Home,
        _K.Key_End,
        _K.Key_PageUp,
        _K.Key_PageDown,
    }
)
_PRESSES = frozenset({_K.Key_Space, _K.Key_Select})
_LINES = frozenset({_K.Key_Up, _K.Key_Down})


class Offer(NamedTuple):
    """An action, and whether the window lets its part act now.

    Parameters
    ----------
    action : Action
        What can be done.
    allowed : callable
        Whether its part is in use.
    """

    action: Action
    allowed: Callable[[], bool]

    @property
    def possible(self) -> bool:
        """Whether it would have an effect now."""
        return self.allowed() and self.action.enabled()


def offers_of(actions: Sequence[Action], allowed: Callable[[], bool]) -> list[Offer]:
    """Offer actions of one part.

    Parameters
    ----------
    actions : sequence of Action
        What can be done.
    allowed : callable
        Whether the part is in use.

    Returns
    -------
    list of Offer
        One per action.
    """
    return [Offer(action, allowed) for action in actions]


class Keys(QObject):
    """Shortcuts of a window, several actions to a key where they are never possible together.

    Parameters
    ----------
    window : QWidget
        Owner of the shortcuts.
    offers : sequence of Offer
        Everything that can be done; of two that are possible the first is.
    """

    def __init__(self, window: QWidget, offers: Sequence[Offer]) -> None:
        super().__init__(window)
        self._offers: dict[str, list[Offer]] = {}
        for offer in offers:
            self._offers.setdefault(_portable(offer.action.key), []).append(offer)
        self.shortcuts = [self._shortcut(window, key) for key in self._offers]
        # A key that the widget with the focus does not take is asked for once more at the window itself.
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Leave a key to the widget with the focus where it needs it, before a shortcut takes it.

        Parameters
        ----------
        _watched : QObject
            The window.
        event : QEvent
            Any.

        Returns
        -------
        bool
            Whether it was dealt with.
        """
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.leaves(event, QApplication.focusWidget())
        ):
            event.accept()
            return True
        return False

    def _shortcut(self, window: QWidget, key: str) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), window)
        shortcut.setAutoRepeat(any(offer.action.repeats for offer in self._offers[key]))
        shortcut.activated.connect(lambda: self.do(key))
        return shortcut

    def do(self, key: str) -> bool:
        """Do what a key stands for now.

        Parameters
        ----------
        key : str
            Key in Qt's portable words.

        Returns
        -------
        bool
            Whether anything was done.
        """
        for offer in self._offers.get(_portable(key), ()):
            if offer.possible:
                offer.action.do()
                return True
        return False

    def leaves(self, event: QKeyEvent, focus: QWidget | None) -> bool:
        """Tell whether a key belongs to the widget that has the focus, and not to the window.

        Parameters
        ----------
        event : QKeyEvent
            Asked before the key is taken for a shortcut.
        focus : QWidget or None
            Who has the focus.

        Returns
        -------
        bool
            True for what is typed into a text, for the press of a button, and for a key without a meaning now.
        """
        if focus is not None and wants(focus, event):
            return True
        pressed = QKeySequence(event.keyCombination()).toString()
        known = [o for key, os in self._offers.items() if key.split(", ")[0] == pressed for o in os]
        return bool(known) and not any(offer.possible for offer in known)


def wants(focus: QWidget, event: QKeyEvent) -> bool:
    """Tell whether a widget needs a key for itself.

    Parameters
    ----------
    focus : QWidget
        Who has the focus.
    event : QKeyEvent
        The key.

    Returns
    -------
    bool
        Whether no shortcut may take it.
    """
    key = Qt.Key(event.key())
    chord = bool(event.modifiers() & CHORDS)
    typed = isinstance(focus, _TYPED) or (isinstance(focus, QComboBox) and focus.isEditable())
    if typed:
        reading = isinstance(focus, QTextEdit | QPlainTextEdit) and focus.isReadOnly()
        if reading:
            return key in _MOVES and not chord
        return is_typed(event)
    if chord:
        return False
    if isinstance(focus, QAbstractButton):
        return key in _PRESSES
    if isinstance(focus, QComboBox):
        return key in _PRESSES or key in _MOVES - {_K.Key_Left, _K.Key_Right}
    if isinstance(focus, QAbstractItemView):
        # What has no columns to go through leaves the other keys to a replay.
        return key in _LINES
    return isinstance(focus, QAbstractSlider) and key in _MOVES


def _portable(key: str) -> str:
    return QKeySequence(key).toString()
