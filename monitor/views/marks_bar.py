"""The palette of events and judgements, and the last notes."""

from PySide6.QtWidgets import QLabel, QVBoxLayout

from monitor.views.actions import Send
from monitor.views.faces import Part, Scene
from monitor.views.theme import Theme


class MarksBar(Part):
    """Buttons and keys for notes.

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
        QVBoxLayout(self).addWidget(QLabel("MarksBar"))

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown.
        """
