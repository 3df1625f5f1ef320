"""The wire between devices and monitor is LSL metadata: both vocabularies must mean the same."""

import pytest

from devices.emulator import emulated_h10, emulated_shimmer
from devices.spec import OutletSpec
from monitor.core.model import ChannelInfo, Modality, StreamInfo, StreamKey
from monitor.roles import bind
from monitor.room import Room

SPECS = [
    (spec, Modality(spec.type.lower())) for spec in (*emulated_h10.specs("C07"), emulated_shimmer.spec("C07"))
]


def as_received(spec: OutletSpec) -> StreamInfo:
    channels = tuple(ChannelInfo(label=c.label, unit=c.unit, type=c.type) for c in spec.channels)
    return StreamInfo(
        stream_id=1,
        name=spec.name,
        type=spec.type,
        source_id=spec.source_id,
        channel_count=len(spec.channels),
        nominal_rate_hz=spec.nominal_rate_hz,
        channel_format=spec.channel_format,
        channels=channels,
    )


@pytest.mark.parametrize(("spec", "modality"), SPECS, ids=[spec.name for spec, _ in SPECS])
def test_what_a_bridge_declares_is_what_the_monitor_understands(spec: OutletSpec, modality: Modality) -> None:
    (binding,) = bind(as_received(spec), Room.from_options(client="C07"))
    assert binding.key == StreamKey("C07", modality)
    assert binding.scale == 1.0
    assert binding.reason
