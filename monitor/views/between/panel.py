"""The panel between two people: how they moved together so far, always over what chance gives."""

import math
import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from monitor.board.gate import Hold
from monitor.board.snapshot import Snapshot, SynchronyView
from monitor.views.between.dyads import Dyad, dyads_of
from monitor.views.between.plot import ChancePlot
from monitor.views.between.words import SIGNALS, WORDS, pairs_text, synchrony_text
from monitor.views.lines import Line, Said, tr
from monitor.views.people import Person
from monitor.views.theme import Theme
from monitor.views.traces import Traces

_UNBROKEN = re.compile(r"(?<=\d) (?=(?:min|s|h|of)\b)|(?<=\bof) (?=\d)|(?<=\bz) (?=[−\d])")
"""The space between a number and what belongs to it."""


class SignalPanel(QWidget):
    """One signal of a dyad: the line over its chance band, and what is said of it.

    Parameters
    ----------
    signal : str
        ``eda`` or ``ibi``.
    """

    def __init__(self, signal: str) -> None:
        super().__init__()
        self.signal = signal
        self.title = Line("dim")
        self.title.put(tr(SIGNALS[signal]))
        self.plot = ChancePlot()
        self.sentence, self.details = Said("sentence"), Said("dim")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.sentence)
        layout.addWidget(self.details)
        self._codes = ("", "")
        self._reading: SynchronyView | None = None
        self._present = False
        self._shown_s = -math.inf
        self._drawn: tuple[object, ...] = ()

    def show_dyad(self, dyad: Dyad, blank: str) -> None:
        """Take the newest reading.

        Parameters
        ----------
        dyad : Dyad
            Who is looked at.
        blank : str
            When not empty, nothing is known but this reason.
        """
        text = synchrony_text(dyad, self.signal, blank, tr)
        self.sentence.put(_UNBROKEN.sub("\u00a0", text.sentence))
        self.details.put(_UNBROKEN.sub("\u00a0", " · ".join(text.details)))
        self.plot.setAccessibleName(f"{dyad.name}: {text.line}")
        reading = dyad.readings.get(self.signal)
        known = self._reading is not None and self._codes == dyad.codes and reading is not None
        if not known or (
            reading is not None and self._reading is not None and reading["t_s"] < self._reading["t_s"]
        ):
            # Another pair, or an engine that was started again and counts from the beginning.
            self._shown_s = -math.inf
        self._codes, self._reading = dyad.codes, reading
        self._present = reading is not None and not blank and not reading["hold"]
        if reading is not None and not (blank and reading["hold"] != Hold.ENDED):
            self._shown_s = max(self._shown_s, _last_shown(reading))

    def forget(self) -> None:
        """Keep no word of a dyad that is not to be seen."""
        for line in (self.sentence, self.details):
            line.put("")
        self.plot.setAccessibleName("")

    def draw(self, traces: Traces) -> None:
        """Draw the line, only when a reading came or the gate has opened or closed.

        Parameters
        ----------
        traces : Traces
            Display data.
        """
        version = traces.version(*self._codes, self.signal)
        key = (self._codes, version, self._present, self._shown_s)
        if key == self._drawn:
            return
        self._drawn = key
        rows = traces.synchrony(*self._codes, self.signal)
        # What the gate keeps back is not shown in the line either.
        self.plot.draw(rows[:, rows[0] <= self._shown_s], present=self._present)


def _last_shown(reading: SynchronyView) -> float:
    """Return the newest moment of the line that rests on data which were there in time."""
    if reading["hold"] == Hold.STALE and reading["since_s"] is not None:
        return reading["since_s"]
    # A reading that is not renewed, and those of a session that has ended, were shown in their time.
    return reading["t_s"] if reading["hold"] in {Hold.NONE, Hold.OUTDATED, Hold.ENDED} else -math.inf


class BetweenPanel(QFrame):
    """Synchrony of one pair of people; with more than two, any pair can be chosen.

    Parameters
    ----------
    theme : Theme
        Colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("column")
        self.setMinimumWidth(300)
        self.title = Line("title")
        self.chooser = QComboBox()
        self.chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.chooser.setAccessibleName(tr("pair of people"))
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.activated.connect(self._choose)
        self.choose_label = QLabel(tr(WORDS["choose"]))
        self.choose_label.setObjectName("dim")
        self.choose_label.setBuddy(self.chooser)
        self.signals = {signal: SignalPanel(signal) for signal in SIGNALS}
        self.pairs, self.caption = Said("dim"), Said("dim")
        self.caption.put(tr(WORDS["caption"]))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.choose_label)
        head.addWidget(self.chooser)
        layout.addLayout(head)
        for panel in self.signals.values():
            layout.addWidget(panel, 1)
        layout.addWidget(self.pairs)
        layout.addWidget(self.caption)
        self._chosen: frozenset[str] = frozenset()
        self._dyads: list[Dyad] = []
        self._blank = ""
        self.paint_with(theme)

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """
        for panel in self.signals.values():
            panel.plot.paint_with(theme)

    def show_people(self, snapshot: Snapshot, people: list[Person], blank: str) -> None:
        """Show everything but the lines; with one person alone the panel goes away.

        Parameters
        ----------
        snapshot : Snapshot
            Newest snapshot.
        people : list of Person
            Its people.
        blank : str
            When not empty, nothing is known but this reason.
        """
        self._dyads, self._blank = dyads_of(snapshot, people), blank
        if self.isHidden() == bool(self._dyads):
            self.setVisible(bool(self._dyads))
        if not self._dyads:
            self.forget()
            return
        many = len(self._dyads) > 1
        self._offer([d.name for d in self._dyads], many=many)
        parts = [] if blank or not many else [pairs_text(snapshot["synchrony"], s, tr) for s in SIGNALS]
        self.pairs.put("\n".join(filter(None, parts)))
        self._show()

    def forget(self) -> None:
        """Keep no word of people who are not to be seen, for a screen reader either."""
        if self.title.text():
            for line in (self.title, self.pairs):
                line.put("")
            self.chooser.clear()
            for panel in self.signals.values():
                panel.forget()

    def _offer(self, names: list[str], *, many: bool) -> None:
        if [self.chooser.itemText(i) for i in range(self.chooser.count())] != names:
            self.chooser.clear()
            self.chooser.addItems(names)
        for widget in (self.chooser, self.choose_label):
            if widget.isHidden() == many:
                widget.setVisible(many)

    def _choose(self, index: int) -> None:
        self._chosen = frozenset(self._dyads[index].codes) if index < len(self._dyads) else frozenset()
        self._show()

    def _show(self) -> None:
        index = next((i for i, d in enumerate(self._dyads) if frozenset(d.codes) == self._chosen), 0)
        if self.chooser.currentIndex() != index:
            self.chooser.setCurrentIndex(index)
        dyad = self._dyads[index]
        self.title.put(tr(WORDS["title"]) if len(self._dyads) > 1 else f"{tr(WORDS['title'])}  {dyad.name}")
        for panel in self.signals.values():
            panel.show_dyad(dyad, self._blank)

    def draw(self, traces: Traces) -> None:
        """Draw the lines that have changed.

        Parameters
        ----------
        traces : Traces
            Display data.
        """
        if not self.isHidden():
            for panel in self.signals.values():
                panel.draw(traces)
