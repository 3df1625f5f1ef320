"""Notifications of the heart-rate service, against true bytes and against themselves."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.errors import DeviceError, Reason
from devices.protocols import heart_rate
from devices.protocols.heart_rate import HeartRateMeasurement

words = st.integers(0, 0xFFFF)
measurements = st.builds(
    HeartRateMeasurement,
    bpm=words,
    contact=st.sampled_from([None, True, False]),
    energy_kj=st.none() | words,
    rr_1024=st.lists(words, max_size=9).map(tuple),
)


def test_bytes_of_true_straps_are_read_as_expected(data_dir):
    vectors = json.loads((data_dir / "ble_byte_vectors" / "vectors.json").read_text())
    for vector in vectors["hr_measurement_0x2A37"]:
        measured = heart_rate.decode(bytes.fromhex(vector["hex"]))
        assert measured.bpm == vector["bpm"]
        assert measured.contact == vector["contact"]
        assert list(measured.rr_1024) == vector["rr_1024"]
        assert measured.encode() == bytes.fromhex(vector["hex"])


@given(measurements, st.booleans())
def test_what_is_written_is_read_back(measured, wide):
    assert heart_rate.decode(measured.encode(wide=wide)) == measured


def test_energy_stands_between_rate_and_intervals():
    measured = heart_rate.decode(bytes.fromhex("1f 2c01 0500 0004 0108"))
    assert measured == HeartRateMeasurement(bpm=300, contact=True, energy_kj=5, rr_1024=(1024, 2049))


def test_reserved_flags_are_ignored():
    assert heart_rate.decode(bytes.fromhex("f0 3c 0004")) == heart_rate.decode(bytes.fromhex("10 3c 0004"))


@pytest.mark.parametrize("data", ["", "00", "01 3c", "10 3c 00", "10 3c 0004 01", "08 3c 01", "00 3c 00 04"])
def test_a_length_that_does_not_fit_the_flags_is_garbage(data):
    with pytest.raises(DeviceError) as caught:
        heart_rate.decode(bytes.fromhex(data))
    assert caught.value.reason is Reason.GARBAGE


@given(st.binary(max_size=24))
def test_any_bytes_are_read_or_refused(data):
    reason = None
    try:
        measured = heart_rate.decode(data)
    except DeviceError as error:
        reason = error.reason
    else:
        assert 0 <= measured.bpm <= 0xFFFF
        assert len(measured.rr_1024) <= len(data) // 2
    assert reason in {None, Reason.GARBAGE}


@pytest.mark.parametrize(
    ("data", "percent"), [("57", 87), ("00", 0), ("64", 100), ("65", None), ("ff", None), ("", None)]
)
def test_a_battery_level_above_hundred_is_unknown(data, percent):
    assert heart_rate.decode_battery(bytes.fromhex(data)) == percent


@pytest.mark.parametrize(
    ("data", "text"), [(b"H10\0\0", "H10"), (b" 3.3.1 ", "3.3.1"), (b"\xff\x01A", "A"), (b"", "")]
)
def test_texts_of_devices_lose_their_padding(data, text):
    assert heart_rate.decode_text(data) == text
