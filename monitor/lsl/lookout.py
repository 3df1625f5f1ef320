"""Every stream that is there, each by itself: for looking at them before anything is recorded."""

import itertools
import queue
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from monitor.core.recognition import is_audio
from monitor.lsl.advert import Advert, stream_info
from monitor.lsl.binding import local_clock
from monitor.lsl.discovery import Discovery
from monitor.lsl.supervisor import Message, Supervisor

_END_WITHIN_S = 1.5


class Seen(NamedTuple):
    """Something that came from one outlet.

    Parameters
    ----------
    uid : str
        The outlet.
    message : Message
        What came.
    """

    uid: str
    message: Message


class Lookout:
    """Connects every outlet it finds, verifies it as a session would, and hands on what it sends.

    Unlike in a session each outlet is a stream of its own from its appearance to its end: nothing is pinned, so that
    a sender that was corrected and started anew is judged anew, and none stands in for another.

    Parameters
    ----------
    clock : callable, default local_clock
        The monitor's clock, in the time of the stamps.
    clock_tolerance_s : float, default 5.0
        Furthest the newest stamp of a stream may be from `clock` when it is opened.
    """

    def __init__(self, *, clock: Callable[[], float] = local_clock, clock_tolerance_s: float = 5.0) -> None:
        self.clock = clock
        self._tolerance_s = clock_tolerance_s
        self._discovery = Discovery()
        self._queue: queue.SimpleQueue[Seen] = queue.SimpleQueue()
        self._ids = itertools.count(1)
        self._supervisors: dict[str, Supervisor] = {}
        self._leaving: list[Supervisor] = []

    def start(self) -> None:
        """Begin to look."""
        self._discovery.start()

    def update(self) -> tuple[Advert, ...]:
        """Connect what is new, and let go what is gone.

        Returns
        -------
        tuple of Advert
            The outlets that are present, oldest first; sound is left out.
        """
        present = tuple(advert for advert in self._discovery.adverts if not _is_sound(advert))
        uids = {advert.uid for advert in present}
        for uid in [uid for uid in self._supervisors if uid not in uids]:
            leaving = self._supervisors.pop(uid)
            leaving.end()
            self._leaving.append(leaving)
        self._leaving = [supervisor for supervisor in self._leaving if not supervisor.join(0.0)]
        for advert in present:
            if advert.uid not in self._supervisors:
                self._supervise(advert)
        return present

    def take(self) -> list[Seen]:
        """Return what has come since the last call.

        Returns
        -------
        list of Seen
            In order of arrival.
        """
        return [self._queue.get() for _ in range(self._queue.qsize())]

    def state(self, uid: str) -> str:
        """Tell how the connection to an outlet is.

        Parameters
        ----------
        uid : str
            The outlet.

        Returns
        -------
        str
            As `Supervisor.state`; ``lost`` for an outlet that is gone.
        """
        supervisor = self._supervisors.get(uid)
        return "lost" if supervisor is None else supervisor.state

    def offset_s(self, uid: str) -> float:
        """Tell the newest clock offset of an outlet.

        Parameters
        ----------
        uid : str
            The outlet.

        Returns
        -------
        float
            Seconds; NaN while it could not be measured.
        """
        supervisor = self._supervisors.get(uid)
        return float("nan") if supervisor is None else supervisor.offset_s

    def doubles(self) -> frozenset[str]:
        """Tell which outlets cannot be told apart from another one.

        Returns
        -------
        frozenset of str
            Their uids.
        """
        return frozenset(advert.uid for group in self._discovery.duplicates() for advert in group)

    @property
    def refused(self) -> dict[str, str]:
        """Problem by title for streams that may not be connected."""
        return self._discovery.refused

    @property
    def n_left_out(self) -> int:
        """Streams beyond the first 64."""
        return self._discovery.n_left_out

    def stop(self) -> None:
        """Disconnect from everything; an inlet whose thread hangs in liblsl is left alone."""
        everybody = [*self._leaving, *self._supervisors.values()]
        for supervisor in everybody:
            supervisor.end()
        share_s = _END_WITHIN_S / max(1, len(everybody))
        slow = [supervisor for supervisor in everybody if not supervisor.join(share_s)]
        for supervisor in slow:
            supervisor.join(0.1)
        self._supervisors, self._leaving = {}, []
        self._discovery.stop()

    def _supervise(self, advert: Advert) -> None:
        supervisor = self._supervisors[advert.uid] = Supervisor(
            advert,
            emit=partial(self._note, advert.uid),
            new_id=self._ids.__next__,
            clock=self.clock,
            # An outlet that did not answer in time may be asked again; nobody else may continue it.
            present=lambda: [other for other in self._discovery.adverts if other.uid == advert.uid],
            tolerance_s=self._tolerance_s,
        )
        supervisor.start()

    def _note(self, uid: str, message: Message) -> None:
        self._queue.put(Seen(uid, message))


def _is_sound(advert: Advert) -> bool:
    return is_audio(stream_info(advert, "<info/>", 0))
