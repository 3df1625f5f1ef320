"""Which outlet may continue a stream: the only one of its name, and never one that stood beside it."""

from collections.abc import Callable, Iterable

from monitor.lsl.advert import Advert


class Succession:
    """Knows the outlets that were this stream, and those that only pretended to be.

    Parameters
    ----------
    advert : Advert
        The stream as first found.
    present : callable
        Lists the streams now present.
    """

    __slots__ = ("_advert", "_present", "_rivals", "_used")

    def __init__(self, advert: Advert, present: Callable[[], Iterable[Advert]]) -> None:
        self._advert = advert
        self._present = present
        self._used: frozenset[str] = frozenset({advert.uid})
        self._rivals: set[str] = set()

    def use(self, advert: Advert) -> None:
        """Note that an outlet is being connected.

        Parameters
        ----------
        advert : Advert
            The outlet.
        """
        self._used |= {advert.uid}

    def retry(self, advert: Advert) -> None:
        """Note that an outlet did not answer and may be tried again.

        Parameters
        ----------
        advert : Advert
            The outlet.
        """
        self._used -= {advert.uid}

    def knows(self, advert: Advert) -> bool:
        """Tell whether an outlet is or was this stream.

        Parameters
        ----------
        advert : Advert
            An outlet.

        Returns
        -------
        bool
            Whether it was connected here or is the first one.
        """
        return advert.uid in self._used or advert.uid == self._advert.uid

    def new_rivals(self) -> list[Advert]:
        """Find outlets that call themselves like this stream while it is alive.

        Returns
        -------
        list of Advert
            Those not reported before. They never take the place of the stream.
        """
        found = [advert for advert in self.others() if advert.uid not in self._rivals]
        self._rivals.update(advert.uid for advert in found)
        return found

    def others(self) -> list[Advert]:
        """List the outlets present that call themselves like this stream and are not it.

        Returns
        -------
        list of Advert
            Returned or rival outlets.
        """
        return [a for a in self._present() if a.label == self._advert.label and a.uid not in self._used]

    def successor(self) -> Advert | None:
        """Find the outlet that continues the stream.

        Healing after an outage of the network, a second inlet beside the silent one, has its place here: it
        needs the outlet with the *same* uid to be offered again.

        Returns
        -------
        Advert or None
            None when there is none, or more than one.
        """
        others = [advert for advert in self.others() if advert.uid not in self._rivals]
        return others[0] if len(others) == 1 else None
