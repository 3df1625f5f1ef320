"""The time line of the whole session; in a replay it is the scrubber."""

from PySide6.QtWidgets import QLabel, QVBoxLayout

from monitor.views.actions import Send
from monitor.views.faces import Part, Scene
from monitor.views.theme import Theme


class TimelineBar(Part):
    """Bands, excursions, notes and gaps over the whole session.

    Parameters
    ----------
    theme : Theme
        Colours.
    send : callable
        Takes commands.
    """

    def __init__(self, theme: Theme, send: Send) -> None:
        super().__init__()
        self._theme = theme
        self._send = send
        QVBoxLayout(self).addWidget(QLabel("TimelineBar"))

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
