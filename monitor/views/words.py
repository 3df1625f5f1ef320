"""All words of the views in one table, in English, each the key of its translation."""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from monitor.board.gate import format_clock
from monitor.board.snapshot import RecordingView, Snapshot, StreamView, ValueView

FOOTER = (
    "Research use. Describes bodily arousal relative to this person's own reference. "
    "Does not measure safety, emotion, dissociation or relationship quality. Does not diagnose."
)
FACE_NAMES = ("research view", "glance view", "window of tolerance")
DELAY = "changes appear about {seconds} s after they happen"
DEFAULT_DELAY_S = 35
DISK_LOW_HOURS = 0.5

Say = Callable[[str], str]
"""Translates a text of the tables."""


class MarkerName(NamedTuple):
    """How a marker is called and written.

    Parameters
    ----------
    label : str
        Name on the screen.
    decimals : int
        Digits after the point.
    """

    label: str
    decimals: int


MARKERS: dict[str, MarkerName] = {
    "hr_bpm": MarkerName("HR", 0),
    "ln_rmssd": MarkerName("lnRMSSD", 2),
    "ln_rmssd_60s": MarkerName("lnRMSSD 60 s", 2),
    "rmssd_ms": MarkerName("RMSSD", 0),
    "sdnn_ms": MarkerName("SDNN", 0),
    "ln_hf_60s": MarkerName("lnHF 60 s", 2),
    "breathing_per_min": MarkerName("Breathing", 0),
    "scl_us": MarkerName("SCL", 2),
    "scr_per_min": MarkerName("SCR rate", 0),
    "scr_sum_us": MarkerName("SCR sum/min", 2),
    "eda_phasic": MarkerName("EDA phasic", 2),
    "z_heart": MarkerName("z heart", 1),
    "z_vagal": MarkerName("z vagal", 1),
    "z_eda": MarkerName("z EDA", 1),
    "arousal": MarkerName("Arousal", 1),
}
"""Markers in the order of the screen."""

UNITS: dict[str, str] = {"uS": "µS", "uS/min": "µS", "us": "µS", "uV": "µV", "1/min": "/min"}
STATUS: dict[str, str] = {"OK": "ok", "LOW": "unsure", "NA": "NA"}
SHORT_STATUS: dict[str, str] = {"LOW": "?", "NA": "NA"}
"""Where there is no room for the word."""

MODALITIES: dict[str, str] = {
    "ecg": "ECG",
    "rr": "RR intervals",
    "hr": "heart rate",
    "ppg": "PPG",
    "eda": "EDA",
    "resp": "breathing",
    "temp": "temperature",
    "acc": "movement",
    "markers": "notes",
}
KINDS: dict[str, str] = {
    "client": "CLIENT",
    "therapist": "THERAPIST",
    "other": "PARTICIPANT",
    "": "PARTICIPANT",
}
STREAM_STATES: dict[str, str] = {
    "waiting": "waiting",
    "running": "running",
    "silent": "silent",
    "rate_differs": "rate not as declared",
    "clock_differs": "clock not verified",
    "lost": "lost",
}
SESSION_STATES: dict[str, str] = {
    "": "starting",
    "nothing_found": "No streams found yet. Switch the sensors on and start their bridges.",
    "waiting": "Streams found, waiting for their first data.",
    "warming_up": "Warming up: the first values appear within a minute.",
    "running": "",
    "ended": "Session ended. No values are shown any more.",
    "connecting": "Connecting to the engine.",
    "gone": "Engine gone: no values are shown. When it answers again, this window goes on by itself.",
    "silent": "The engine does not answer: no values are shown until it does.",
}
RECORDING_STATES: dict[str, str] = {
    "off": "not recording",
    "recording": "recording",
    "error": "RECORDING FAILS",
    "closing": "closing the file",
    "closed": "recording closed",
}


def number_text(marker: str, value: float | None) -> str:
    """Write the number of a marker.

    Parameters
    ----------
    marker : str
        Name of the marker.
    value : float or None
        None when there is nothing to show.

    Returns
    -------
    str
        The number, or a dash.
    """
    if value is None or not math.isfinite(value):
        return "–"
    decimals = MARKERS[marker].decimals if marker in MARKERS else 2
    # Rounding must not print a minus sign in front of zero.
    return f"{round(value, decimals) + 0.0:.{decimals}f}"


