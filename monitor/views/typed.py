"""Which keys belong to a text that is typed, and what has the keyboard when its holder is gone."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow, QWidget

_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
CHORDS = _ALT_GR | Qt.KeyboardModifier.MetaModifier
"""What is held down for a key that types nothing."""


def is_typed(event: QKeyEvent) -> bool:
    """Tell whether a key is for the text that has the focus.

    Parameters
    ----------
    event : QKeyEvent
        The key.

    Returns
    -------
    bool
        False for chords and function keys; true for what AltGr writes, which on Windows comes as Ctrl+Alt.
    """
    held = event.modifiers() & CHORDS
    if held == _ALT_GR and event.text().strip() and event.text().isprintable():
        return True
    return not held and not Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35


class SteadyWindow(QMainWindow):
    """A window in which the keyboard never falls on the next button when what had it is hidden or disabled."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Give the keyboard to the next or the last control; to none where its holder has gone.

        Parameters
        ----------
        forward : bool
            Whether to the next.

        Returns
        -------
        bool
            Whether it was given to anything.
        """
        # Qt asks this for a key, and also when a control goes: then the next press would do what nobody wanted.
        return self.free() or super().focusNextPrevChild(forward)

    def free(self) -> bool:
        """Give the keyboard to no control if the one that had it has gone, as it may in a window left alone.

        Returns
        -------
        bool
            Whether it had.
        """
        holder, rest = self.focusWidget(), self.centralWidget()
        if (
            rest is None
            or holder is None
            or not self.isVisible()
            or (holder.isVisible() and holder.isEnabled())
        ):
            return False
        rest.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def let_go(self, part: QWidget) -> None:
        """Give the keyboard to no control if one of a part has it.

        Parameters
        ----------
        part : QWidget
            What is to change.
        """
        holder, rest = self.focusWidget(), self.centralWidget()
        if rest is not None and holder is not None and part.isAncestorOf(holder):
            rest.setFocus(Qt.FocusReason.OtherFocusReason)
