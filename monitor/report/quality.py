"""How good the data were: streams, valid minutes and why values are missing, and what was told."""

from collections.abc import Mapping
from math import isfinite, nan
from typing import Any

from monitor.board.gate import format_clock
from monitor.history.files import number
from monitor.report.blocks import (
    MISSING,
    NARROW,
    Block,
    Heading,
    Listing,
    Table,
    Text,
    minutes_text,
    number_text,
    percent_text,
    reason_text,
    said,
    sentence,
    title_text,
    without_hosts,
)
from monitor.report.reading import Material, mapping, mappings, whole
from monitor.views.words import MARKERS, MODALITIES, marker_label

_S_PER_MIN = 60.0
_MOST_WARNINGS = 40
_QUIET = frozenset({"channel_plausible"})
_UNANALYSED = "recorded only"


def quality_blocks(material: Material) -> list[Block]:
    """Describe the quality of the data of a session.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    list of Block
        Pre-flight, incidents, streams, valid minutes, what was told; the picture of it is drawn elsewhere.
    """
    blocks: list[Block] = [Text(line, "main") for line in headline(material)]
    blocks += [Text(text) for text in preflight_texts(material.summary)]
    if material.told:
        blocks.append(Listing("Of this report", material.told))
    if material.incidents:
        blocks.append(Listing("While it was recorded", material.incidents))
    blocks.append(stream_table(material))
    blocks.append(
        Text(
            "Received: samples over the measured rate. A gap is a stretch without samples; nothing was "
            "filled in. Share lost: gaps over the length of the session.",
            "aside",
        )
    )
    blocks += validity_tables(material)
    told = warning_lines(material.summary)
    if told:
        blocks.append(Heading("What the program told"))
        blocks.append(Listing("", tuple(told)))
    return blocks


def headline(material: Material) -> list[str]:
    """Say in a sentence for each person how much of the session can be used.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    list of str
        Valid minutes of heart, skin and arousal, values that are unsure included.
    """
    return [text for code in material.people if (text := _usable(material, code))]


def _usable(material: Material, code: str) -> str:
    names = {
        "hr_bpm": "heart rate",
        "ln_rmssd": "beat-to-beat variability",
        "scl_us": "skin conductance",
        "arousal": "arousal index",
    }
    found = {name: validity(material, code, marker) for marker, name in names.items()}
    known = {name: minutes for name, minutes in found.items() if isfinite(sum(minutes))}
    if not known:
        return ""
    # Every marker has a row in every second; what differs by a hundredth is rounding.
    whole_min = max(sum(minutes) for minutes in known.values())
    parts = [f"{name} {minutes_text(ok + low)}" for name, (ok, low, _) in known.items()]
    return f"{sentence(material.called(code))}, valid of {minutes_text(whole_min)} min: {', '.join(parts)}."


def validity(material: Material, code: str, marker: str) -> tuple[float, float, float]:
    """Tell for how many minutes a marker was valid.

    Parameters
    ----------
    material : Material
        The session.
    code : str
        The person.
    marker : str
        The marker.

    Returns
    -------
    tuple of float
        Minutes OK, LOW and not available; NaN where unknown.
    """
    found = mapping(material.summary, "valid_minutes", code, marker)
    return (number(found, "ok"), number(found, "low"), number(found, "na")) if found else (nan, nan, nan)


def preflight_texts(summary: Mapping[str, Any]) -> list[str]:
    """Say what was found before the start.

    Parameters
    ----------
    summary : Mapping of str to Any
        The summary.

    Returns
    -------
    list of str
        Empty where no check was recorded.
    """
    found = summary.get("preflight")
    items = found if isinstance(found, list) else [found]
    texts = [said(item.get("text") if isinstance(item, Mapping) else item, 400) for item in items]
    return [f"Check before the start: {text.rstrip('.')}." for text in texts if text]


def stream_table(material: Material) -> Table:
    """List the streams of a session.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    Table
        Rates, what was received and lost, and the clock, a row for each stream or analysed channel.
    """
    rows = tuple(_stream_row(stream, material) for stream in mappings(material.summary, "streams"))
    headings = (
        "Stream",
        "Person",
        "What",
        "Declared Hz",
        "Measured Hz",
        "Received min",
        "Gaps",
        "Lost",
        "Longest gap",
        "Clock",
    )
    return Table("Streams", headings, rows, numbers=(3, 4, 5, 6, 7, 8))


def _stream_row(stream: Mapping[str, Any], material: Material) -> tuple[str, ...]:
    declared, measured = number(stream, "declared_rate_hz"), number(stream, "measured_rate_hz")
    rate = measured if measured > 0.0 else declared
    received = number(stream, "n_samples") / rate / _S_PER_MIN if declared > 0.0 and rate > 0.0 else nan
    gaps = [number(gap, "stop_s") - number(gap, "start_s") for gap in mappings(stream, "gaps")]
    gaps = [length for length in gaps if isfinite(length)]
    lost = number(stream, "gap_s") / material.duration_s if material.duration_s > 0.0 else nan
    rejected = whole(stream, "n_rejected")
    modality = stream.get("modality")
    return (
        title_text(stream.get("title")) or MISSING,
        said(stream.get("participant")) or MISSING,
        MODALITIES.get(modality, said(modality)) if isinstance(modality, str) else _UNANALYSED,
        number_text(declared, 1) if declared > 0.0 else "irregular",
        number_text(measured, 2),
        number_text(received, 1),
        f"{len(gaps)}" + (f" (+{rejected} samples refused)" if rejected else ""),
        percent_text(lost),
        f"{number_text(max(gaps), 1)} s" if gaps else MISSING,
        _clock_text(mapping(stream, "clock")),
    )


