"""The window-of-tolerance face: band over time, and the plane of vagal and electrodermal scores."""

from PySide6.QtWidgets import QLabel, QVBoxLayout

from monitor.views.actions import Send
from monitor.views.faces import Face, Scene
from monitor.views.theme import Theme


class PlaneFace(Face):
    """Band and plane of each person.

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
        QVBoxLayout(self).addWidget(QLabel("PlaneFace"))

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
