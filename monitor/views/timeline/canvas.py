"""The painted part of the time line: what stands is kept as a picture, what moves is drawn over it."""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from monitor.views.lines import put_tip
from monitor.views.theme import Theme
from monitor.views.timeline.paint import Brushes, paint_picture, planned
from monitor.views.timeline.plan import LEAST_SPAN_S, Picture, Place, Plan

SMALL = 0.88
"""Size of its text beside that of the window."""

HANDLE_PX = 5.0
VEIL_OPACITY = 0.72
_BY_KEY = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class TimelineCanvas(QWidget):
    """Paints a picture, a cursor and what is not computed yet; hands on where it is pressed.

    Parameters
    ----------
    theme : Theme
        Colours.
    said_at : callable
        Takes session seconds and the row (-1: none) and returns what there is to say.
    on_hover : callable
        Takes what is to be said of the place under the pointer; empty when there is none.
    on_seek : callable
        Takes session seconds, and whether it is the last of a drag.
    on_step : callable
        Takes seconds to go on or back.

    Attributes
    ----------
    compact : bool
        Whether the window is low.
    seekable : bool
        Whether a press leads to another moment.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        said_at: Callable[[float, int], str],
        on_hover: Callable[[str], None],
        on_seek: Callable[[float, bool], None],
        on_step: Callable[[float], None],
    ) -> None:
        super().__init__()
        self._said_at, self._on_hover = said_at, on_hover
        self._on_seek, self._on_step = on_seek, on_step
        self.picture = Picture(LEAST_SPAN_S, [], [], [])
        self.compact = False
        self.plan = self._planned()
        self.place = Place()
        self.seekable = False
        self.pictures = 0
        self._cache: QPixmap | None = None
        self._dragging = False
        self._framed = False
        self._pointer: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.paint_with(theme)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        self._brushes = Brushes(theme)
        self._veil = QColor(theme.background)
        self._veil.setAlphaF(VEIL_OPACITY)
        self._forget()

    def show_picture(self, picture: Picture) -> None:
        """Take what stands.

        Parameters
        ----------
        picture : Picture
            Painted at the next frame.
        """
        self.picture = picture
        self._plan_anew()
        self._forget()

    def show_place(self, place: Place) -> None:
        """Take what moves; only what changed by a pixel is painted.

        Parameters
        ----------
        place : Place
            Where the replay is.
        """
        before, self.place = self.place, place
        if before == place:
            return
        old, new = self._cursor_x(before), self._cursor_x(place)
        if old != new:
            for x in (old, new):
                if x is not None:
                    self.update(QRect(x - 8, 0, 17, self.height()))
        if self._ready_x(before) != self._ready_x(place):
            self.update()

    def _cursor_x(self, place: Place) -> int | None:
        return round(self.plan.x_of(place.position_s)) if math.isfinite(place.position_s) else None

    def _ready_x(self, place: Place) -> int | None:
        if not math.isfinite(place.ready_s) or place.ready_s >= self.plan.span_s - 1.0:
            return None
        return round(self.plan.x_of(place.ready_s))

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(1.0, font.pointSizeF()) * SMALL)
        return font

    def _planned(self) -> Plan:
        # Asked for while a window is torn down, too: it must look at nothing beside itself.
        return planned(self.picture, QFontMetricsF(self._font()), self.width(), compact=self.compact)

    def _plan_anew(self) -> None:
        self.plan = self._planned()
        if self.minimumHeight() != round(self.plan.height):
            self.setFixedHeight(round(self.plan.height))

    def _forget(self) -> None:
        self._cache = None
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of the rows.

        Returns
        -------
        QSize
            Wished size.
        """
        return QSize(400, round(self.plan.height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint anew at another size.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        self._plan_anew()
        self._forget()

    def changeEvent(self, event: QEvent) -> None:
        """Paint anew with another font.

        Parameters
        ----------
        event : QEvent
            What has changed.
        """
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._plan_anew()
            self._forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint.

        Parameters
        ----------
        event : QPaintEvent
            What is asked for.
        """
        ratio = self.devicePixelRatioF()
        if self._cache is None or self._cache.devicePixelRatio() != ratio:
            self._cache = self._painted(ratio)
        with QPainter(self) as painter:
            painter.setClipRect(event.rect())
            painter.drawPixmap(0, 0, self._cache)
            self._paint_moving(painter)

    def _paint_moving(self, painter: QPainter) -> None:
        ready, cursor = self._ready_x(self.place), self._cursor_x(self.place)
        height = self.plan.axis.top
        if ready is not None:
            right = self.plan.left + self.plan.width
            painter.fillRect(QRectF(ready, 0.0, right - ready + 1, height), self._veil)
            painter.setPen(QPen(self._brushes.dim, 1.0, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(ready, 0.0, ready, height))
        if cursor is not None:
            painter.setPen(QPen(self._brushes.text, 2.0))
            painter.drawLine(QLineF(cursor, 0.0, cursor, height))
            painter.setBrush(self._brushes.text)
            painter.setPen(Qt.PenStyle.NoPen)
            tip, base = height - 1.0, height + HANDLE_PX
            corners = ((cursor, tip), (cursor + HANDLE_PX, base), (cursor - HANDLE_PX, base))
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        if self._framed and self.hasFocus():
            painter.setPen(QPen(self._brushes.text, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _painted(self, ratio: float) -> QPixmap:
        self.pictures += 1
        pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        # Qt does not survive a painter that is left open.
        with QPainter(pixmap) as painter:
            painter.setFont(self._font())
            paint_picture(painter, self.picture, self.plan, self._brushes)
        return pixmap

    def row_at(self, y: float) -> int:
        """Return the row under a place.

        Parameters
        ----------
        y : float
            Pixel.

        Returns
        -------
        int
            Place in the picture, people first and then signals; -1 where there is none.
        """
        boxes = [*self.plan.people, *self.plan.signals]
        return next((k for k, box in enumerate(boxes) if box.top <= y < box.top + box.height), -1)

    def _say(self, point: QPointF) -> str:
        inside = -1.0 <= point.x() - self.plan.left <= self.plan.width + 1.0
        return self._said_at(self.plan.t_of(point.x()), self.row_at(point.y())) if inside else ""

    def said_again(self) -> None:
        """Say anew what is under the pointer, after the picture has changed."""
        said = "" if self._pointer is None else self._say(self._pointer)
        put_tip(self, said)
        self._on_hover(said)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is there; while the button is down, go there.

        Parameters
        ----------
        event : QMouseEvent
            Where.
        """
        self._pointer = event.position()
        self.said_again()
        if self._dragging and self.seekable:
            self._on_seek(self.plan.t_of(event.position().x()), False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there.

        Parameters
        ----------
        event : QMouseEvent
            Where.
        """
        if event.button() == Qt.MouseButton.LeftButton and self.seekable:
            self._dragging = True
            self._on_seek(self.plan.t_of(event.position().x()), False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag.

        Parameters
        ----------
        event : QMouseEvent
            Where.
        """
        if event.button() == Qt.MouseButton.LeftButton and self._dragging:
            self._dragging = False
            if self.seekable:
                self._on_seek(self.plan.t_of(event.position().x()), True)

    def leaveEvent(self, event: QEvent) -> None:
        """Say nothing any more.

        Parameters
        ----------
        event : QEvent
            Not used.
        """
        super().leaveEvent(event)
        self._pointer = None
        if self.isVisible():
            self.said_again()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus when it came by key.

        Parameters
        ----------
        event : QFocusEvent
            How it came.
        """
        self._framed = event.reason() in _BY_KEY
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on or back by ten seconds, or by a minute with Shift.

        Parameters
        ----------
        event : QKeyEvent
            Which key.
        """
        sign = {Qt.Key.Key_Left: -1.0, Qt.Key.Key_Right: 1.0}.get(Qt.Key(event.key()), 0.0)
        if not sign or not self.seekable:
            super().keyPressEvent(event)
            return
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._on_step(sign * (60.0 if far else 10.0))
