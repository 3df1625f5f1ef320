"""What a snapshot says of one participant, in plain values: sensors, contact, values."""

from typing import NamedTuple

from monitor.board.gate import format_clock
from monitor.board.snapshot import Snapshot, StreamView, ValueView, ZoneView
from monitor.views.words import MODALITIES, ordered

HEART = ("ecg", "rr", "ppg", "hr")
SKIN = ("eda",)
_CONTACT_MARKERS = {"heart": "hr_bpm", "skin": "scl_us"}
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


def sensor_line(person: Person) -> str:
    """Describe the sensors that do not work.

    Parameters
    ----------
    person : Person
        The participant.

    Returns
    -------
    str
        Empty when all work.
    """
    if not person.sensors:
        return "no sensor found for this participant"
    silent = [s for s in person.sensors if not s.works]
    if not silent:
        return ""
    names = ", ".join(_trouble(s) for s in silent)
    if len(silent) == len(person.sensors):
        head = {1: "sensor lost", 2: "both sensors lost"}.get(len(silent), "all sensors lost")
    else:
        head = "one sensor lost" if len(silent) == 1 else f"{len(silent)} sensors lost"
    return f"{head}: {names}"


def _trouble(sensor: Sensor) -> str:
    name, stream = MODALITIES.get(sensor.modality, sensor.modality), sensor.stream
    if stream["state"] in {"lost", "silent"}:
        since_s = stream["newest_s"]
        return (
            f"{name} (no data since {format_clock(since_s)})" if since_s is not None else f"{name} (no data)"
        )
    if stream["state"] == "rate_differs":
        return f"{name} (declared {stream['declared_hz']:g} Hz, measured {stream['measured_hz'] or 0:.0f} Hz)"
    return f"{name} (clock not verified)"


def contact_line(person: Person) -> str:
    """Describe the contact of each sensor, as far as the values tell.

    Parameters
    ----------
    person : Person
        The participant.

    Returns
    -------
    str
        ``contact: ECG good · EDA lost``; empty without sensors.
    """
    by_name = {v["marker"]: v for v in person.values}
    words: list[str] = []
    for part in ("heart", "skin"):
        sensor = next((s for s in person.sensors if s.part == part), None)
        if sensor is not None:
            word = _contact(by_name.get(_CONTACT_MARKERS[part]))
            words.append(f"{MODALITIES.get(sensor.modality, sensor.modality)} {word}")
    return "contact: " + " · ".join(words) if words else ""


def _contact(value: ValueView | None) -> str:
    if value is None or value["hold"]:
        return "unknown"
    if value["status"] == "OK":
        return "good"
    if value["status"] == "LOW":
        return "weak"
    return "lost" if value["reason"] in _LOST_CONTACT else "unknown"
