"""What every face of the window is and is given."""

from collections.abc import Collection
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from monitor.board.snapshot import Snapshot
from monitor.views.actions import Action
from monitor.views.people import Person
from monitor.views.theme import Theme
from monitor.views.traces import Traces


class Scene(NamedTuple):
    """What is to be shown, five times a second.

    Parameters
    ----------
    snapshot : Snapshot
        The newest.
    people : list of Person
        Those who may be seen, in the order of the columns.
    blank : str
        When not empty, no number is shown but this reason.
    recording : bool
        Whether the engine records now, and takes commands about people.
    """

    snapshot: Snapshot
    people: list[Person]
    blank: str
    recording: bool


class Part(QWidget):
    """A part of the window: a face, or a bar below it."""

    def show_scene(self, scene: Scene) -> None:
        """Take the newest state.

        Parameters
        ----------
        scene : Scene
            What is to be shown; people who are not in it are not to be seen.
        """
        raise NotImplementedError

    def draw(self, traces: Traces, right_s: float, *, slow: bool) -> None:
        """Draw what moves, at every frame.

        Parameters
        ----------
        traces : Traces
            Display data.
        right_s : float
            Session time in seconds at the right edge.
        slow : bool
            True five times a second.
        """

    def paint_with(self, theme: Theme) -> None:
        """Take the colours of a theme.

        Parameters
        ----------
        theme : Theme
            Colours.
        """

    def key_actions(self) -> list[Action]:
        """Return what can be done here, by key.

        Returns
        -------
        list of Action
            Each with a key of its own.
        """
        return []


class Face(Part):
    """One way of showing the session; the window shows one at a time.

    Attributes
    ----------
    bare : bool
        Whether notes, time line and table of streams are to be left out below it.
    """

    bare = False

    def forget(self, codes: Collection[str]) -> None:
        """Leave no word of people who are not to be seen, neither on the screen nor for a screen reader.

        Parameters
        ----------
        codes : collection of str
            Who; they may come back.
        """