def _clock_text(clock: Mapping[str, Any]) -> str:
    if not clock:
        return MISSING
    words = ["verified" if clock.get("verified") is True else "not verified"]
    drift = number(clock, "drift_ppm")
    if isfinite(drift):
        words.append(f"drift {number_text(drift, 0)} ppm")
    resets = whole(clock, "n_resets")
    if resets:
        words.append(f"began anew {resets} times" if resets > 1 else "began anew once")
    return ", ".join(words)


def validity_tables(material: Material) -> list[Block]:
    """List the valid minutes of every marker, and why the rest is missing or unsure.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    list of Block
        A table for each person.
    """
    headings = ("Marker", "Valid min", "Unsure min", "Not available min", "Why not available", "Why unsure")
    blocks: list[Block] = []
    for code in material.people:
        minutes = mapping(material.summary, "valid_minutes", code)
        if not minutes:
            blocks.append(Text(f"{sentence(material.called(code))}: no marker could be computed."))
            continue
        places = {name: place for place, name in enumerate(MARKERS)}
        names = sorted(minutes, key=lambda name: (places.get(name, len(places)), name))
        seen = [name for name in names if sum(validity(material, code, name)[:2]) > 0.0]
        rows = tuple(_marker_row(material, code, name) for name in seen)
        if rows:
            caption = f"Valid minutes of {material.called(code)}"
            blocks.append(Table(caption, headings, rows, numbers=(1, 2, 3)))
        never = _never(material, code, [name for name in names if name not in seen])
        blocks += [Listing(f"Never available of {material.called(code)}", never)] if never else []
    if blocks and "markers" not in material.tables.absent:
        blocks.append(
            Text(
                "Valid: enough data of good quality. Unsure: a value, from too little or doubtful data. Not "
                "available: no value; it is shown as a gap and enters nothing.",
                "aside",
            )
        )
    return blocks


def _marker_row(material: Material, code: str, marker: str) -> tuple[str, ...]:
    ok, low, na = validity(material, code, marker)
    cells = tuple(number_text(value, 1) for value in (ok, low, na))
    return (
        marker_label(marker),
        *cells,
        *(_reasons(material, code, marker, status) for status in ("NA", "LOW")),
    )


def _never(material: Material, code: str, names: list[str]) -> tuple[str, ...]:
    """Name the markers that had no value at all, by the reason that was commonest."""
    by_reason: dict[str, list[str]] = {}
    for name in names:
        seconds = {k[3]: n for k, n in material.tables.seconds.items() if k[:3] == (code, name, "NA")}
        reason = max(sorted(seconds), key=lambda one: seconds[one]) if seconds else "no_data"
        by_reason.setdefault(reason, []).append(marker_label(name))
    return tuple(f"{', '.join(labels)}: {reason_text(reason)}" for reason, labels in by_reason.items())


def _reasons(material: Material, code: str, marker: str, status: str) -> str:
    """Name the reasons with their minutes, the longest first."""
    if "markers" in material.tables.absent:
        return "the table markers is missing"
    found = {
        key[3]: seconds
        for key, seconds in material.tables.seconds.items()
        if key[:3] == (code, marker, status)
    }
    longest = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return "; ".join(f"{reason_text(reason)} {_short(seconds)}" for reason, seconds in longest) or MISSING


def _short(seconds: int) -> str:
    if seconds < _S_PER_MIN:
        return f"{seconds}{NARROW}s"
    return f"{seconds / _S_PER_MIN:.1f}{NARROW}min"


def warning_lines(summary: Mapping[str, Any]) -> list[str]:
    """List what the user was told, each with its time.

    Parameters
    ----------
    summary : Mapping of str to Any
        The summary.

    Returns
    -------
    list of str
        In the order of the session; what is only a reassurance is left out.
    """
    titles = [stream.get("title") for stream in mappings(summary, "streams")]
    lines: dict[str, None] = {}
    for warning in mappings(summary, "warnings"):
        if warning.get("label") in _QUIET:
            continue
        text = without_hosts(said(warning.get("text"), 1000), titles)
        subject = title_text(warning.get("subject"))
        t_s = number(warning, "t_s")
        when = f"{format_clock(t_s)} " if t_s > 0.0 else ""
        lines[f"{when}{subject}: {text}" if subject else f"{when}{text}"] = None
    whole_text = "\n".join(lines)
    for stream in mappings(summary, "streams"):
        listed = stream.get("warnings")
        for item in listed if isinstance(listed, list) else ():
            text = without_hosts(said(item, 1000), titles)
            if text and text not in whole_text:
                lines[f"{title_text(stream.get('title'))}: {text}"] = None
    found = list(lines)
    rest = len(found) - _MOST_WARNINGS
    return (
        [*found[:_MOST_WARNINGS], f"and {rest} more; all of them are in summary.json."] if rest > 0 else found
    )
