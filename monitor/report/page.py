"""The page about one session, put together in the order in which it should be read."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import __distribution__, __version__
from monitor.board.gate import format_clock
from monitor.report import person, quality, synchrony, together
from monitor.report.blocks import Block, Heading, Listing, Section, Text, minutes_text, said, sentence
from monitor.report.charts import (
    MOST_PEOPLE,
    band_chart,
    chance_chart,
    coverage_chart,
    gap_listing,
    marker_chart,
)
from monitor.report.methods import method_blocks
from monitor.report.moments import note_blocks
from monitor.report.other_methods import method_table
from monitor.report.reading import Material, mapping, mappings, utc_text
from monitor.views.words import FOOTER

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_PAIRS_DRAWN = 3
_READING = (
    "Times are session time; 00:00 is the first sample. A value stands at the middle of its window, and a "
    "change of zone at the second in which it began; on the screen such a change appeared about 35 s later. "
    "A gap is a gap: nothing was filled in."
)


def render(material: Material, *, with_text: bool = False) -> str:
    """Write the page about a session.

    Parameters
    ----------
    material : Material
        The session.
    with_text : bool, default False
        Whether free text of the notebook may be on it.

    Returns
    -------
    str
        HTML that asks for nothing from anywhere; the same material gives the same text.
    """
    sections = sections_of(material, with_text=with_text)
    template = _environment().get_template("report.html")
    return template.render(
        name=said(material.name),
        facts=head_facts(material),
        reading=_READING,
        sections=[section for section in sections if section.blocks],
        kind=lambda block: type(block).__name__.lower(),
        style=(_TEMPLATES / "report.css").read_text(encoding="utf-8"),
        footer=FOOTER,
        version=__version__,
    )


def head_facts(material: Material) -> list[tuple[str, str]]:
    """List what identifies a session; codes, never names.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    list of tuple of str
        What, and its value.
    """
    summary = material.summary
    made = said(mapping(summary, "versions").get(__distribution__)) or "version not known"
    people = ", ".join(f"{material.called(code)}" for code in material.people) or "nobody"
    return [
        ("Began", utc_text(summary) or "date not known"),
        ("Lasted", f"{format_clock(material.duration_s)} ({minutes_text(material.duration_s / 60.0)} min)"),
        ("People", people),
        ("Recording", said(summary.get("source")) or "not known"),
        ("Computed by", f"attune {made}"),
    ]


def sections_of(material: Material, *, with_text: bool = False) -> list[Section]:
    """Put the sections of the page together.

    Parameters
    ----------
    material : Material
        The session.
    with_text : bool, default False
        Whether free text was asked for.

    Returns
    -------
    list of Section
        Data quality first.
    """
    people = [_person(material, code, place) for place, code in enumerate(material.people, start=1)]
    return [
        Section("quality", "Data quality", tuple(_quality(material))),
        *people,
        Section("together", _title_of_pairs(material), tuple(_together(material))),
        Section("synchrony", "Synchrony against chance", tuple(_synchrony(material))),
        Section("notes", "Notes and marks", tuple(note_blocks(material, with_text=with_text))),
        Section("methods", "Methods, to paste", tuple(method_blocks(material))),
    ]


def _quality(material: Material) -> list[Block]:
    blocks = quality.quality_blocks(material)
    chart = coverage_chart(material)
    if chart is None:
        return blocks
    lead = sum(isinstance(block, Text) and block.kind == "main" for block in blocks)
    return [*blocks[:lead], chart, *blocks[lead:]]


def _person(material: Material, code: str, place: int) -> Section:
    blocks = person.person_blocks(material, code)
    calibrated = person.is_calibrated(material, code)
    if place > MOST_PEOPLE:
        blocks.append(Text(f"Charts are drawn of the first {MOST_PEOPLE} people only.", "aside"))
    elif calibrated:
        chart = band_chart(material, (code,), f"band{place}", _band_label(material, code), _BAND_CAPTION)
        blocks[1:1] = [chart] if chart else []
    if place <= MOST_PEOPLE:
        markers = marker_chart(material, code, f"markers{place}")
        if markers is not None:
            blocks += (
                [markers] if calibrated else [Text("The markers are shown as they were measured."), markers]
            )
    gaps: Listing | None = gap_listing(material, code, "arousal" if calibrated else "hr_bpm")
    blocks += [gaps] if gaps else []
    return Section(f"person{place}", sentence(material.called(code)), tuple(blocks))


_BAND_CAPTION = (
    "Line: arousal index in SD of this person's own reference, dashed while unsure. Shaded: beyond an edge, "
    "the darker the surer; the soft border is as wide as the edge is uncertain. Bars at the rim: "
    "excursions. Hatched: not available. Numbers above: notes, as in the table of notes."
)


def _band_label(material: Material, code: str) -> str:
    zones = mapping(material.summary, "zones", code)
    n = len(mappings(zones, "excursions"))
    return (
        f"Arousal index of {material.called(code)} over the session. {person.time_text(zones)} "
        f"Excursions: {n}, listed below."
    )


def _together(material: Material) -> list[Block]:
    dyads = together.dyads_of(material)
    if not dyads:
        return [Text(_nobody_together(material))] if len(material.people) > 1 else []
    blocks: list[Block] = []
    for place, dyad in enumerate(dyads[: together.MOST_PAIRS], start=1):
        pair = (str(dyad.get("first")), str(dyad.get("second")))
        described = together.pair_blocks(material, dyad)
        if place <= _MOST_PAIRS_DRAWN:
            label = (
                f"Arousal index of {pair[0]} and {pair[1]} on one time axis; the minutes in each pair of zones are in "
                f"the table."
            )
            caption = (
                "Both on one time axis, each in SD of their own reference: the two scales do not compare."
            )
            chart = band_chart(material, pair, f"pair{place}", label, caption)
            described[2:2] = [chart] if chart else []
        blocks += described
    rest = dyads[together.MOST_PAIRS :]
    if rest:
        blocks += [Heading("Further pairs"), together.pairs_table(material, rest)]
    return blocks


def _title_of_pairs(material: Material) -> str:
    return "Both at the same time" if len(material.people) == 2 else "Pairs at the same time"


def _nobody_together(material: Material) -> str:
    if any(person.is_calibrated(material, code) for code in material.people):
        return "No time in which the zones of two people were known together."
    return "Not calibrated: no zones to compare."


def _synchrony(material: Material) -> list[Block]:
    pairs = synchrony.pairs_of(material)
    if not pairs:
        return [Text("Nobody was compared.")] if len(material.people) > 1 else []
    blocks: list[Block] = []
    if len(pairs) > 1:
        texts = [synchrony.above_text(material, signal) for signal in synchrony.SIGNALS]
        blocks += [Text(text, "main") for text in (*texts, *synchrony.group_texts(material)) if text]
    for place, pair in enumerate(pairs[: synchrony.MOST_PAIRS], start=1):
        described = synchrony.pair_blocks(material, pair)
        chart = chance_chart(material, pair, f"chance{place}") if place <= _MOST_PAIRS_DRAWN else None
        described[-1:-1] = [chart] if chart else []
        blocks += described
    rest = pairs[synchrony.MOST_PAIRS :]
    if rest:
        entries = [
            (p, signal, facts) for p in rest for signal, facts in synchrony.facts_of(material, p).items()
        ]
        blocks += [Heading("Further pairs"), synchrony.number_table(entries, "Synchrony of further pairs")]
    methods = method_table(material, pairs[: synchrony.MOST_PAIRS])
    if methods is not None:
        blocks.append(methods)
    return [*blocks, Text(synchrony.CAUTION, "aside")]


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
