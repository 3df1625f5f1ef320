"""How two people moved together, always beside what chance gives in the same session; never a grade."""

from collections.abc import Iterable, Mapping
from math import floor, isfinite
from typing import Any

from monitor.core.results import Reason
from monitor.core.synchrony.gate import MIN_SEGMENTS, SURE_SEGMENTS
from monitor.history.files import number
from monitor.report.blocks import (
    MISSING,
    Block,
    Heading,
    Table,
    Text,
    number_text,
    p_text,
    reason_text,
    said,
    sentence,
)
from monitor.report.reading import Material, mapping, mappings, whole
from monitor.views.between.words import CHANCE_SHARE, CHANCE_Z, place_of

SIGNALS = {
    "eda": "skin conductance changes",
    "ibi": "beat-to-beat intervals",
    "ln_rmssd": "changes of beat-to-beat variability (lnRMSSD)",
}
"""Signals in the order of the page, as they are called in a sentence."""

MOST_PAIRS = 6
"""Pairs described one by one; of more the rest is a table."""

CAUTION = (
    "Similarity is a description of signals. A shared task, sounds, laughter, movement, turn-taking and the "
    "warmth of a room make or unmake it too. More is not better and less is not worse; the sign that "
    "matters is not settled in the field. One session in twenty of unrelated people lies above its chance "
    "band."
)


def pairs_of(material: Material) -> list[tuple[str, str]]:
    """List the pairs that were compared, that of client and therapist first.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    list of tuple of str
        Codes, in the order to which lags refer.
    """
    found = dict.fromkeys(
        (str(item.get("first")), str(item.get("second")))
        for item in mappings(material.summary, "synchrony", "session")
    )
    return sorted(found, key=lambda pair: {material.kind(code) for code in pair} != {"client", "therapist"})


def pair_blocks(material: Material, pair: tuple[str, str]) -> list[Block]:
    """Describe how one pair moved together, without the drawing.

    Parameters
    ----------
    material : Material
        The session.
    pair : tuple of str
        One of `pairs_of`.

    Returns
    -------
    list of Block
        A sentence for each signal, and the numbers.
    """
    found = facts_of(material, pair)
    first, second = (material.called(code) for code in pair)
    blocks: list[Block] = [Heading(f"{sentence(first)} and {second}")]
    blocks += [Text(sentence_of(facts, signal, (first, second)), "main") for signal, facts in found.items()]
    blocks.append(
        number_table([(pair, signal, facts) for signal, facts in found.items()], "Synchrony of the session")
    )
    return blocks


def facts_of(material: Material, pair: tuple[str, str]) -> dict[str, Mapping[str, Any]]:
    """Take the session statistics of a pair.

    Parameters
    ----------
    material : Material
        The session.
    pair : tuple of str
        One of `pairs_of`.

    Returns
    -------
    dict of str to Mapping
        By signal, in the order of the page.
    """
    listed = {
        str(item.get("signal")): item
        for item in mappings(material.summary, "synchrony", "session")
        if (item.get("first"), item.get("second")) == pair
    }
    order = [*SIGNALS, *sorted(set(listed) - set(SIGNALS))]
    return {signal: listed[signal] for signal in order if signal in listed}


def sentence_of(facts: Mapping[str, Any], signal: str, called: tuple[str, str]) -> str:
    """Say where similarity lay beside chance.

    Parameters
    ----------
    facts : Mapping of str to Any
        One entry of ``summary["synchrony"]["session"]``.
    signal : str
        Its signal.
    called : tuple of str
        How the two are called, in the order of the pair.

    Returns
    -------
    str
        A sentence; a direction only where similarity and direction are both beyond chance.
    """
    name = SIGNALS.get(signal, said(signal))
    place = place_of(*(_known(number(facts, key)) for key in ("z", "chance_lo", "chance_hi")))
    reason = said(facts.get("reason"))
    if not place or facts.get("status") == "NA":
        return f"Similarity of {name}: not available ({_why_missing(facts, reason)})."
    parts = [
        f"Similarity of {name} over the session: {place} what chance gives in this session "
        f"(z {number_text(number(facts, 'z'))}, {_minutes(facts)} valid min)"
    ]
    if facts.get("status") == "LOW":
        return f"{parts[0]}; unsure: {_why_unsure(reason)}."
    for key, words in (
        ("z_in_phase", "they moved the same way more often than chance"),
        ("z_anti_phase", "they moved opposite ways more often than chance"),
    ):
        if number(facts, key) > CHANCE_Z:
            parts.append(words)
    lag_s = number(facts, "lag_s")
    if isfinite(lag_s):
        parts.append(_lag_words(lag_s, called))
    elif place == "above":
        parts.append("no direction beyond chance")
    return f"{'; '.join(parts)}."


