"""The summary of a session."""

import json
from pathlib import Path

import numpy as np

from monitor.core.model import Modality, StreamInfo
from monitor.core.reports import ClockReport, Gap, StreamReport
from monitor.core.results import Notice
from monitor.tables.summary import build_summary, write_summary
from monitor.tables.writer import Validity

NAN = float("nan")
INFO = StreamInfo(
    stream_id=1,
    name="Polar",
    type="ECG",
    hostname="lab",
    channel_count=1,
    nominal_rate_hz=130.0,
    channel_format="float32",
)


def _summary(t0_utc_s: float = 0.0) -> dict[str, object]:
    clock = ClockReport(n_offsets=3, median_offset_s=0.5, drift_ppm=NAN, n_resets=0, verified=True)
    reports = [
        StreamReport(
            info=INFO,
            participant="C07",
            modality=Modality.ECG,
            measured_rate_hz=129.9,
            n_samples=1000,
            n_rejected=2,
            gaps=(Gap(1.0, 2.5), Gap(7.0, 8.0)),
            clock=clock,
        ),
        StreamReport(info=INFO, n_samples=5),
    ]
    return build_summary(
        source="recording.xdf",
        t0_lsl_s=100.0,
        t0_utc_s=t0_utc_s,
        duration_s=3000.0,
        participants={"C07": "client"},
        streams=reports,
        validity={("C07", "hr_bpm"): Validity(n_ok=90, n_low=30, n_na=0)},
        rows={"markers": 120},
        notices=[Notice(NAN, "Polar", "stalled", "It stands still. Check the strap.")],
        settings={"x": np.float64(1.5), "bad": np.inf, "path": Path("a"), "flag": True, "n": np.int64(3)},
    )


def test_a_summary_says_what_was_found_and_made() -> None:
    summary = json.loads(json.dumps(_summary(), allow_nan=False))
    ecg = summary["streams"][0]
    assert (ecg["title"], ecg["modality"], ecg["participant"]) == ("Polar @ lab", "ecg", "C07")
    assert (ecg["declared_rate_hz"], ecg["measured_rate_hz"]) == (130.0, 129.9)
    assert ecg["gaps"] == [{"start_s": 1.0, "stop_s": 2.5}, {"start_s": 7.0, "stop_s": 8.0}]
    assert summary["valid_minutes"] == {"C07": {"hr_bpm": {"ok": 1.5, "low": 0.5, "na": 0.0}}}
    assert summary["totals"] == {
        "rows": {"markers": 120},
        "n_streams": 2,
        "n_samples": 1005,
        "n_rejected": 2,
        "gap_s": 2.5,
    }
    assert summary["t0_utc"] == "1970-01-01T00:00:00+00:00"
    assert "numpy" in summary["versions"]


def test_what_is_not_known_is_null_never_nan() -> None:
    summary = json.loads(json.dumps(_summary(t0_utc_s=NAN), allow_nan=False))
    assert summary["t0_utc"] is None
    assert summary["streams"][0]["clock"]["drift_ppm"] is None
    assert summary["streams"][1]["measured_rate_hz"] is None
    assert summary["streams"][1]["participant"] is None
    assert summary["warnings"][0]["t_s"] is None
    assert summary["settings"] == {"x": 1.5, "bad": None, "path": "a", "flag": True, "n": 3}


def test_a_summary_is_written_the_same_twice(tmp_path: Path) -> None:
    path = write_summary(tmp_path, _summary())
    first = path.read_bytes()
    write_summary(tmp_path, _summary())
    assert path.read_bytes() == first
    assert json.loads(first)["source"] == "recording.xdf"
