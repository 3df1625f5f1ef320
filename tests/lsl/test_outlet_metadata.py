import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pylsl
import pytest

from devices.emulator.emulated_h10 import specs
from devices.emulator.emulated_shimmer import spec as shimmer_spec
from devices.outlet import Outlet, configure, local_clock
from devices.spec import ChannelSpec, OutletSpec

pytestmark = pytest.mark.lsl


@pytest.fixture
def declared() -> OutletSpec:
    ecg, _ = specs("P01")
    return replace(ecg, source_id=f"polar-h10-{uuid.uuid4()}-ecg")


@pytest.fixture
def outlet(declared: OutletSpec) -> Iterator[Outlet]:
    opened = Outlet(declared)
    yield opened
    opened.close()


def found(source_id: str) -> pylsl.StreamInfo:
    results = pylsl.resolve_byprop("source_id", source_id, minimum=1, timeout=20.0)
    assert len(results) == 1
    return results[0]


def test_the_declaration_arrives_as_the_metadata_pages_write_it(outlet: Outlet, declared: OutletSpec) -> None:
    inlet = pylsl.StreamInlet(found(declared.source_id), recover=False)
    info = inlet.info(timeout=20.0)
    assert (info.name(), info.type(), info.nominal_srate()) == ("Polar H10 P01", "ECG", 130.0)
    assert info.channel_format() == pylsl.cf_float32
    root = ET.fromstring(info.as_xml())
    channel = root.find("desc/channels/channel")
    assert channel is not None
    assert [channel.findtext(key) for key in ("label", "unit", "type")] == ["ECG", "microvolts", "ECG"]
    acquisition = root.find("desc/acquisition")
    assert acquisition is not None
    assert {child.tag: child.text for child in acquisition} == {
        "manufacturer": "Polar",
        "model": "H10",
        "serial_number": "emulated-P01",
        "firmware": "emulated",
    }
    assert root.findtext("desc/synchronization/can_drop_samples") == "true"
    assert root.findtext("desc/synchronization/offset_mean") == "0.0"
    inlet.close_stream()


def test_every_sample_keeps_its_own_stamp(outlet: Outlet, declared: OutletSpec) -> None:
    inlet = pylsl.StreamInlet(found(declared.source_id), recover=False)
    inlet.open_stream(timeout=20.0)
    stamps_s = local_clock() + np.array([0.0, 0.0077, 0.0151, 0.6, 0.6077])
    outlet.push(np.arange(5, dtype=np.float32), stamps_s)
    received, received_s = [], []
    while len(received) < 5:
        values, at_s = inlet.pull_chunk(timeout=20.0, min_samples=1)
        assert at_s
        received += [row[0] for row in values]
        received_s += at_s
    assert received == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert received_s == stamps_s.tolist()
    inlet.close_stream()


def test_an_outlet_knows_whether_anyone_reads_it(outlet: Outlet, declared: OutletSpec) -> None:
    assert not outlet.has_consumers()
    inlet = pylsl.StreamInlet(found(declared.source_id), recover=False)
    inlet.open_stream(timeout=20.0)
    assert outlet.has_consumers()
    inlet.close_stream()


def test_a_closed_outlet_is_gone_and_refuses_samples(declared: OutletSpec) -> None:
    outlet = Outlet(declared)
    found(declared.source_id)
    outlet.close()
    outlet.close()
    assert not outlet.has_consumers()
    assert pylsl.resolve_byprop("source_id", declared.source_id, minimum=1, timeout=0.5) == []
    with pytest.raises(ValueError, match="closed"):
        outlet.push(np.zeros(1), np.zeros(1))


def test_samples_and_stamps_must_agree_in_number(outlet: Outlet) -> None:
    with pytest.raises(ValueError, match="2 samples but 3 stamps"):
        outlet.push(np.zeros(2), np.zeros(3))
    outlet.push(np.zeros(0), np.zeros(0))


def test_a_missing_configuration_is_an_error_and_not_a_default(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--lsl-config"):
        configure(tmp_path / "none.cfg")


def test_the_environment_decides_where_nothing_else_does() -> None:
    assert configure() == "environment"


def test_a_declaration_that_cannot_be_recognised_again_is_refused() -> None:
    with pytest.raises(ValueError, match="source_id"):
        replace(shimmer_spec("P01"), source_id="")
    with pytest.raises(ValueError, match="no channel"):
        replace(shimmer_spec("P01"), channels=())
    with pytest.raises(ValueError, match="int16"):
        replace(shimmer_spec("P01"), channel_format="int16")
    assert shimmer_spec("P01").channels == (ChannelSpec(label="EDA", unit="microsiemens", type="EDA"),)