def number_with_error(marker: str, value: float | None, se: float | None) -> str:
    """Write the number of a marker with its standard error.

    Parameters
    ----------
    marker : str
        Name of the marker.
    value : float or None
        None when there is nothing to show.
    se : float or None
        Standard error; None where it is not known.

    Returns
    -------
    str
        ``72.0 ± 1.2``: the digits of the marker, and as many more as leave something of the error, but two at most.
    """
    text = number_text(marker, value)
    if value is None or not math.isfinite(value) or se is None or not math.isfinite(se) or se < 0:
        return text
    decimals = MARKERS[marker].decimals if marker in MARKERS else 2
    # An error that begins with a 1 keeps two digits, as usual.
    decimals += 2 if se < 0.2 * 10.0**-decimals else 1 if se < 2.0 * 10.0**-decimals else 0
    least = 10.0**-decimals
    error = f"{se:.{decimals}f}" if se >= least / 2 else f"<{least:.{decimals}f}"
    return f"{round(value, decimals) + 0.0:.{decimals}f} ± {error}"


def unit_text(unit: str) -> str:
    """Write a unit for the reader.

    Parameters
    ----------
    unit : str
        Unit of a row.

    Returns
    -------
    str
        Empty for a logarithm, whose label says it already.
    """
    return "" if unit.startswith("ln") else UNITS.get(unit, unit)


def marker_label(marker: str) -> str:
    """Return the name of a marker on the screen.

    Parameters
    ----------
    marker : str
        Name of the marker.

    Returns
    -------
    str
        Its label; the name itself when it has none.
    """
    return MARKERS[marker].label if marker in MARKERS else marker


def ordered(values: list[ValueView]) -> list[ValueView]:
    """Put values into the order of the screen.

    Parameters
    ----------
    values : list of ValueView
        Values of one participant.

    Returns
    -------
    list of ValueView
        Known markers first, in the order of `MARKERS`, then the others by name.
    """
    places = {name: i for i, name in enumerate(MARKERS)}
    return sorted(values, key=lambda v: (places.get(v["marker"], len(places)), v["marker"]))


def rate_text(stream: StreamView, say: Say = str) -> str:
    """Write the declared and the measured rate of a stream.

    Parameters
    ----------
    stream : StreamView
        The stream.
    say : callable, optional
        Translates.

    Returns
    -------
    str
        Both rates in hertz; ``irregular`` for a stream without a rate.
    """
    measured = stream["measured_hz"]
    after = "–" if measured is None else f"{measured:.1f}"
    if stream["declared_hz"] <= 0:
        irregular = say("irregular")
        return irregular if measured is None else f"{irregular} / {after} Hz"
    return f"{stream['declared_hz']:g} / {after} Hz"


def recording_text(
    recording: RecordingView, states: Mapping[str, str] = RECORDING_STATES, say: Say = str
) -> str:
    """Describe the recorder in one line.

    Parameters
    ----------
    recording : RecordingView
        State of the recorder.
    states : mapping, optional
        Words for each state.
    say : callable, optional
        Translates what else is said.

    Returns
    -------
    str
        State, length, remaining disk.
    """
    parts = [states.get(recording["state"], recording["state"])]
    if recording["state"] in {"recording", "closing", "closed"} and recording["seconds"] is not None:
        parts.append(format_clock(recording["seconds"]))
    if recording["disk_hours"] is not None:
        hours = recording["disk_hours"]
        text = say("disk {hours:.0f} h") if hours >= 2 else say("disk {minutes:.0f} min")
        parts.append(text.format(hours=hours, minutes=hours * 60))
    if recording["error"]:
        parts.append(recording["error"])
    return " · ".join(parts)


def delay_text(snapshot: Snapshot, template: str = DELAY) -> str:
    """Say how far the values lie behind.

    Parameters
    ----------
    snapshot : Snapshot
        Its latest values tell the longest delay; a zone is confirmed no sooner than `DEFAULT_DELAY_S`.
    template : str, optional
        Text with ``{seconds}``.

    Returns
    -------
    str
        The standing label, in steps of 5 s.
    """
    delays = [v["t_emit_s"] - v["t_centre_s"] for v in snapshot["latest"] if v["value"] is not None]
    seconds = 5 * math.ceil(max(DEFAULT_DELAY_S, *delays) / 5) if delays else DEFAULT_DELAY_S
    return template.format(seconds=seconds)
