"""The time line of the whole recording, on whichever board is shown."""

from threading import Lock

from monitor.board.past import ReplayBoard
from monitor.core.results import Result


class Overview:
    """Hands the readings of the runs to the board that is shown.

    Parameters
    ----------
    board : ReplayBoard
        The first board.
    """

    def __init__(self, board: ReplayBoard) -> None:
        self._board = board
        self._lock = Lock()

    def note(self, results: list[Result], variant: int) -> None:
        """Take readings of a run.

        Parameters
        ----------
        results : list of Result
            Readings and revocations.
        variant : int
            Which of the runs.
        """
        with self._lock:
            self._board.note_overview(results, variant)

    def finish(self) -> None:
        """Write the last cells of a run that is complete."""
        with self._lock:
            self._board.finish_overview()

    def move(self, board: ReplayBoard) -> None:
        """Let another board have it from now on.

        Parameters
        ----------
        board : ReplayBoard
            The board that will be shown.
        """
        with self._lock:
            board.take_overview(self._board)
            self._board = board
