"""A row of widgets that goes on in the next line where there is no more room."""

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from shiboken6 import isValid

_GAP = 6
_LEAST_CHARACTERS = 24


class Flow(QWidget):
    """Places its widgets one after the other, in as many lines as it takes; never widens its parent."""

    def __init__(self) -> None:
        super().__init__()
        self._widgets: list[tuple[QWidget, bool]] = []
        self._last: QWidget | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def add(self, widget: QWidget, *, apart: bool = False) -> None:
        """Add a widget at the end.

        Parameters
        ----------
        widget : QWidget
            Any widget.
        apart : bool, default False
            Whether it begins a group, a little away from what is before.
        """
        widget.setParent(self)
        self._widgets.append((widget, apart))

    def fill_with(self, widget: QWidget) -> None:
        """Give what is left of the last line to a widget, or a line of its own where little is left.

        Parameters
        ----------
        widget : QWidget
            Any widget.
        """
        widget.setParent(self)
        self._last = widget

    def sizeHint(self) -> QSize:
        """Return the height of all lines at the present width.

        Returns
        -------
        QSize
            Wished size.
        """
        return QSize(0, self._arranged(self.width())[1])

    def minimumSizeHint(self) -> QSize:
        """Return the same.

        Returns
        -------
        QSize
            Smallest size.
        """
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the widgets anew.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Place the widgets anew when one of them wants another size.

        Parameters
        ----------
        event : QEvent
            Any event.

        Returns
        -------
        bool
            Whether it was used.
        """
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self) -> None:
        places, height = self._arranged(self.width())
        for widget, place in places:
            if widget.geometry() != place:
                widget.setGeometry(place)
        if height != self.height():
            self.updateGeometry()

    def _arranged(self, width: int) -> tuple[list[tuple[QWidget, QRect]], int]:
        """Place of each widget that is not hidden, and the height of all."""
        places: list[tuple[QWidget, QRect]] = []
        x = y = line = 0
        for widget, apart in self._widgets:
            # While a window is torn down its parts go one by one.
            if not isValid(widget) or widget.isHidden():
                continue
            size = widget.sizeHint().expandedTo(widget.minimumSizeHint())
            gap = 0 if x == 0 else _GAP * (3 if apart else 1)
            if x and x + gap + size.width() > width:
                x, y, line, gap = 0, y + line + _GAP, 0, 0
            places.append((widget, QRect(x + gap, y, min(size.width(), max(width, 1)), size.height())))
            x += gap + size.width()
            line = max(line, size.height())
        if self._last is not None and isValid(self._last) and not self._last.isHidden():
            height, x = self._last.sizeHint().height(), x + _GAP * 3
            if width - x < _LEAST_CHARACTERS * self.fontMetrics().averageCharWidth():
                x, y, line = 0, y + line + _GAP, height
            line = max(line, height)
            places.append((self._last, QRect(x, y, max(width - x, 1), line)))
        return places, y + line
