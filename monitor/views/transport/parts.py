"""Parts of the transport: buttons for keyboard and mouse, groups that share out the rows."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from monitor.views.lines import put_tip

SPACE_PX = 18
"""Between two groups."""

_PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class KeyButton(QPushButton):
    """A button that is pressed by Space and Return while it has the focus, whatever they do elsewhere.

    Parameters
    ----------
    text : str
        What stands on it.
    name : str
        What it does, for tooltip and screen reader.
    key : str
        Key that does the same; empty for none.
    do : callable
        Does it.
    """

    def __init__(self, text: str, name: str, key: str, do: Callable[[], object]) -> None:
        super().__init__(text)
        self.setAutoDefault(False)
        # A click leaves the focus where it was, so that Space goes on to play.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._key = key
        self.say(name)
        self.clicked.connect(lambda: do())

    def say(self, name: str) -> None:
        """Name what it does now.

        Parameters
        ----------
        name : str
            For tooltip and screen reader.
        """
        if name != self.accessibleName():
            self.setAccessibleName(name)
            put_tip(self, f"{name} ({self._key})" if self._key else name)

    def event(self, event: QEvent) -> bool:
        """Take the keys that press it before the window does.

        Parameters
        ----------
        event : QEvent
            Any.

        Returns
        -------
        bool
            Whether it was taken.
        """
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in _PRESSES
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press it by Return too.

        Parameters
        ----------
        event : QKeyEvent
            Which key.
        """
        if event.key() in _PRESSES[1:] and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class Groups(QWidget):
    """Groups of widgets in as few rows as the width allows.

    Parameters
    ----------
    *groups : list of QWidget
        Those of a group stay side by side.
    """

    def __init__(self, *groups: list[QWidget]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._groups: list[QWidget] = []
        self._rows: list[QHBoxLayout] = []
        for widgets in groups:
            group = QWidget()
            inner = QHBoxLayout(group)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(4)
            for widget in widgets:
                inner.addWidget(widget)
            self._groups.append(group)
            row = QHBoxLayout()
            row.setSpacing(SPACE_PX)
            row.addWidget(group)
            row.addStretch(1)
            self._rows.append(row)
            column.addLayout(row)
        self._places = list(range(len(groups)))

    def _standing(self) -> list[QWidget]:
        # While a window is torn down its parts go one by one.
        return [group for group in self._groups if isValid(group)]

    def _wanted(self) -> list[int]:
        """Put each group into the row of the one before while there is room."""
        places: list[int] = []
        row, used = 0, 0
        for group in self._standing():
            wide = group.sizeHint().width()
            if used and used + SPACE_PX + wide > self.width():
                row, used = row + 1, 0
            used += wide + (SPACE_PX if used else 0)
            places.append(row)
        return places

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest group.

        Returns
        -------
        QSize
            Smallest size.
        """
        widest = max((group.minimumSizeHint().width() for group in self._standing()), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    def fit(self) -> None:
        """Share out the groups anew, if another number of them fits."""
        places = self._wanted()
        if places == self._places or len(places) < len(self._groups):
            return
        self._places = places
        for group in self._groups:
            for row in self._rows:
                row.removeWidget(group)
        for group, place in zip(self._groups, places, strict=True):
            row = self._rows[place]
            row.insertWidget(row.count() - 1, group)
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit into another width.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        self.fit()
