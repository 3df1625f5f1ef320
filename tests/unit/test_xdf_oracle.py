"""Real recordings read as the reference reader reads them."""

from pathlib import Path

import numpy as np
import pytest

from monitor.core.events import Chunk, ClockOffset, Event, StreamOpened
from monitor.xdf.reader import read_events
from monitor.xdf.source import FileSource

FILES = [
    "xdf_example_files/clock_resets.xdf",
    "xdf_example_files/empty_streams.xdf",
    "xdf_example_files/minimal.xdf",
    "xdf_example_files/twochannel_string_marker.xdf",
    "xdf_multiperson_muse/four_people_muse_36s.xdf",
    "xdf_multiperson_muse/four_people_muse_rate_anomaly_29s.xdf",
    "xdf_multiperson_muse/single_muse_30s.xdf",
    "h10_polarband2lsl_xdf/data.xdf",
]


def gather(events: list[Event], number: int) -> tuple[np.ndarray, object]:
    found = [event for event in events if isinstance(event, Chunk) and event.stream_id == number]
    if not found:
        return np.empty(0), []
    stamps = np.concatenate([chunk.stamps for chunk in found])
    if isinstance(found[0].values, tuple):
        return stamps, [list(row) for chunk in found for row in chunk.values]
    return stamps, np.concatenate([chunk.values for chunk in found])


@pytest.mark.accuracy
@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("merged", [False, True], ids=["file order", "merged"])
def test_a_recording_is_read_as_pyxdf_reads_it(data_dir: Path, name: str, merged: bool) -> None:
    pyxdf = pytest.importorskip("pyxdf")
    path = data_dir / name
    damages: list[object] = []
    with path.open("rb") as file:
        events = list(FileSource(path) if merged else read_events(file, on_damage=damages.append))
    assert not damages
    streams, _ = pyxdf.load_xdf(path, synchronize_clocks=False, dejitter_timestamps=False)
    assert sum(isinstance(event, StreamOpened) for event in events) == len(streams)
    for stream in streams:
        number = stream["info"]["stream_id"]
        stamps, values = gather(events, number)
        assert np.array_equal(stamps, stream["time_stamps"])
        if isinstance(values, list):
            assert values == list(stream["time_series"])
        else:
            assert values.dtype == stream["time_series"].dtype
            assert np.array_equal(values, stream["time_series"], equal_nan=True)
        offsets = [e for e in events if isinstance(e, ClockOffset) and e.stream_id == number]
        assert [offset.collected_s for offset in offsets] == list(stream["clock_times"])
        assert [offset.offset_s for offset in offsets] == list(stream["clock_values"])


@pytest.mark.accuracy
@pytest.mark.parametrize(
    "name", ["chunk_length_lie", "out_of_order_clock_offsets", "out_of_order_sample_chunk", "str_test"]
)
def test_a_malformed_file_is_reported_and_nothing_else(data_dir: Path, name: str) -> None:
    source = FileSource(data_dir / "xdf_rs_malformed" / f"{name}.xdf")
    list(source)
    assert source.damages
    assert all(damage.offset >= 4 and damage.text for damage in source.damages)
