"""Markers go out again as an LSL stream that any other program can take."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pylsl
import pytest

from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.markers import MARKERS
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.xdf.writer import XdfWriter

pytestmark = [pytest.mark.lsl, pytest.mark.slow]
SECONDS = 90


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    info = StreamInfo(
        stream_id=1, name="EDA", type="EDA", channel_count=1, nominal_rate_hz=32.0, channel_format="float32"
    )
    binding = Binding(channel=0, key=StreamKey("C07", Modality.EDA), unit="uS", scale=1.0, reason="test")
    path = tmp_path / "recording.xdf"
    with path.open("wb") as file:
        writer = XdfWriter(file)
        writer.write(StreamOpened(info, (binding,)))
        writer.write(ClockOffset(1, 1000.0, 0.0))
        for second in range(SECONDS):
            t = 1000.0 + second + np.arange(32) / 32.0
            writer.write(Chunk(1, t, (4.0 + np.sin(t / 7.0)).astype(np.float32).reshape(-1, 1)))
            writer.write(Tick(1001.0 + second, float("nan")))
        writer.footers()
    return path


def test_a_replay_publishes_values_units_and_statuses(recording: Path) -> None:
    code = "import sys; from monitor.app import main; sys.exit(main(sys.argv[1:]))"
    replay = subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-c",
            code,
            "replay",
            str(recording),
            "--headless",
            "--speed",
            "6",
            "--publish",
        ],
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        (found,) = pylsl.resolve_byprop("type", "attune-markers", timeout=30.0)
        inlet = pylsl.StreamInlet(found)
        info = inlet.info(timeout=20.0)
        labels = info.get_channel_labels()
        assert labels == [f"C07 {spec.name}" for spec in MARKERS]
        assert info.get_channel_units() == [spec.unit for spec in MARKERS]
        scl, heart = labels.index("C07 scl_us"), labels.index("C07 hr_bpm")
        samples = [inlet.pull_sample(timeout=20.0)[0] for _ in range(10)]
        assert all(sample is not None and np.isnan(sample[heart]) for sample in samples)
        assert any(3.0 < sample[scl] < 5.0 for sample in samples)
        inlet.close_stream()
    finally:
        _, errors = replay.communicate(timeout=60)
    assert replay.returncode == 0, errors.decode()
