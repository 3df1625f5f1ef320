"""Torn recordings are made whole, and nothing is lost before that is done."""

import errno
import io
import logging
import os
from pathlib import Path

import numpy as np
import pytest

from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamOpened, Tick
from monitor.core.model import StreamInfo
from monitor.errors import RecordingError
from monitor.xdf import repair as module
from monitor.xdf.reader import read_events
from monitor.xdf.repair import repair, verify_readable
from monitor.xdf.writer import XdfWriter


def session(footers: bool) -> bytes:
    file = io.BytesIO()
    writer = XdfWriter(file)
    info = StreamInfo(
        stream_id=1, name="S", type="ECG", channel_count=1, nominal_rate_hz=10.0, channel_format="float32"
    )
    writer.write(StreamOpened(info, ()))
    for k in range(20):
        writer.write(ClockOffset(1, float(k), 0.5))
        writer.write(Chunk(1, k + np.arange(10) / 10, np.full((10, 1), k, np.float32)))
        writer.write(Tick(k + 1.0, 1e9 + k))
        writer.boundary()
    writer.write(Annotation(19.0, "mark", "text"))
    if footers:
        writer.footers()
    return file.getvalue()


def torn(folder: Path, raw: bytes) -> Path:
    path = folder / "recording.xdf.part"
    path.write_bytes(raw)
    return path


def events_of(path: Path) -> list[Event]:
    with path.open("rb") as file:
        return list(read_events(file))


@pytest.mark.parametrize("cut", [0, 1, 7, 40, 150, 700, -1, -3000])
def test_a_torn_recording_becomes_readable_for_everyone(
    tmp_path: Path, cut: int, caplog: pytest.LogCaptureFixture
) -> None:
    pyxdf = pytest.importorskip("pyxdf")
    raw = session(footers=False)
    raw = raw[: len(raw) - cut] if cut >= 0 else raw + bytes(-cut)
    path = torn(tmp_path, raw)
    before = [str(event) for event in events_of(path)]
    report = repair(path)
    assert report.changed
    assert report.path == tmp_path / "recording.xdf"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["recording.xdf"]
    assert verify_readable(report.path).complete
    assert [str(event) for event in events_of(report.path)] == before
    assert report.lost_bytes <= max(abs(cut), 400)
    with caplog.at_level(logging.WARNING):
        streams, _ = pyxdf.load_xdf(report.path, synchronize_clocks=False, dejitter_timestamps=False)
    assert not caplog.records
    found = {s["info"]["name"][0]: s for s in streams}
    assert len(found["S"]["time_stamps"]) == report.n_samples[1]
    assert int(found["S"]["footer"]["info"]["sample_count"][0]) == report.n_samples[1]
    assert all(stream["footer"] for stream in streams)


def test_what_was_lost_is_stated_in_seconds(tmp_path: Path) -> None:
    raw = session(footers=False)
    report = repair(torn(tmp_path, raw + bytes(len(raw))))
    assert report.seconds == pytest.approx(19.0)
    assert report.lost_bytes == len(raw)
    assert report.lost_seconds == pytest.approx(19.0)


def test_a_whole_recording_only_gets_its_name(tmp_path: Path) -> None:
    raw = session(footers=True)
    report = repair(torn(tmp_path, raw))
    assert not report.changed
    assert report.path.read_bytes() == raw
    again = repair(report.path)
    assert not again.changed
    assert again.path.read_bytes() == raw


def test_a_damage_in_the_middle_stays_and_is_reported(tmp_path: Path) -> None:
    raw = bytearray(session(footers=False))
    raw[len(raw) // 2] ^= 0xFF
    report = repair(torn(tmp_path, bytes(raw)))
    assert report.path.read_bytes().startswith(bytes(raw))
    assert len(events_of(report.path)) >= 50


def test_a_full_disk_leaves_the_torn_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = torn(tmp_path, session(footers=False)[:-9])
    raw = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.shutil, "copyfileobj", full)
    with pytest.raises(RecordingError, match="unchanged"):
        repair(path)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == raw


def test_a_name_that_is_taken_is_not_overwritten(tmp_path: Path) -> None:
    path = torn(tmp_path, session(footers=False))
    path.with_suffix("").write_bytes(b"precious")
    with pytest.raises(RecordingError, match="exists"):
        repair(path)
    assert path.with_suffix("").read_bytes() == b"precious"


def test_an_empty_part_is_refused_with_words(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="empty"):
        repair(torn(tmp_path, b""))
