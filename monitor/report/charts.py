"""What is drawn on the page, taken out of the tables. matplotlib is imported when the first chart is asked for."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.board.gate import format_clock
from monitor.history.files import number
from monitor.report.blocks import Chart, Listing, reason_text, said
from monitor.report.reading import Material, mapping
from monitor.report.synchrony import SIGNALS
from monitor.report.tables import LOW, NA, Course, Similarity
from monitor.views.words import unit_text

_Floats = NDArray[np.float64]

MOST_PEOPLE = 6
"""People whose courses are drawn; those of more people are in the tables."""

_LEAST_GAP_S = 3.0
_TOLD_GAP_S = 10.0
_MOST_GAPS = 12
_SIGNALS = {
    "hr_bpm": "heart rate",
    "ln_rmssd": "variability",
    "scl_us": "skin conductance",
    "arousal": "arousal index",
}
_MARKERS = {
    "hr_bpm": ("heart rate", "bpm"),
    "ln_rmssd": ("beat-to-beat variability, lnRMSSD", "ln(ms)"),
    "scl_us": ("skin conductance level", "uS"),
}


class Gap(NamedTuple):
    """A stretch without values.

    Parameters
    ----------
    start_s, stop_s : float
        Session seconds.
    reason : str
        The commonest reason in it, in words.
    """

    start_s: float
    stop_s: float
    reason: str


def coverage_chart(material: Material) -> Chart | None:
    """Draw when each signal of each person was there.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    Chart or None
        None without a table of markers.
    """
    from monitor.figures.session import Row, draw_coverage

    people = material.people
    names = dict(list(_SIGNALS.items())[: 4 if len(people) <= MOST_PEOPLE else 3])
    rows = []
    for code in people:
        for marker, name in names.items():
            course = material.tables.courses.get((code, marker))
            if course is not None:
                spans = [_spans(course, status) for status in (0, LOW, NA)]
                rows.append(Row(f"{said(code, 16)} {name}", *spans))
    if not rows:
        return None
    label = f"Coverage over time of {len(rows)} signals; the minutes are in the tables of valid minutes."
    caption = (
        "Full: valid. Pale: unsure. Hatched: not available. Values are placed at the middle of their window."
    )
    return Chart(draw_coverage(rows, material.duration_s, "coverage", label), label, caption)


def band_chart(
    material: Material, codes: tuple[str, ...], name: str, label: str, caption: str
) -> Chart | None:
    """Draw arousal of one or more people against their own edges.

    Parameters
    ----------
    material : Material
        The session.
    codes : tuple of str
        The people, from above.
    name : str
        Name of the drawing inside the page.
    label, caption : str
        See `monitor.report.blocks.Chart`.

    Returns
    -------
    Chart or None
        None where nothing of them is in the tables.
    """
    from monitor.figures.session import Band, draw_bands
    from monitor.figures.session_parts import Line

    bands = []
    for code in codes:
        course = material.tables.courses.get((code, "arousal"))
        edges = mapping(material.summary, "calibration", code, "edges")
        if course is None or not edges:
            continue
        upper, lower = (
            (number(edges, side, "mean"), number(edges, side, "sd")) for side in ("upper", "lower")
        )
        if not np.isfinite([*upper, *lower]).all():
            continue
        outside = [s for s in material.tables.stretches.get(code, ()) if s[0] in {"above", "below"}]
        numbered = [(one.t_s, place) for place, one in enumerate(material.noted, start=1)]
        notes = [
            (t_s, place) for t_s, place in numbered if material.noted[place - 1].participant in {"", code}
        ]
        line = Line(course.t_s, course.value, course.status == LOW)
        title = f"{material.called(code)}: arousal index against own edges"
        bands.append(Band(title, line, upper, lower, gaps_of(course), outside, notes))
    if not bands:
        return None
    return Chart(draw_bands(bands, material.duration_s, name, label), label, caption)


def marker_chart(material: Material, code: str, name: str) -> Chart | None:
    """Draw the markers of one person as they were measured.

    Parameters
    ----------
    material : Material
        The session.
    code : str
        The person.
    name : str
        Name of the drawing inside the page.

    Returns
    -------
    Chart or None
        None where none of them was ever available.
    """
    from monitor.figures.session import Marker, draw_markers
    from monitor.figures.session_parts import Line

    found = []
    for marker, (title, unit) in _MARKERS.items():
        course = material.tables.courses.get((code, marker))
        if course is None or not np.isfinite(course.value).any():
            continue
        line = Line(course.t_s, course.value, course.status == LOW)
        found.append(Marker(title, unit_text(unit) or unit, line, gaps_of(course)))
    if not found:
        return None
    label = f"{', '.join(marker.title for marker in found)} of {material.called(code)} over the session."
    caption = "Markers as measured. Dashed: unsure. Hatched: not available. Nothing was filled in."
    return Chart(draw_markers(found, material.duration_s, name, label), label, caption)


def chance_chart(material: Material, pair: tuple[str, str], name: str) -> Chart | None:
    """Draw similarity of a pair beside what chance gives.

    Parameters
    ----------
    material : Material
        The session.
    pair : tuple of str
        Their codes.
    name : str
        Name of the drawing inside the page.

    Returns
    -------
    Chart or None
        None where nothing of them is in the tables.
    """
    from monitor.figures.session import Chance, draw_chance
    from monitor.figures.session_parts import Line

    found = []
    for signal, title in SIGNALS.items():
        course = material.tables.similarity.get((*pair, signal))
        if course is None or not np.isfinite(course.z).any():
            continue
        z = np.where(course.status == NA, np.nan, course.z)
        # Each value stands for the stretch since the one before.
        before = np.concatenate(([0.0], course.t_s[:-1]))
        gaps = [
            Gap(float(before[start]), float(course.t_s[stop - 1]), _commonest(course, start, stop))
            for start, stop in _runs(np.isnan(z))
        ]
        found.append(Chance(title, Line(course.t_s, z, course.status == LOW), course.low, course.high, gaps))
    if not found:
        return None
    label = (
        f"Similarity of {pair[0]} and {pair[1]} over the session so far beside its chance band; the end values are in "
        f"the table."
    )
    caption = (
        "Line: z over the session so far, dashed while unsure. Grey: what chance gives in this session (5 "
        "to 95 % of the permutations). Hatched: no value. Each point holds all earlier ones, so the line is "
        "not a series of independent values."
    )
    return Chart(draw_chance(found, material.duration_s, name, label), label, caption)


def gap_listing(material: Material, code: str, marker: str) -> Listing | None:
    """List the longer stretches in which a marker was not available.

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
    Listing or None
        Those of ten seconds and more; None without any.
    """
    course = material.tables.courses.get((code, marker))
    gaps = (
        []
        if course is None or not np.isfinite(course.value).any()
        else [gap for gap in gaps_of(course) if gap.stop_s - gap.start_s >= _TOLD_GAP_S]
    )
    if not gaps:
        return None
    lines = [
        f"{format_clock(gap.start_s)} to {format_clock(gap.stop_s)}: {gap.reason}"
        for gap in gaps[:_MOST_GAPS]
    ]
    if len(gaps) > _MOST_GAPS:
        lines.append(f"and {len(gaps) - _MOST_GAPS} more")
    return Listing(f"Not available for ten seconds or more ({_SIGNALS.get(marker, marker)})", tuple(lines))


def gaps_of(course: Course) -> list[Gap]:
    """Find the stretches without a value.

    Parameters
    ----------
    course : Course
        A marker over time.

    Returns
    -------
    list of Gap
        Those of three seconds and more, each with its commonest reason.
    """
    found = []
    for start, stop in _runs(course.status == NA):
        start_s, stop_s = _extent(course.t_s, start, stop)
        if stop_s - start_s < _LEAST_GAP_S:
            continue
        found.append(Gap(start_s, stop_s, _commonest(course, start, stop)))
    return found


def _spans(course: Course, status: int) -> list[tuple[float, float]]:
    return [_extent(course.t_s, start, stop) for start, stop in _runs(course.status == status)]


def _runs(found: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(found.astype(np.int8), prepend=0, append=0))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _extent(t_s: _Floats, start: int, stop: int) -> tuple[float, float]:
    """Return from when to when some seconds lie, each half a second to both sides."""
    return max(float(t_s[start]) - 0.5, 0.0), max(float(t_s[stop - 1]) + 0.5, 0.0)


def _commonest(course: Course | Similarity, start: int, stop: int) -> str:
    """Return the commonest reason of a stretch, in words."""
    which = course.reason[start:stop]
    which = which[which >= 0]
    return reason_text(course.reasons[int(np.bincount(which).argmax())] if which.size else "no_data")
