"""Notes made where their bar is left out: it is shown while something is typed, and what it says is said above."""

import math
from collections.abc import Callable

from monitor.views.actions import Action
from monitor.views.notes.bar import MarksBar

NOTED_S = 3.0
"""Within this a note asked for is confirmed or it is not."""


class Noted:
    """Confirms notes of a hidden bar.

    Parameters
    ----------
    bar : MarksBar
        The bar of notes.
    say : callable
        Takes what the user should read.
    refresh : callable
        Shows at once what has changed.
    clock : callable
        Seconds.
    """

    def __init__(
        self,
        bar: MarksBar,
        *,
        say: Callable[[str], object],
        refresh: Callable[[], object],
        clock: Callable[[], float],
    ) -> None:
        self._bar, self._say, self._refresh, self._clock = bar, say, refresh, clock
        self._pressed_s = -math.inf
        self._before = ""

    @property
    def writing(self) -> bool:
        """Whether something is being typed."""
        return not self._bar.line.isHidden()

    def actions(self) -> list[Action]:
        """Return what can be done to notes by key.

        Returns
        -------
        list of Action
            Those of the bar, which is there while they are done.
        """

        def _watched(action: Action) -> Action:
            return action._replace(do=lambda: self._do(action))

        return [_watched(action) for action in self._bar.key_actions()]

    def _do(self, action: Action) -> None:
        self._pressed_s, self._before = self._clock(), self._bar.said.text()
        # A line that is not shown could not take the focus.
        self._bar.show()
        action.do()
        self._refresh()

    def look(self, now_s: float) -> None:
        """Say what the bar says of a note just asked for, if the bar cannot be seen.

        Parameters
        ----------
        now_s : float
            Seconds.
        """
        said = self._bar.said.text()
        if self._bar.isHidden() and said != self._before and now_s - self._pressed_s < NOTED_S:
            self._pressed_s = -math.inf
            self._say(said)
