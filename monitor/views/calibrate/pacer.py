"""The pace of breathing on the screen: a growing circle, or two words and a bar that stands still between them."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from monitor.views.calibrate.breath import Breath, still
from monitor.views.calibrate.words import breath_text
from monitor.views.lines import tr
from monitor.views.theme import Theme

_LEAST_SHARE = 0.35
_BAR_PX = 18
_BAR_SHARE = 0.6
_TEXT_SCALE = 2.4


class Pacer(QWidget):
    """Shows one moment of a paced breath.

    Parameters
    ----------
    theme : Theme
        Colours.
    motion : bool, default False
        Whether it may move; else it changes twice in a breath.
    """

    def __init__(self, theme: Theme, *, motion: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._motion = motion
        self._breath: Breath | None = None
        self.setAccessibleName(tr("pace of breathing"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setVisible(False)

    @property
    def breath(self) -> Breath | None:
        """The moment shown; None when no breathing is paced."""
        return self._breath

    def show_breath(self, breath: Breath | None) -> None:
        """Show a moment, at no cost when it looks as before.

        Parameters
        ----------
        breath : Breath or None
            None hides the pacer.
        """
        if breath is not None and not self._motion:
            breath = still(breath)._replace(left_s=0.0)
        if breath == self._breath:
            return
        self._breath = breath
        self.setVisible(breath is not None)
        if breath is not None:
            self.setAccessibleDescription(tr(breath_text(breath)))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size at which the words are easily read.

        Returns
        -------
        QSize
            Wished size.
        """
        return QSize(320, 220 if self._motion else 110)

    def minimumSizeHint(self) -> QSize:
        """Return the least size.

        Returns
        -------
        QSize
            Smallest size.
        """
        return QSize(200, 140 if self._motion else 90)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - the signature is Qt's
        """Draw the moment.

        Parameters
        ----------
        event : QPaintEvent
            Not looked at: all of it is drawn.
        """
        if self._breath is None:
            return
        # Qt does not survive a painter that is left open.
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            font = painter.font()
            font.setPointSizeF(font.pointSizeF() * _TEXT_SCALE)
            painter.setFont(font)
            if self._motion:
                self._draw_circle(painter, self._breath)
            else:
                self._draw_bar(painter, self._breath)

    def _draw_circle(self, painter: QPainter, breath: Breath) -> None:
        full = min(self.width(), self.height()) / 2.0 - 4.0
        radius = full * (_LEAST_SHARE + (1.0 - _LEAST_SHARE) * breath.fullness)
        middle = QPointF(self.width() / 2.0, self.height() / 2.0)
        painter.setPen(QPen(QColor(self._theme.line), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, full, full)
        painter.setPen(Qt.PenStyle.NoPen)
        fill = QColor(self._theme.skin)
        fill.setAlpha(70)
        painter.setBrush(fill)
        painter.drawEllipse(middle, radius, radius)
        self._draw_words(painter, breath, QRectF(self.rect()))

    def _draw_bar(self, painter: QPainter, breath: Breath) -> None:
        # Words and bar belong together, away from the bar that counts the time of the step.
        words_px = 1.6 * painter.fontMetrics().height()
        top = (self.height() - words_px - _BAR_PX) / 2.0
        self._draw_words(painter, breath, QRectF(0.0, top, self.width(), words_px))
        width = _BAR_SHARE * self.width()
        bar = QRectF((self.width() - width) / 2.0, top + words_px, width, _BAR_PX)
        painter.setPen(QPen(QColor(self._theme.line), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        half = QRectF(bar)
        # Which half is filled says the phase once more, without words.
        half.setLeft(bar.center().x() if breath.fullness < 0.5 else bar.left())
        half.setWidth(bar.width() / 2.0)
        painter.fillRect(half, QColor(self._theme.skin))

    def _draw_words(self, painter: QPainter, breath: Breath, where: QRectF) -> None:
        painter.setPen(QColor(self._theme.text))
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, tr(breath_text(breath)))
