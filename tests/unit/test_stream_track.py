"""What is kept of one stream between two pushes."""

import numpy as np
import pytest

from devices.spec import ChannelSpec
from devices.tracking import StreamTrack
from tests.bridge_fakes import ECG, stream


def test_a_rate_needs_two_samples():
    track = StreamTrack(ECG)
    assert track.rate_hz(0.0) is None
    track.admit(np.zeros(1), np.array([5.0]))
    assert track.rate_hz(5.0) is None
    track.admit(np.zeros(1), np.array([5.5]))
    assert track.rate_hz(5.5) == pytest.approx(2.0)


def test_a_rate_forgets_what_is_older_than_ten_seconds():
    track = StreamTrack(ECG)
    for start_s in np.arange(0.0, 20.0, 0.5):
        track.admit(np.zeros(50), start_s + np.arange(50) / 100.0)
    for start_s in np.arange(20.0, 40.0, 0.5):
        track.admit(np.zeros(65), start_s + np.arange(65) / 130.0)
    assert track.rate_hz(40.0) == pytest.approx(130.0, rel=1e-3)


def test_a_stream_that_fell_silent_has_a_rate_of_zero():
    track = StreamTrack(ECG)
    track.admit(np.zeros(100), np.arange(100) / 100.0)
    assert track.rate_hz(5.0) == pytest.approx(100.0)
    assert track.rate_hz(12.0) == 0.0


def test_channels_stay_together_when_a_sample_is_dropped():
    channels = tuple(ChannelSpec(label=label, unit="milli-g", type="ACC") for label in "XYZ")
    track = StreamTrack(stream("ACC", channels=channels))
    values, stamps_s = track.admit(np.arange(9.0).reshape(3, 3), np.array([1.0, 0.5, 2.0]))
    assert values.tolist() == [[0.0, 1.0, 2.0], [6.0, 7.0, 8.0]]
    assert stamps_s.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("n_values", [1, 3])
def test_values_and_stamps_must_agree(n_values):
    with pytest.raises(ValueError, match="2 stamps"):
        StreamTrack(ECG).admit(np.zeros(n_values), np.zeros(2))
