"""The button with which a therapist takes the level of a person anew."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from monitor.board.snapshot import ZoneView
from monitor.views.bands.words import LEVEL_HINT, LEVEL_START, LEVEL_STOP, OPENING
from monitor.views.lines import put_tip, tr

Send = Callable[[str, str], object]
"""Takes the name of a command and the code it is about."""


class LevelButton(QPushButton):
    """Begins and ends a pause of 60 to 120 s from which the level is taken anew.

    Shown only while the engine records and the person is calibrated.

    Parameters
    ----------
    code : str
        The participant.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        super().__init__(tr(LEVEL_START), parent)
        self._code = code
        self._send: Send | None = None
        self._taking = False
        self.setFlat(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        put_tip(self, tr(LEVEL_HINT))
        self.setAccessibleName(f"{code}: {tr(LEVEL_START)}")
        self.clicked.connect(self._ask)
        self.hide()

    def connect_to(self, send: Send | None) -> None:
        """Say who takes the command.

        Parameters
        ----------
        send : callable or None
            None hides the button: nobody would listen.
        """
        self._send = send

    def show_zone(self, zone: ZoneView | None) -> None:
        """Take the newest reading.

        Parameters
        ----------
        zone : ZoneView or None
            None where nothing is known.
        """
        calibrated = zone is not None and zone["upper_mean"] is not None and not zone["hold"]
        self._taking = zone is not None and zone["note"] == OPENING
        words = tr(LEVEL_STOP if self._taking else LEVEL_START)
        if self.text() != words:
            self.setText(words)
            self.setAccessibleName(f"{self._code}: {words}")
        self.setVisible(calibrated and self._send is not None)

    def _ask(self) -> None:
        if self._send is not None:
            self._send("level_stop" if self._taking else "level_start", self._code)
