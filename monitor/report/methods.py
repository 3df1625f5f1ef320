"""A paragraph for a paper, from the settings, the data and the versions of this very session."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, NamedTuple

from calibration.edges import MARKS_NEEDED, PRIOR
from calibration.pooling import AROUSAL_WEIGHTS
from calibration.zones import ENTER_P, ENTER_S, LEAVE_P, LEAVE_S, LOW_EDA_Z, LOW_HEART_Z, MISSING_S
from monitor import __distribution__, __version__
from monitor.core.holds import FASTEST_PER_MIN, SLOWEST_PER_MIN
from monitor.core.markers import MARKERS
from monitor.history.files import number
from monitor.report.blocks import Block, Heading, Listing, Text, minutes_text, said
from monitor.report.parameters import (
    EDA_LOWPASS_HZ,
    FIDUCIAL_HZ,
    MIN_BSQI,
    MIN_TEMPLATE_R,
    THRESHOLD_NOISES,
    THRESHOLD_US,
    WINDOW_BEATS,
)
from monitor.report.person import is_calibrated
from monitor.report.reading import Material, mapping, mappings, whole
from monitor.report.references import reference_lines
from monitor.report.synchrony_methods import synchrony_part

_WINDOW_S = {spec.name: spec.window_s for spec in MARKERS}
_RATED = {"ecg": "ECG", "eda": "electrodermal activity (EDA)", "ppg": "PPG"}
_EVENTS = {"rr": "RR intervals", "hr": "heart rate"}


class Part(NamedTuple):
    """A piece of the paragraph with its sources.

    Parameters
    ----------
    text : str
        Sentences in the past tense.
    keys : tuple of str
        Keys of the references.
    """

    text: str
    keys: tuple[str, ...]


def method_blocks(material: Material) -> list[Block]:
    """Write the methods of a session.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    list of Block
        Paragraphs to paste, what to add, and the references.
    """
    parts = method_parts(material)
    keys = [key for part in parts for key in part.keys]
    blocks: list[Block] = [Text(part.text, "paste") for part in parts]
    made = mapping(material.summary, "versions").get(__distribution__)
    if made != __version__:
        blocks.append(
            Text(
                f"The tables were made by attune {said(made) or '(version not known)'}, this page by attune "
                f"{__version__}. Parameters that are not settings are named as this version has them: check "
                "them in the methods of the other version, or analyse the recording again.",
                "main",
            )
        )
    blocks.append(
        Text(
            "To be added by you: participants, sensors and their placement, procedure, who marked, and "
            "ethics approval.",
            "aside",
        )
    )
    return [*blocks, Heading("References"), Listing("", reference_lines(keys))]


def method_parts(material: Material) -> list[Part]:
    """Write the paragraphs of the methods.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    list of Part
        Recording, heart, skin, zones, synchrony, as far as they apply.
    """
    kinds = {stream.get("modality") for stream in mappings(material.summary, "streams")}
    parts = [_recording(material)]
    if kinds & {"ecg", "rr", "hr"}:
        parts.append(_heart(kinds))
    if "eda" in kinds:
        parts.append(_skin())
    calibrated = [code for code in material.people if is_calibrated(material, code)]
    if calibrated:
        parts.append(_zones(material, calibrated))
    found = synchrony_part(material)
    if found is not None:
        parts.append(Part(*found))
    return parts


def _recording(material: Material) -> Part:
    summary = material.summary
    versions = mapping(summary, "versions")
    libraries = ", ".join(f"{said(k)} {said(v)}" for k, v in versions.items() if k != __distribution__)
    sources = _sources(summary)
    late = number(summary, "settings", "windows", "lateness_s")
    ticks = (
        " The file held no ticks of the program, so they were made from the data, one per second."
        if summary.get("ticks") == "made from the data"
        else ""
    )
    n = len(material.people)
    were = "was" if len(sources) == 1 and not sources[0].endswith("s") else "were"
    what = f"{_joined(sources)} of {n} person{'' if n == 1 else 's'}" if sources and n else "Signals"
    return Part(
        f"{what} {were} recorded over Lab Streaming Layer and analysed with attune "
        f"{said(versions.get(__distribution__)) or '(version not known)'}{f' ({libraries})' if libraries else ''}. "
        f"The recording lasted {minutes_text(material.duration_s / 60.0)} min. Stamps were mapped causally "
        "to one clock (Theil–Sen line through up to two minutes of measured clock offsets). Markers were "
        "computed each second from trailing windows, which closed "
        f"{f'{late:g}' if isfinite(late) else '(not known)'} s after their end.{ticks} Missing values were "
        "not replaced.",
        (),
    )


def _sources(summary: Mapping[str, Any]) -> list[str]:
    """Name what was recorded, with the measured rates where there is one."""
    rates: dict[str, list[float]] = {}
    for stream in mappings(summary, "streams"):
        modality = stream.get("modality")
        if modality in _RATED or modality in _EVENTS:
            rates.setdefault(str(modality), []).append(number(stream, "measured_rate_hz"))
    found = []
    for modality, name in (*_RATED.items(), *_EVENTS.items()):
        if modality not in rates:
            continue
        known = sorted(rate for rate in rates[modality] if isfinite(rate))
        # What differs by less than a tenth of a hertz reads the same.
        ends = list(dict.fromkeys(f"{rate:.1f}" for rate in (known[0], known[-1]))) if known else []
        measured = f" (measured {' to '.join(ends)} Hz)" if ends and modality in _RATED else ""
        found.append(f"{name}{measured}")
    return found


def _joined(names: list[str]) -> str:
    text = ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
    return text[0].upper() + text[1:]


def _heart(kinds: set[Any]) -> Part:
    text, keys = "", []
    if "ecg" in kinds:
        low, high = FIDUCIAL_HZ
        text += (
            "R peaks were detected with a causal form of the NeuroKit2 gradient rule (Makowski et al., "
            f"2021) and refined by parabolic interpolation of the {low:g}–{high:g} Hz signal; seconds were "
            f"excluded by a signal quality gate (agreement of two detectors ≥ {MIN_BSQI:g}; template "
            f"correlation ≥ {MIN_TEMPLATE_R:g} or acceptable after Zhao & Zhang, 2018). "
        )
        keys += ["makowski", "zhao"]
    if kinds & {"ecg", "rr"}:
        text += (
            "RR artefacts were classified after Lipponen & Tarvainen (2019) with thresholds from the last "
            f"{WINDOW_BEATS} values; successive differences that touched an artefact were dropped, never "
            f"interpolated. Heart rate was averaged over {_WINDOW_S['hr_bpm']:g} s; ln RMSSD was computed "
            f"over {_WINDOW_S['ln_rmssd']:g} s (Task Force, 1996; Munoz et al., 2015)."
        )
        keys += ["lipponen", "task_force", "munoz"]
    elif not text:
        text = (
            f"From streams of heart rate the median over {_WINDOW_S['hr_bpm']:g} s was taken; they allow no measure of "
            f"variability."
        )
    return Part(text.strip(), tuple(keys))


def _skin() -> Part:
    return Part(
        f"EDA was despiked, low-pass filtered at {EDA_LOWPASS_HZ:g} Hz (Butterworth, 2nd order, causal) and "
        "screened after Kleckner et al. (2018); the tonic level is the smoothed 20th percentile of "
        f"{_WINDOW_S['scl_us']:g} s; skin conductance responses are trough-to-peak with a threshold of "
        f"{THRESHOLD_US:g} µS or {THRESHOLD_NOISES:g} times the noise, whichever was larger, counted over "
        f"{_WINDOW_S['scr_per_min']:g} s (SPR, 2012; Boucsein, 2012).",
        ("kleckner", "spr", "boucsein"),
    )


def _zones(material: Material, calibrated: list[str]) -> Part:
    eda, heart, vagal = AROUSAL_WEIGHTS
    upper, lower = PRIOR.upper, PRIOR.lower
    text = (
        "Each person's signals were standardised against a reference of their own "
        f"({_references(material, calibrated)}), with autocorrelation-corrected scales (Sokal, 1997) that "
        f"were {_pooling(material, calibrated)} and made predictive. An arousal index (skin conductance "
        f"{eda:g}, heart speed {heart:g}, lower ln RMSSD {vagal:g}, over the SD that their correlation in "
        "the reference gives it; axes by analogy with Berntson et al., 1991) was compared each second with "
        f"an upper and a lower edge (prior {upper.mean:g} ± {upper.sd:g} and {_signed(lower.mean)} ± {lower.sd:g} "
        f"reference SD; {_marks(material, calibrated)}). Excursions were entered at p ≥ {ENTER_P:g} for "
        f"{ENTER_S} s and left at p < {LEAVE_P:g} for {LEAVE_S} s, both back-dated; the lower zone also "
        f"asked for an electrodermal score ≤ {_signed(LOW_EDA_Z)} and a heart score ≤ {_signed(LOW_HEART_Z)}. From "
        f"{MISSING_S} missing seconds on the zone was not available, and an excursion censored. The vagal "
        "part was left out during speech, where it was known, and while breathing was outside "
        f"{SLOWEST_PER_MIN:g} to {FASTEST_PER_MIN:g} per minute. Edges did not change within the session. "
        "Shares of time refer to valid seconds, with 95 % intervals from a moving-block bootstrap (60-s "
        "blocks; Künsch, 1989); return times are Kaplan–Meier medians (1958). The range between two edges "
        "follows Podolan & Gelo (2024); index, edges and zones are a proposal without published validation."
    )
    return Part(text, ("berntson", "sokal", "kunsch", "kaplan", "podolan"))


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _references(material: Material, calibrated: list[str]) -> str:
    return "; ".join(
        f"{said(code)}: "
        f"{minutes_text(number(material.summary, 'calibration', code, 'reference', 'valid_s') / 60.0)} valid "
        "min"
        for code in calibrated
    )


def _pooling(material: Material, calibrated: list[str]) -> str:
    alone = [
        mapping(material.summary, "calibration", code).get("provisional_scale") is True for code in calibrated
    ]
    if all(alone):
        return "those of this one calibration"
    if not any(alone):
        return "pooled with those of earlier calibrations"
    first = ", ".join(said(code) for code, one in zip(calibrated, alone, strict=True) if one)
    return f"pooled with those of earlier calibrations (but for {first}, who had none)"


def _marks(material: Material, calibrated: list[str]) -> str:
    found = []
    for code in calibrated:
        edges = mapping(material.summary, "calibration", code, "edges")
        above, below = (whole(mapping(edges, side), "n_marks") for side in ("upper", "lower"))
        found.append(f"{said(code)}: {above} marks above, {below} below")
    return f"{'; '.join(found)}; an edge with fewer than {MARKS_NEEDED} marks is provisional"
