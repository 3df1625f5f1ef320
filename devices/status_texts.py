"""The texts of a status stream: worded, at most five a second, what is more joined into one."""

import math
from collections import deque
from typing import Protocol

from devices.status import event_text

MOST_PER_S = 5
"""Most texts in any second; a reader shows them to people."""

LONGEST_TEXT = 600
"""Most characters of a readable text; a message may quote what a device said."""


class Texts(Protocol):
    """An outlet for texts, as `devices.outlet.TextOutlet` is one."""

    def push(self, text: str, stamp_s: float) -> None:
        """Send one text.

        Parameters
        ----------
        text : str
            What to send.
        stamp_s : float
            Its time.
        """
        ...

    def has_consumers(self) -> bool:
        """Tell whether anyone is connected.

        Returns
        -------
        bool
            True while at least one reader is.
        """
        ...

    def close(self) -> None:
        """Withdraw the stream."""
        ...


class StatusTexts:
    """Writes the events of one device into its status stream.

    Parameters
    ----------
    outlet : Texts
        Where to.
    """

    def __init__(self, outlet: Texts) -> None:
        self._outlet = outlet
        self._sent_s: deque[float] = deque(maxlen=MOST_PER_S)
        self._waiting: dict[tuple[str, str], dict[str, object]] = {}

    def say(self, now_s: float, event: str, text: str, **facts: object) -> None:
        """Tell of an event, at once or as soon as the second has room.

        Of several that wait, those of the same event and stream become one: the newest facts, except that counts
        add up, the stretch runs from the first start to the last stop, and ``n_joined`` says how many they were.

        Parameters
        ----------
        now_s : float
            Time now.
        event : str
            Kind of event, as `devices.status.event_text` lists them.
        text : str
            The same for people.
        **facts : object
            What belongs to it. A number that is not finite becomes null.
        """
        key = (event, str(facts.get("stream", "")))
        entry: dict[str, object] = {name: _sayable(fact) for name, fact in facts.items()}
        earlier = self._waiting.pop(key, None)
        self._waiting[key] = _joined(earlier, entry) | {"text": text[:LONGEST_TEXT]}
        self.flush(now_s)

    def flush(self, now_s: float) -> None:
        """Send what waits, as far as the second has room.

        Parameters
        ----------
        now_s : float
            Time now.
        """
        while self._waiting and self._has_room(now_s):
            key = next(iter(self._waiting))
            self._send(now_s, key[0], self._waiting.pop(key))

    def has_readers(self) -> bool:
        """Tell whether anyone reads.

        Returns
        -------
        bool
            True while at least one reader is connected.
        """
        return self._outlet.has_consumers()

    def close(self, now_s: float) -> None:
        """Send everything that waits; the outlet is the caller's to close.

        Parameters
        ----------
        now_s : float
            Time now.
        """
        while self._waiting:
            key = next(iter(self._waiting))
            self._send(now_s, key[0], self._waiting.pop(key))

    def _has_room(self, now_s: float) -> bool:
        return len(self._sent_s) < MOST_PER_S or now_s - self._sent_s[0] >= 1.0

    def _send(self, now_s: float, event: str, entry: dict[str, object]) -> None:
        stamp_s = now_s
        if self._sent_s and stamp_s <= self._sent_s[-1]:
            stamp_s = math.nextafter(self._sent_s[-1], math.inf)
        self._sent_s.append(stamp_s)
        if "n_joined" in entry:
            n_samples = f", {entry['n_samples']} samples in all" if entry.get("n_samples") else ""
            entry["text"] = f"{entry['text']} ({entry['n_joined']} such events in short time{n_samples})"
        self._outlet.push(event_text(event, **entry), stamp_s)


def _sayable(fact: object) -> object:
    """Keep NaN and infinity out of JSON."""
    return None if isinstance(fact, float) and not math.isfinite(fact) else fact


def _joined(earlier: dict[str, object] | None, entry: dict[str, object]) -> dict[str, object]:
    """Make one event of two."""
    if earlier is None:
        return entry
    both = dict(entry)
    before, now = earlier.get("n_samples"), entry.get("n_samples")
    if isinstance(before, int) and isinstance(now, int):
        both["n_samples"] = before + now
    if earlier.get("start_s") is not None:
        both["start_s"] = earlier["start_s"]
    n_joined = earlier.get("n_joined", 1)
    both["n_joined"] = (n_joined if isinstance(n_joined, int) else 1) + 1
    return both
