"""A small session written as tables and summary, for the tests of its page: every number in it is known by hand."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from monitor import __distribution__, __version__
from monitor.core.markers import MARKERS
from monitor.core.results import MarkerRow, Reason, Status, SynchronyRow, ZoneRow
from monitor.settings import Settings
from monitor.tables.files import TableFormat
from monitor.tables.writer import TableWriter

SECONDS = 600
GAP = (100, 130)
"""Seconds without arousal, by lead off."""

EXCURSION = {
    "zone": "above",
    "t_on_s": 200.0,
    "t_off_s": 260.0,
    "duration_s": 60.0,
    "censored": False,
    "peak": 4.25,
    "peak_t_s": 220.0,
    "area": 60.0,
    "led_by": "eda",
    "pre_level": 0.1,
    "half_recovery_s": None,
    "below_floor": True,
    "fit_half_s": None,
    "fit_r2": None,
    "na_share": 0.0,
}


def marker_rows(people: Iterable[str], seconds: int = SECONDS) -> Iterable[MarkerRow]:
    """Rows of four markers: valid but for the first ten seconds, LOW for the next ten, and a gap of arousal."""
    units = {spec.name: (spec.unit, spec.window_s) for spec in MARKERS}
    levels = {"hr_bpm": 70.0, "ln_rmssd": 3.5, "scl_us": 4.0, "arousal": 0.0}
    for second in range(1, seconds + 1):
        for code in people:
            for marker, level in levels.items():
                unit, window_s = units[marker]
                status, reason = Status.OK, Reason.NONE
                if second <= 10:
                    status, reason = Status.NA, Reason.WARMUP
                elif second <= 20:
                    status, reason = Status.LOW, Reason.MOTION
                elif marker == "arousal" and GAP[0] <= second < GAP[1]:
                    status, reason = Status.NA, Reason.LEAD_OFF
                value = float("nan") if status is Status.NA else level + 0.1 * (second % 7)
                yield MarkerRow(
                    code,
                    marker,
                    second - window_s / 2.0,
                    second + 3.0,
                    value,
                    float("nan"),
                    unit,
                    status,
                    reason,
                    window_s,
                    0.0 if status is Status.NA else 1.0,
                )


def summary_of(people: dict[str, str], *, calibrated: bool = True, seconds: int = SECONDS) -> dict[str, Any]:
    """Return the summary that belongs to the rows."""
    whole = seconds / 60.0
    minutes = {"ok": round(whole - 20 / 60, 2), "low": round(10 / 60, 2), "na": round(10 / 60, 2)}
    gap = {"ok": round(whole - 50 / 60, 2), "low": round(10 / 60, 2), "na": round(40 / 60, 2)}
    codes = list(people)
    reference = {"start_s": 0.0, "stop_s": 300.0, "valid_s": 290, "responder": True}
    edge = {"mean": 2.5, "sd": 0.5, "n_marks": 0}
    zones = {
        "valid_minutes": 9.33,
        "shares": {
            "within": {"share": 0.89, "low": 0.8, "high": 0.95},
            "above": {"share": 0.11, "low": 0.05, "high": 0.2},
            "below": {"share": 0.0, "low": None, "high": None},
        },
        "near_edge_share": 0.02,
        "n_above": 1,
        "n_below": 0,
        "return_n": 1,
        "return_n_censored": 0,
        "return_median_s": 60.0,
        "return_low_s": None,
        "return_high_s": None,
        "half_recovery_median_s": None,
        "n_below_floor": 1,
        "excursions": [EXCURSION],
    }
    return {
        "versions": {__distribution__: __version__, "python": "3.11.0", "numpy": "2.4.0"},
        "source": "recording.xdf",
        "t0_lsl_s": 1000.0,
        "t0_utc": "2026-11-22T10:15:42+00:00",
        "duration_s": float(seconds),
        "participants": people,
        "settings": Settings().as_mapping(),
        "streams": [
            {
                "stream_id": place,
                "title": f"Polar H10 {code} @ annas-laptop",
                "participant": code,
                "modality": "ecg",
                "declared_rate_hz": 130.0,
                "measured_rate_hz": 130.2,
                "n_samples": 77000,
                "n_rejected": 0,
                "gaps": [{"start_s": 100.0, "stop_s": 106.0}],
                "gap_s": 6.0,
                "clock": {"n_offsets": 100, "drift_ppm": 12.0, "n_resets": 0, "verified": True},
                "warnings": [],
            }
            for place, code in enumerate(codes, start=1)
        ],
        "valid_minutes": {
            code: {"hr_bpm": minutes, "ln_rmssd": minutes, "scl_us": minutes, "arousal": gap}
            for code in codes
        },
        "totals": {"rows": {}},
        "warnings": [
            {
                "t_s": 65.0,
                "subject": "Polar H10 C07 @ annas-laptop",
                "label": "gap",
                "text": "Frames were lost.",
            }
        ],
        "calibration": {
            code: {
                "profile": True,
                "calibrated_utc": "2026-11-22T09:00:00+00:00",
                "taken_in_session": False,
                "provisional_scale": False,
                "edges": {"upper": edge, "lower": {"mean": -2.5, "sd": 0.75, "n_marks": 4}},
                "reference": reference if calibrated else None,
                "problem": "" if calibrated else "not_calibrated",
                "text": "",
            }
            for code in codes
        },
        "zones": {
            code: zones if calibrated else {"valid_minutes": 0.0, "shares": {}, "excursions": []}
            for code in codes
        },
        "dyads": _dyads(codes) if calibrated else [],
        "synchrony": _synchrony(codes),
        "ticks": "recorded",
        "recording": {"n_bytes": 1, "incidents": []},
        "notes": [
            {"t_s": 170.0, "kind": "note", "label": "rupture", "participant": "", "by": "therapist"},
            {"t_s": 330.0, "kind": "mark", "label": "too_much", "participant": codes[0], "by": "client"},
        ],
    }


def write_session(
    folder: Path,
    people: dict[str, str] | None = None,
    *,
    calibrated: bool = True,
    file_format: TableFormat = "parquet",
    seconds: int = SECONDS,
    **changes: Any,
) -> Path:
    """Write tables and summary of a session into a folder."""
    people = people or {"C07": "client", "T02": "therapist"}
    codes = list(people)
    folder.mkdir(parents=True, exist_ok=True)
    writer = TableWriter(folder, file_format=file_format, participants=people)
    writer.push(marker_rows(codes, seconds))
    for code in codes:
        for zone, start, stop in (
            ("within", 5.0, 200.0),
            ("above", 200.0, 260.0),
            ("within", 260.0, seconds - 15.0),
        ):
            writer.push([ZoneRow(code, zone, start, stop, False, float("nan"), float("nan"), float("nan"))])
    for first, second in _pairs(codes):
        for t_s in range(30, seconds + 1, 30):
            few = t_s < 300
            z = float("nan") if few else 2.0 + t_s / 1000.0
            status = Status.NA if few else Status.OK
            reason = Reason.TOO_FEW_SEGMENTS if few else Reason.NONE
            writer.push(
                [SynchronyRow(first, second, "eda", float(t_s), z, -1.6, 1.6, float("nan"), status, reason)]
            )
    rows = writer.close()
    summary = summary_of(people, calibrated=calibrated, seconds=seconds) | changes
    summary["totals"] = {"rows": rows}
    (folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    return folder


def _pairs(codes: list[str]) -> list[tuple[str, str]]:
    return [(a, b) for place, a in enumerate(codes) for b in codes[place + 1 :]]


def _dyads(codes: list[str]) -> list[dict[str, Any]]:
    back = {
        "return_n": 1,
        "return_n_censored": 0,
        "return_median_s": 60.0,
        "return_low_s": None,
        "return_high_s": None,
    }
    none = back | {"return_n": 0, "return_median_s": None}
    return [
        {
            "first": first,
            "second": second,
            "zones": ["within", "above", "below"],
            "joint_s": [[480, 0, 0], [30, 30, 0], [0, 0, 0]],
            "joint_valid_minutes": 9.0,
            "both_within_share": 480 / 540,
            "return_with_second_within": back,
            "return_with_second_outside": none,
            "n_returns_with_second_unknown": 0,
        }
        for first, second in _pairs(codes)
    ]


def _synchrony(codes: list[str]) -> dict[str, Any]:
    if len(codes) < 2:
        return {}
    session = [
        {
            "first": first,
            "second": second,
            "signal": "eda",
            "n_segments": 20,
            "valid_minutes": 10.0,
            "z": 2.6,
            "p": 0.004,
            "chance_lo": -1.6,
            "chance_hi": 1.6,
            "z_in_phase": 2.0,
            "z_anti_phase": 0.0,
            "z_lead": -3.0,
            "lag_s": -2.1,
            "status": "OK",
            "reason": "",
        }
        for first, second in _pairs(codes)
    ]
    method = {
        "method": "susy",
        "first": codes[0],
        "second": codes[1],
        "signal": "eda",
        "status": "OK",
        "reason": "",
        "text": "",
        "values": {"z": 0.3, "z_pseudo": 0.25, "es": 1.5},
        "null_model": "all pairs of different segments",
    }
    return {
        "participants": codes,
        "session": session,
        "matrix": {},
        "group": {},
        "methods": [method],
        "signals": {},
    }