def _lag_words(lag_s: float, called: tuple[str, str]) -> str:
    whole_s = floor(abs(lag_s) + 0.5)
    lag = f"about {whole_s} s" if whole_s else "less than 1 s"
    earlier = called[0 if lag_s > 0 else 1]
    return f"changes of {earlier} tended to come {lag} earlier; not a causal statement"


def _why_missing(facts: Mapping[str, Any], reason: str) -> str:
    if reason == Reason.TOO_FEW_SEGMENTS:
        return f"{whole(facts, 'n_segments')} segments valid in both, {MIN_SEGMENTS} are needed"
    return reason_text(reason)


def _why_unsure(reason: str) -> str:
    if reason == Reason.RESP_CONFOUNDED:
        return "both breathed steadily at one rate, which alone makes hearts alike"
    if reason == Reason.TOO_FEW_SEGMENTS:
        return f"fewer than {SURE_SEGMENTS} segments"
    return reason_text(reason)


def number_table(entries: Iterable[tuple[tuple[str, str], str, Mapping[str, Any]]], caption: str) -> Table:
    """List statistics of the session.

    Parameters
    ----------
    entries : iterable of tuple
        Pair, signal and facts.
    caption : str
        Of the table.

    Returns
    -------
    Table
        A row for each entry.
    """
    headings = (
        "Signal",
        "Pair",
        "Beside chance",
        "z",
        "Chance band (5 to 95 %)",
        "p",
        "Lag s",
        "Valid min",
        "Segments",
    )
    rows = []
    for pair, signal, facts in entries:
        z, low, high = (number(facts, key) for key in ("z", "chance_lo", "chance_hi"))
        missing = facts.get("status") == "NA"
        place = "" if missing else place_of(_known(z), _known(low), _known(high))
        unsure = " (unsure)" if facts.get("status") == "LOW" else ""
        rows.append(
            (
                SIGNALS.get(signal, said(signal)),
                f"{said(pair[0])} – {said(pair[1])}",
                f"{place}{unsure}" if place else "not available",
                number_text(z, 2) if place else MISSING,
                f"{number_text(low, 2)} to {number_text(high, 2)}" if place else MISSING,
                p_text(number(facts, "p")) if place else MISSING,
                number_text(number(facts, "lag_s")),
                _minutes(facts),
                f"{whole(facts, 'n_segments')}",
            )
        )
    return Table(caption, headings, tuple(rows), numbers=(3, 4, 5, 6, 7, 8))


def above_text(material: Material, signal: str) -> str:
    """Count the pairs above chance beside what chance alone would give.

    Parameters
    ----------
    material : Material
        The session.
    signal : str
        The signal.

    Returns
    -------
    str
        Empty with fewer than two pairs.
    """
    places = [
        place_of(*(_known(number(item, key)) for key in ("z", "chance_lo", "chance_hi")))
        for item in mappings(material.summary, "synchrony", "session")
        if item.get("signal") == signal and item.get("status") != "NA"
    ]
    known = [place for place in places if place]
    if len(known) < 2:
        return ""
    return (
        f"{sentence(SIGNALS.get(signal, said(signal)))}: {known.count('above')} of {len(known)} pairs above "
        f"chance; by chance alone {CHANCE_SHARE * len(known):.1f} are expected."
    )


def group_texts(material: Material) -> list[str]:
    """Say how a group of three or more moved together.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    list of str
        A sentence for each signal.
    """
    texts = []
    for signal, facts in mapping(material.summary, "synchrony", "group").items():
        if not isinstance(facts, Mapping):
            continue
        z, low, high = (_known(number(facts, key)) for key in ("z", "chance_lo", "chance_hi"))
        place = "" if facts.get("status") == "NA" else place_of(z, low, high)
        name = SIGNALS.get(signal, said(signal))
        if not place:
            texts.append(
                f"The group, {name}: not available ({_why_missing(facts, said(facts.get('reason')))})."
            )
            continue
        texts.append(
            f"The group, {name}: {place} what chance gives in this session (z "
            f"{number_text(number(facts, 'z'))}, p {p_text(number(facts, 'p'))}, {whole(facts, 'n_pairs')} "
            "pairs)."
        )
    return texts


def _minutes(facts: Mapping[str, Any]) -> str:
    # Minutes are never rounded up: ten of ten would be enough.
    minutes = number(facts, "valid_minutes")
    return f"{floor(minutes + 1e-9)}" if isfinite(minutes) else MISSING


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
