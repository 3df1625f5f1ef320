"""Every marker is described, documented, and missing while there is too little data."""

from pathlib import Path

import numpy as np
import pytest

from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.markers import EDA_DEPENDENT, EDA_MARKERS, HEART_MARKERS, MARKERS, SCORE_MARKERS
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.results import MarkerRow, Status

NAMES = [spec.name for spec in MARKERS]


def test_the_registry_holds_the_names_of_the_interface() -> None:
    assert NAMES == [
        "hr_bpm",
        "rmssd_ms",
        "ln_rmssd",
        "ln_rmssd_60s",
        "sdnn_ms",
        "ln_hf_60s",
        "breathing_per_min",
        "scl_us",
        "scr_per_min",
        "scr_sum_us",
        "eda_phasic",
        "z_eda",
        "z_heart",
        "z_vagal",
        "arousal",
    ]
    assert {*HEART_MARKERS, "breathing_per_min", *EDA_MARKERS, *SCORE_MARKERS} == set(NAMES)
    assert set(EDA_DEPENDENT) <= set(NAMES)


@pytest.mark.parametrize("spec", MARKERS, ids=NAMES)
def test_every_marker_has_unit_minimum_source_and_a_section_in_the_methods(spec) -> None:
    assert spec.unit
    assert spec.minimum
    assert spec.reference
    assert spec.window_s > 0
    text = Path(__file__).resolve().parents[2].joinpath("docs", "methods.md").read_text(encoding="utf-8")
    assert f"`{spec.name}`" in text


def test_two_seconds_of_data_give_a_row_for_every_marker_and_no_value() -> None:
    pipeline = Pipeline(lateness_s=0.0)
    for i, (modality, rate) in enumerate(((Modality.ECG, 130.0), (Modality.EDA, 50.0)), start=1):
        info = StreamInfo(
            stream_id=i,
            name=modality,
            type="",
            channel_count=1,
            nominal_rate_hz=rate,
            channel_format="float32",
        )
        key = StreamKey("A", modality)
        pipeline.push(StreamOpened(info, (Binding(channel=0, key=key, unit="", scale=1.0, reason=""),)))
        pipeline.push(ClockOffset(i, 0.0, 0.0))
        t = np.arange(0.0, 2.0, 1.0 / rate)
        pipeline.push(Chunk(i, t, (4.0 + np.sin(t)).reshape(-1, 1)))
    rows = [row for row in pipeline.push(Tick(2.0, float("nan"))) if isinstance(row, MarkerRow)]
    assert [row.marker for row in rows] == NAMES * 2
    assert all(row.status is Status.NA and np.isnan(row.value) for row in rows)
    assert all(row.reason for row in rows)
