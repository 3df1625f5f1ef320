"""Translated text, and lines of it that never widen the window."""

from html import escape

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QTableWidgetItem, QWidget


def tr(text: str) -> str:
    """Translate a text of the tables.

    Parameters
    ----------
    text : str
        English text, which is its own key.

    Returns
    -------
    str
        The text in the language of the user.
    """
    return QCoreApplication.translate("attune", text) if text else ""


def show_part(part: QWidget, *, shown: bool) -> None:
    """Show or hide a part; one that has no place yet comes with what it is put into.

    Parameters
    ----------
    part : QWidget
        A part of a window. Shown without a parent it would be a window of its own, which flashes and takes the
        keyboard away.
    shown : bool
        Whether it is to be seen.
    """
    if shown and part.parentWidget() is None:
        part.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
    else:
        part.setVisible(shown)


def put_tip(owner: QWidget | QTableWidgetItem, text: str) -> None:
    """Give a tooltip its text, at no cost when it is already there.

    Parameters
    ----------
    owner : QWidget or QTableWidgetItem
        Whose tooltip.
    text : str
        Any text, also from outside: it is shown as it is, where Qt would take some texts for markup.
    """
    tip = f"<qt>{escape(text, quote=False)}</qt>" if text else ""
    if tip != owner.toolTip():
        owner.setToolTip(tip)


class Line(QLabel):
    """One line of plain text that is cut with an ellipsis and never widens its parent.

    Parameters
    ----------
    name : str, default ''
        Name for the style sheet.
    brief : bool, default False
        Whether a text that is too long is cut at its colon, so that no half of a reason is left.
    """

    def __init__(self, name: str = "", *, brief: bool = False) -> None:
        super().__init__()
        self._brief = brief
        self._short = ""
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def put(self, text: str, short: str = "") -> None:
        """Show a text, at no cost when it is already there.

        Parameters
        ----------
        text : str
            The text.
        short : str, default ''
            Drawn in its place when it is too long.
        """
        self._short = short
        if text != self.text():
            self.setText(text)
            put_tip(self, text)

    def minimumSizeHint(self) -> QSize:
        """Return the height of a line and no width.

        Returns
        -------
        QSize
            Smallest size.
        """
        return QSize(0, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - the signature is Qt's
        """Draw the text, cut to the width.

        Parameters
        ----------
        event : QPaintEvent
            Not used.
        """
        metrics, text = QFontMetrics(self.font()), self.text()
        if self._brief and metrics.horizontalAdvance(text) > self.width():
            text = text.partition(":")[0]
        if self._short and metrics.horizontalAdvance(text) > self.width():
            text = self._short
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        # Qt does not survive a painter that is left open.
        with QPainter(self) as painter:
            painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)


class Said(QLabel):
    """Plain text over as many lines as it needs, which never widens its parent and never is cut.

    Parameters
    ----------
    name : str, default ''
        Name for the style sheet.
    """

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def put(self, text: str) -> None:
        """Show a text, at no cost when it is already there; an empty one takes no room.

        Parameters
        ----------
        text : str
            The text.
        """
        if text != self.text():
            self.setText(text)
        if self.isHidden() != (not text):
            show_part(self, shown=bool(text))

    def hasHeightForWidth(self) -> bool:
        """Hide from Qt that the height follows the width.

        A scroll area gives a layout that says so the height it would like to have instead of the one it can do
        with, and scrolls where nothing needs to be scrolled.

        Returns
        -------
        bool
            Always false; the height follows all the same, by `sizeHint`.
        """
        return False

    def sizeHint(self) -> QSize:
        """Return the height of the text at the present width.

        Returns
        -------
        QSize
            Wished size.
        """
        return QSize(0, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Return the same.

        Returns
        -------
        QSize
            Smallest size.
        """
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height when the width has changed.

        Parameters
        ----------
        event : QResizeEvent
            The new size.
        """
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
