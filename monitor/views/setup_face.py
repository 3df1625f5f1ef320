"""The set-up face: streams found, whose they are, and what the checks before the start say."""

from PySide6.QtWidgets import QLabel, QVBoxLayout

from monitor.views.actions import Send
from monitor.views.faces import Face, Scene
from monitor.views.theme import Theme


class SetupFace(Face):
    """Streams, people and checks before a recording.

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
        QVBoxLayout(self).addWidget(QLabel("SetupFace"))

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
