"""Jobs that may wait for the disk, one at a time, beside the thread that writes."""

import threading
from collections.abc import Callable
from typing import Protocol


class Beside(Protocol):
    """Runs one job at a time."""

    @property
    def busy(self) -> bool:
        """Whether the job still runs."""
        ...

    def run(self, job: Callable[[], None]) -> None:
        """Start a job; none may be running.

        Parameters
        ----------
        job : callable
            Must not raise.
        """
        ...


class Inline:
    """Runs a job at once, and is never busy."""

    busy = False

    def run(self, job: Callable[[], None]) -> None:
        """Run a job.

        Parameters
        ----------
        job : callable
            Must not raise.
        """
        job()


class OwnThread:
    """Runs each job in a thread of its own."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether the job still runs."""
        return self._thread is not None and self._thread.is_alive()

    def run(self, job: Callable[[], None]) -> None:
        """Start a job.

        Parameters
        ----------
        job : callable
            Must not raise.
        """
        # A daemon: a disk that never answers must not keep the program from ending.
        self._thread = threading.Thread(target=job, name="recorder disk", daemon=True)
        self._thread.start()
