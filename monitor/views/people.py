"""What a snapshot says of one participant, in plain values: sensors, contact, values."""

from collections.abc import Callable
from typing import NamedTuple

from monitor.board.gate import format_clock
from monitor.board.snapshot import Snapshot, StreamView, ValueView, ZoneView
from monitor.views.words import MODALITIES, ordered

HEART = ("ecg", "rr", "ppg", "hr")
SKIN = ("eda",)
_CONTACT_MARKERS = {"heart": "hr_bpm", "skin": "scl_us"}
WORDS: dict[str, str] = {
    "no_sensor": "no sensor found for this participant",
    "lost": "sensor lost: {names}",
    "both_lost": "both sensors lost: {names}",
    "all_lost": "all sensors lost: {names}",
    "one_lost": "one sensor lost: {names}",
    "some_lost": "{count} sensors lost: {names}",
    "no_data": "{name} (no data)",
    "no_data_since": "{name} (no data since {clock})",
    "rate": "{name} (declared {declared} Hz, measured {measured} Hz)",
    "clock": "{name} (clock not verified)",
    "contact": "contact: {contacts}",
    "sensor": "{name} {contact}",
}
"""What is said of the sensors of a participant."""

CONTACTS: dict[str, str] = {"unknown": "unknown", "good": "good", "weak": "weak", "lost": "lost"}
Say = Callable[[str], str]
"""Translates a text of the tables."""

_LOST_CONTACT = frozenset({"lead_off", "flatline"})


class Sensor(NamedTuple):
    """A sensor of a participant.

    Parameters
    ----------
    part : str
        ``heart`` or ``skin``.
    modality : str
        What it measures.
    stream : StreamView
        Its stream.
    """

    part: str
    modality: str
    stream: StreamView

    @property
    def works(self) -> bool:
        """True when it sends."""
        return self.stream["state"] in {"running", "waiting"}


class Person(NamedTuple):
    """What is known of one participant.

    Parameters
    ----------
    code : str
        Code.
    kind : str
        ``client``, ``therapist``, ``other`` or empty.
    sensors : list of Sensor
        Heart first; at most one per modality.
    values : list of ValueView
        In the order of the screen.
    zone : ZoneView, optional
        Where they are in their band; None before the first reading.
    """

    code: str
    kind: str
    sensors: list[Sensor]
    values: list[ValueView]
    zone: ZoneView | None = None


def people_of(snapshot: Snapshot) -> list[Person]:
    """Return the participants of a snapshot.

    Parameters
    ----------
    snapshot : Snapshot
        Any snapshot.

    Returns
    -------
    list of Person
        In the order of the columns.
    """
    values: dict[str, list[ValueView]] = {}
    for value in snapshot["latest"]:
        values.setdefault(value["participant"], []).append(value)
    zones = {zone["participant"]: zone for zone in snapshot["zones"]}
    return [
        Person(
            p["code"],
            p["kind"],
            _sensors(snapshot, p["code"]),
            ordered(values.get(p["code"], [])),
            zones.get(p["code"]),
        )
        for p in snapshot["people"]
    ]


def _sensors(snapshot: Snapshot, code: str) -> list[Sensor]:
    # A restarted stream has a higher number and takes the place of the one before.
    found: dict[str, StreamView] = {}
    for stream in sorted(snapshot["streams"], key=lambda s: s["stream_id"]):
        for role in stream["roles"]:
            if role["participant"] == code:
                found[role["modality"]] = stream
    sensors = [Sensor("heart", m, found[m]) for m in HEART if m in found]
    return sensors + [Sensor("skin", m, found[m]) for m in SKIN if m in found]


def in_table_order(streams: list[StreamView]) -> list[StreamView]:
    """Put streams into the order of a table: wearables come with more of them than fit on the screen.

    Parameters
    ----------
    streams : list of StreamView
        Any.

    Returns
    -------
    list of StreamView
        ECG and skin conductance first, then what else is somebody's, then what is only recorded.
    """

    def _rank(stream: StreamView) -> int:
        measured = {role["modality"] for role in stream["roles"]}
        return 0 if measured & {"ecg", *SKIN} else 1 if measured else 2

    return sorted(streams, key=_rank)


def sensor_line(person: Person, say: Say = str) -> str:
    """Describe the sensors that do not work; another source for the heart than the best that works is not missed.

    Parameters
    ----------
    person : Person
        The participant.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        Empty when all work.
    """
    if not person.sensors:
        return say(WORDS["no_sensor"])
    # Heart first, best first: intervals a strap sends beside its ECG pause as soon as it is not worn.
    spare = next(
        (i for i, s in enumerate(person.sensors) if s.part == "heart" and s.works), len(person.sensors)
    )
    silent = [s for i, s in enumerate(person.sensors) if not s.works and (i < spare or s.part == "skin")]
    if not silent:
        return ""
    key = "one_lost"
    if len(silent) == len(person.sensors):
        key = {1: "lost", 2: "both_lost"}.get(len(silent), "all_lost")
    elif len(silent) > 1:
        key = "some_lost"
    names = ", ".join(_trouble(s, say) for s in silent)
    return say(WORDS[key]).format(names=names, count=len(silent))


def _trouble(sensor: Sensor, say: Say) -> str:
    name, stream = say(MODALITIES.get(sensor.modality, sensor.modality)), sensor.stream
    if stream["state"] in {"lost", "silent"}:
        since_s = stream["newest_s"]
        if since_s is None:
            return say(WORDS["no_data"]).format(name=name)
        return say(WORDS["no_data_since"]).format(name=name, clock=format_clock(since_s))
    if stream["state"] == "rate_differs":
        return say(WORDS["rate"]).format(
            name=name,
            declared=f"{stream['declared_hz']:g}",
            measured=f"{stream['measured_hz'] or 0:.0f}",
        )
    return say(WORDS["clock"]).format(name=name)


def contact_line(person: Person, say: Say = str) -> str:
    """Describe the contact of each sensor, as far as the values tell.

    Parameters
    ----------
    person : Person
        The participant.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        ``contact: ECG good · EDA lost``; empty without sensors.
    """
    contacts = contact_words(person, say)
    return say(WORDS["contact"]).format(contacts=contacts) if contacts else ""


def contact_words(person: Person, say: Say = str) -> str:
    """Describe the contact of each sensor without saying that it is the contact.

    Parameters
    ----------
    person : Person
        The participant.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        ``ECG good · EDA lost``; empty without sensors.
    """
    by_name = {v["marker"]: v for v in person.values}
    words: list[str] = []
    for part in ("heart", "skin"):
        sensor = next((s for s in person.sensors if s.part == part), None)
        if sensor is not None:
            contact = say(CONTACTS[_contact(by_name.get(_CONTACT_MARKERS[part]))])
            name = say(MODALITIES.get(sensor.modality, sensor.modality))
            words.append(say(WORDS["sensor"]).format(name=name, contact=contact))
    return " · ".join(words)


def _contact(value: ValueView | None) -> str:
    if value is None or value["hold"]:
        return "unknown"
    if value["status"] == "OK":
        return "good"
    if value["status"] == "LOW":
        return "weak"
    return "lost" if value["reason"] in _LOST_CONTACT else "unknown"
