"""The transport of a replay: play, speed, jumps, comparison."""

from PySide6.QtWidgets import QLabel, QVBoxLayout

from monitor.views.actions import Send
from monitor.views.faces import Part, Scene
from monitor.views.theme import Theme


class TransportBar(Part):
    """Buttons and keys of a replay.

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
        QVBoxLayout(self).addWidget(QLabel("TransportBar"))

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
