"""What a bridge says of its device on a status stream: read into closed words, so that no text of others is shown."""

import json
from collections import deque
from collections.abc import Sequence
from math import inf, isfinite
from typing import Any

from monitor.core.model import StreamInfo
from monitor.core.recognition import STATUS_SUFFIX
from monitor.core.results import NAN, Notice

STATE_WORDS: dict[str, str] = {
    "searching": "its bridge looks for it",
    "connecting": "connecting",
    "waiting": "connected, waiting for its first samples",
    "streaming": "streaming",
    "lost": "lost, trying again",
    "stopped": "its bridge was stopped",
}
"""States a bridge names, in words for the user."""

REASON_WORDS: dict[str, str] = {
    "no_adapter": "no Bluetooth adapter was found; plug one in",
    "adapter_off": "Bluetooth is switched off; switch it on",
    "no_permission": "the bridge may not use it; its own window says how to allow it",
    "not_found": "it is not in reach; put it on, and let no other program or phone hold it",
    "busy": "another program or phone holds it; end that",
    "timeout": "it did not answer in time; bring it nearer",
    "pairing": "it wants to be paired; pair it in the system's Bluetooth settings",
    "unsupported": "it does not offer what is needed; the bridge's own window says what",
    "firmware": "its firmware is not known; the bridge's own window says what to do",
    "refused": "it refused a command; switch it off and on",
    "garbage": "what it sends cannot be read; check that it is the device it is taken for",
    "silent": "it is connected but sends nothing; check how it is worn, or switch it off and on",
    "link_lost": "the connection broke; bring it nearer",
    "stopped_by_device": "it stopped by itself; check its battery and how it is worn",
    "missing_library": "a library of the bridge is missing; the bridge's own window says which",
}
"""Reasons a bridge names, each with what to do. What else a text says is recorded, and shown nowhere."""

LONGEST_NOTICE = 300

_EVENTS = frozenset({"state", "gap", "lost", "battery", "contact"})
_LONGEST_TEXT = 4096
_LONGEST_NAME = 80
_BATTERY_LEVELS = (5, 10, 20)
_FULL = 100
_MOST_NOTICES, _IN_S = 4, 60.0
"""A device that comes and goes is told this often in so many seconds of its stamps; its state is kept all the same."""


