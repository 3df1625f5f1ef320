"""Which streams are there: a thread that asks liblsl, checks each answer and keeps a short list."""

import math
import threading

from monitor.core.recognition import is_audio
from monitor.lsl.advert import Advert, problem_of, stream_info
from monitor.lsl.binding import Resolver

MAX_STREAMS = 64
FORGET_AFTER_S = 3.0
_PERIOD_S = 0.1
_OWN = "attune-"


def _is_sound(advert: Advert) -> bool:
    return math.isfinite(advert.nominal_rate_hz) and is_audio(stream_info(advert, "<info/>", 0))


class Discovery:
    """Keeps the list of streams that are present and fit to be connected.

    Attributes
    ----------
    adverts : tuple of Advert
        Present streams that passed the check, at most 64, oldest first. Replaced, never changed.
    refused : dict of str to str
        Problem by title for streams that did not pass. Replaced, never changed.
    n_left_out : int
        Streams beyond the first 64.
    """

    def __init__(self) -> None:
        self.adverts: tuple[Advert, ...] = ()
        self.refused: dict[str, str] = {}
        self.n_left_out = 0
        self._ended = threading.Event()
        self._resolver: Resolver | None = None
        self._thread = threading.Thread(target=self._run, name="lsl-discovery", daemon=True)

    def start(self) -> None:
        """Begin to look; more than once does nothing."""
        if self._resolver is None:
            self._resolver = Resolver(FORGET_AFTER_S)
            self._thread.start()

    def stop(self) -> None:
        """Stop looking and wait for the thread."""
        self._ended.set()
        if self._resolver is not None:
            self._thread.join(timeout=2.0)
            if not self._thread.is_alive():
                self._resolver.close()

    def duplicates(self) -> list[tuple[Advert, ...]]:
        """Group the streams that cannot be told apart by name, type, source id and host.

        Returns
        -------
        list of tuple of Advert
            Groups of two or more.
        """
        groups: dict[tuple[str, str, str, str], list[Advert]] = {}
        for advert in self.adverts:
            groups.setdefault(advert.label, []).append(advert)
        return [tuple(group) for group in groups.values() if len(group) > 1]

    def _run(self) -> None:
        while not self._ended.wait(_PERIOD_S):
            if self._resolver is not None:
                self._take(self._resolver.results())

    def _take(self, found: list[Advert]) -> None:
        """Check what was found; streams already listed keep their place."""
        present = {advert.uid: advert for advert in found}
        kept = [advert for advert in self.adverts if advert.uid in present]
        known = {advert.uid for advert in kept}
        refused: dict[str, str] = {}
        for uid, advert in present.items():
            if uid in known or advert.type.startswith(_OWN):
                continue
            # Sound is fast; it is kept in the list to be left out by what it is, not by its rate.
            problem = problem_of(advert._replace(nominal_rate_hz=0.0) if _is_sound(advert) else advert)
            if not problem:
                kept.append(advert)
            elif len(refused) < MAX_STREAMS:
                refused[ascii(advert.title[:80])[1:-1]] = problem
        self.n_left_out = max(0, len(kept) - MAX_STREAMS)
        self.adverts = tuple(kept[:MAX_STREAMS])
        self.refused = refused
