"""Where a replay is between its steps; told what time it is, it reads no clock."""

import math


class Playhead:
    """A position that moves while it plays.

    Parameters
    ----------
    speed : float
        Session seconds per second; infinity does not wait at all.
    playing : bool
        Whether it moves.

    Attributes
    ----------
    speed : float
        Session seconds per second.
    playing : bool
        Whether it moves.
    """

    def __init__(self, *, speed: float, playing: bool) -> None:
        self.speed = speed
        self.playing = playing
        self._position_s = 0.0
        self._since_s = 0.0

    def at(self, now_s: float) -> float:
        """Return the position.

        Parameters
        ----------
        now_s : float
            Any clock in seconds, the same for all calls.

        Returns
        -------
        float
            Session seconds; infinity while it plays without waiting.
        """
        if not self.playing:
            return self._position_s
        if math.isinf(self.speed):
            return math.inf
        return self._position_s + max(now_s - self._since_s, 0.0) * self.speed

    def move(self, now_s: float, position_s: float) -> None:
        """Go somewhere.

        Parameters
        ----------
        now_s : float
            The clock.
        position_s : float
            Session seconds.
        """
        self._position_s, self._since_s = position_s, now_s

    def play(self, now_s: float, *, playing: bool, speed: float | None = None) -> None:
        """Play, stop or change speed where it is.

        Parameters
        ----------
        now_s : float
            The clock.
        playing : bool
            Whether it moves from now on.
        speed : float, optional
            Session seconds per second; by default unchanged.
        """
        position_s = self.at(now_s)
        self.move(now_s, self._position_s if math.isinf(position_s) else position_s)
        self.playing = playing
        self.speed = self.speed if speed is None else speed