def read_event(text: str) -> dict[str, Any] | None:
    """Read one text of a status stream.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    dict or None
        Its facts, with one of the known words under ``event``; None when it is something else.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    event = value.get("event") if isinstance(value, dict) else None
    return value if isinstance(event, str) and event in _EVENTS else None


def device_of_status(info: StreamInfo) -> str:
    """Name the device a status stream tells of.

    Parameters
    ----------
    info : StreamInfo
        The status stream.

    Returns
    -------
    str
        The name of the stream without its ending, unprintable characters escaped, at most 80 characters.
    """
    name = info.name.removesuffix(STATUS_SUFFIX)
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 1]}…"


class DeviceState:
    """How a device is doing, as its bridge said last.

    Attributes
    ----------
    state : str
        One of `STATE_WORDS`; empty before it was said.
    reason : str
        One of `REASON_WORDS`: why it does not stream; empty while it does, or where that is not known.
    battery_percent : int or None
        Charge; None when unknown.
    worn : bool or None
        Whether the sensor touches skin; None when unknown.
    """

    __slots__ = ("battery_percent", "reason", "state", "worn")

    def __init__(self) -> None:
        self.state = ""
        self.reason = ""
        self.battery_percent: int | None = None
        self.worn: bool | None = None

    def take(self, text: str) -> str:
        """Take one text.

        Parameters
        ----------
        text : str
            As it came; anything that is no such text changes nothing.

        Returns
        -------
        str
            Kind of the event; empty when it says nothing known.
        """
        facts = read_event(text)
        if facts is None:
            return ""
        event: str = facts["event"]
        if event == "battery":
            percent = facts.get("percent")
            known = isinstance(percent, int) and not isinstance(percent, bool) and 0 <= percent <= _FULL
            self.battery_percent = percent if known else None
        elif event == "contact":
            worn = facts.get("worn")
            self.worn = worn if isinstance(worn, bool) else None
        elif event == "state":
            state, reason = facts.get("state"), facts.get("reason")
            if not isinstance(state, str) or state not in STATE_WORDS:
                return ""
            self.state = state
            # One that is left out or not known ends the one before: an old cure would send the user astray.
            known = isinstance(reason, str) and reason in REASON_WORDS and state != "streaming"
            self.reason = str(reason) if known else ""
        return event

    @property
    def words(self) -> str:
        """State and reason in words; empty before a state was said."""
        why = REASON_WORDS.get(self.reason, "")
        return ": ".join(filter(None, (STATE_WORDS.get(self.state, ""), why)))

    @property
    def trouble(self) -> str:
        """What is not as it should be, in words; empty when nothing is."""
        parts = [] if self.state in {"", "streaming"} else [self.words]
        if self.worn is False:
            parts.append("not worn")
        if self.battery_percent is not None and self.battery_percent <= _BATTERY_LEVELS[-1]:
            parts.append(f"battery {self.battery_percent} %")
        return ", ".join(parts)


class DeviceNotices:
    """Tells the user of one device what its status stream says, once and not too often.

    Parameters
    ----------
    info : StreamInfo
        The status stream.
    """

    __slots__ = ("_battery_level", "_last_s", "_lost_s", "_name", "_state", "_title", "_told", "_trouble")

    def __init__(self, info: StreamInfo) -> None:
        self._title = info.title
        self._name = device_of_status(info)
        self._state = DeviceState()
        self._told: deque[float] = deque(maxlen=_MOST_NOTICES)
        self._trouble = ""
        self._lost_s = NAN
        self._last_s = -inf
        self._battery_level = _FULL

    def push(self, t_s: Sequence[float], texts: Sequence[str]) -> list[Notice]:
        """Take the next samples.

        Parameters
        ----------
        t_s : sequence of float
            Session seconds.
        texts : sequence of str
            One text per stamp.

        Returns
        -------
        list of Notice
            What is new and worth telling; they do not depend on how the samples were cut into pieces.
        """
        out: list[Notice] = []
        for stamp, text in zip(t_s, texts, strict=True):
            if not isfinite(stamp):
                continue
            self._last_s = max(self._last_s, stamp)
            was_worn = self._state.worn
            event = self._state.take(text)
            label, words = "", ""
            if event == "state":
                label, words = self._moved()
            elif event == "battery":
                label, words = self._charged()
            elif event == "contact" and self._state.worn is False and was_worn is not False:
                label, words = "device_contact", "not worn, or without contact to the skin; put it on anew"
            if label and self._may_tell():
                said = f"{self._name}: {words}."[:LONGEST_NOTICE]
                out.append(Notice(self._last_s, self._title, label, said))
        return out

    def _moved(self) -> tuple[str, str]:
        """Tell a loss when it begins or its reason changes, and its end."""
        state, words = self._state.state, self._state.words
        if state == "streaming":
            lost, since_s = self._trouble, self._last_s - self._lost_s
            self._trouble, self._lost_s = "", NAN
            return ("device_back", f"streaming again after {since_s:.0f} s") if lost else ("", "")
        if state not in {"lost", "stopped"} or words == self._trouble:
            return "", ""
        if not self._trouble:
            self._lost_s = self._last_s
        self._trouble = words
        return f"device_{state}", words

    def _charged(self) -> tuple[str, str]:
        """Tell each level of the battery once on its way down."""
        percent = self._state.battery_percent
        if percent is None:
            return "", ""
        level = next((level for level in _BATTERY_LEVELS if percent <= level), _FULL)
        if level < self._battery_level:
            self._battery_level = level
            return "device_battery", f"battery {percent} %; change or charge it after this session"
        if percent > self._battery_level + _BATTERY_LEVELS[0]:
            self._battery_level = level
        return "", ""

    def _may_tell(self) -> bool:
        if len(self._told) == _MOST_NOTICES and self._last_s - self._told[0] < _IN_S:
            return False
        self._told.append(self._last_s)
        return True
