"""Parts of the calibration window: ratings, quality, and the result before it is accepted."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from monitor.board.session_views import QualityView, ResultView
from monitor.views.calibrate.keys import ASKS
from monitor.views.calibrate.series import SeriesPanel
from monitor.views.calibrate.words import QUESTIONS, RESULT_TITLE, WORDS
from monitor.views.lines import tr
from monitor.views.theme import Theme

_MAX_LINES = 5
_COLUMNS = 2


def enlarge(label: QLabel, factor: float) -> None:
    """Enlarge the letters of a label.

    Parameters
    ----------
    label : QLabel
        The label.
    factor : float
        Times its present size.
    """
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * factor)
    label.setFont(font)


def plain(name: str = "", *, scale: float = 1.0) -> QLabel:
    """Make a label of plain text.

    Parameters
    ----------
    name : str, default ''
        Name for the style sheet.
    scale : float, default 1.0
        Size of its letters, times the usual.

    Returns
    -------
    QLabel
        The label.
    """
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    enlarge(label, scale)
    return label


class RatingRow(QFrame):
    """A question with buttons from 0 to 10.

    Parameters
    ----------
    name : str
        What is rated: ``tension`` or ``present``.
    """

    rated = Signal(str, float)
    """Name and value of a rating."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.buttons: list[QPushButton] = []
        self.question = plain(scale=1.15)
        self.question.setText(tr(QUESTIONS[name]))
        row = QHBoxLayout()
        row.setSpacing(3)
        for value in range(11):
            button = QPushButton(str(value))
            button.setAccessibleName(tr(WORDS["rate_value"]).format(what=tr(ASKS[name]), value=value))
            button.setMinimumWidth(24)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._sender(value))
            row.addWidget(button)
            self.buttons.append(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.addWidget(self.question)
        layout.addLayout(row)

    def _sender(self, value: int) -> Callable[[], None]:
        return lambda: self.rated.emit(self.name, float(value))


class QualityLines(QWidget):
    """What is said of the signals, one line each."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.lines = [plain(scale=1.3) for _ in range(_MAX_LINES)]
        for line in self.lines:
            layout.addWidget(line)
        layout.addStretch(1)

    def show_quality(self, quality: Sequence[QualityView]) -> None:
        """Show the lines, the first few of them.

        Parameters
        ----------
        quality : sequence of QualityView
            Lines; a mark in front tells whether it will do, so that nothing rests on colour.
        """
        for i, label in enumerate(self.lines):
            line = quality[i] if i < len(quality) else None
            text = f"{'✓' if line['good'] else '–'} {tr(line['text'])}" if line is not None else ""
            if label.text() != text:
                label.setText(text)
            label.setVisible(bool(text))


class ResultPanel(QWidget):
    """What would be kept, to be looked at before it is accepted.

    Parameters
    ----------
    theme : Theme
        Colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: ResultView | None = None
        self.plots: list[SeriesPanel] = []
        self.title, self.lines = plain("title", scale=1.3), plain(scale=1.15)
        self.problem, self.legend = plain("banner", scale=1.15), plain("dim")
        self.legend.setText(tr(WORDS["legend"]))
        self._grid = QGridLayout()
        words = QVBoxLayout()
        words.addWidget(self.title)
        words.addWidget(self.lines)
        words.addStretch(1)
        curves = QVBoxLayout()
        curves.addLayout(self._grid, 1)
        curves.addWidget(self.legend)
        body = QHBoxLayout()
        body.setSpacing(24)
        body.addLayout(words, 2)
        body.addLayout(curves, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.problem)
        layout.addLayout(body, 1)

    def show_result(self, result: ResultView) -> None:
        """Show a result, at no cost when it is already there.

        Parameters
        ----------
        result : ResultView
            The result.
        """
        if result == self._shown:
            return
        self._shown = result
        self.title.setText(tr(WORDS["refused"] if result["problem"] else RESULT_TITLE))
        self.legend.setVisible(any(series["mean"] is not None for series in result["series"]))
        self.lines.setText("\n\n".join(tr(line) for line in result["lines"]))
        self.problem.setText(result["problem"])
        self.problem.setVisible(bool(result["problem"]))
        for plot in self.plots:
            self._grid.removeWidget(plot)
            plot.deleteLater()
        self.plots = [SeriesPanel(series, self._theme) for series in result["series"]]
        for i, plot in enumerate(self.plots):
            self._grid.addWidget(plot, i // _COLUMNS, i % _COLUMNS)
