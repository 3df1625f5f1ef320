"""Polar's measurement service: commands, answers, and frames."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.errors import DeviceError, Reason
from devices.protocols import pmd

LAYOUTS = [
    (pmd.Measurement.ECG, 0, False, 1, 3),
    (pmd.Measurement.ACC, 0, False, 3, 1),
    (pmd.Measurement.ACC, 1, False, 3, 2),
    (pmd.Measurement.ACC, 2, False, 3, 3),
    (pmd.Measurement.PPG, 0, False, 4, 3),
    (pmd.Measurement.ACC, 1, True, 3, 2),
    (pmd.Measurement.PPG, 0, True, 4, 3),
    (pmd.Measurement.GYR, 0, True, 3, 2),
]


@st.composite
def frames(draw):
    measurement, frame_type, compressed, n_channels, n_bytes = draw(st.sampled_from(LAYOUTS))
    bound = 1 << (8 * n_bytes - 1)
    largest = draw(st.sampled_from([0, 1, 5, 100, bound - 1]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    samples = rng.integers(
        -min(largest + 1, bound), min(largest + 1, bound), (draw(st.integers(1, 600)), n_channels)
    )
    return pmd.Frame(
        measurement=measurement,
        device_ns=draw(st.integers(0, 2**64 - 1)),
        samples=samples,
        frame_type=frame_type,
        compressed=compressed,
    )


def test_bytes_of_a_true_control_point_are_read_as_expected(data_dir):
    vectors = json.loads((data_dir / "ble_byte_vectors" / "vectors.json").read_text())["pmd_control_H10"]
    said = {vector["meaning"]: bytes.fromhex(vector["hex"]) for vector in vectors}
    assert pmd.decode_features(said["features: ECG+ACC"]) == {pmd.Measurement.ECG, pmd.Measurement.ACC}
    answer = pmd.decode_response(said["ECG settings 130 Hz, 14 bit"])
    offers = pmd.decode_settings(answer.parameters)
    assert offers == {pmd.Setting.RATE_HZ: (130,), pmd.Setting.RESOLUTION_BITS: (14,)}
    chosen = {setting: values[0] for setting, values in offers.items()}
    assert pmd.start_request(pmd.Measurement.ECG, chosen) == said["start ECG"]
    assert pmd.decode_response(said["ERROR_INVALID_PARAMETER"]).status == pmd.Status.BAD_PARAMETER
    assert pmd.decode_response(said["start SUCCESS"]).status == pmd.Status.OK


def test_commands_are_as_the_specification_writes_them():
    chosen = {pmd.Setting.RATE_HZ: 200, pmd.Setting.RESOLUTION_BITS: 16, pmd.Setting.RANGE: 8}
    assert pmd.start_request(pmd.Measurement.ACC, chosen).hex() == "02020001c800010110000201" + "0800"
    assert pmd.settings_request(pmd.Measurement.ACC) == b"\x01\x02"
    assert pmd.stop_request(pmd.Measurement.ECG) == b"\x03\x00"
    request = pmd.decode_request(pmd.start_request(pmd.Measurement.ACC, chosen))
    assert request == pmd.Request(command=pmd.Command.START, measurement=pmd.Measurement.ACC, settings=chosen)


def test_the_settings_of_the_specification_are_read():
    offers = pmd.decode_settings(bytes.fromhex("0004 1900 3200 6400 c800 0101 1000 0203 0200 0400 0800"))
    assert offers[pmd.Setting.RATE_HZ] == (25, 50, 100, 200)
    assert offers[pmd.Setting.RANGE] == (2, 4, 8)
    assert pmd.encode_settings(offers).hex() == "0004190032006400c80001011000020302000400" + "0800"


def test_settings_end_at_one_of_later_firmware():
    assert pmd.decode_settings(bytes.fromhex("0001 8200 2001 00")) == {pmd.Setting.RATE_HZ: (130,)}


def test_a_setting_cut_short_is_garbage():
    with pytest.raises(DeviceError) as caught:
        pmd.decode_settings(bytes.fromhex("0002 8200"))
    assert caught.value.reason is Reason.GARBAGE


def test_a_factor_is_a_single_precision_number():
    offers = pmd.decode_settings(bytes.fromhex("0501 0000803f"))
    assert pmd.factor_of(offers[pmd.Setting.FACTOR][0]) == 1.0


def test_a_stop_by_the_device_is_told_from_an_answer():
    assert pmd.decode_stopped(pmd.encode_stopped(pmd.Measurement.ECG)) == (pmd.Measurement.ECG,)
    assert pmd.decode_stopped(b"\x01\x20") == ()
    assert pmd.decode_stopped(b"\xf0\x02\x00\x00\x00") is None


def test_a_refusal_without_the_last_byte_is_read():
    answer = pmd.decode_response(bytes.fromhex("f0 02 00 0a"))
    assert answer.status == pmd.Status.BAD_MTU
    assert "code 10" in answer.words


def test_three_bytes_are_signed_microvolts():
    frame = pmd.decode_frame(
        b"\x00" + (7).to_bytes(8, "little") + b"\x00" + bytes.fromhex("ffffff 000080 ffff7f 010000")
    )
    assert frame.samples[:, 0].tolist() == [-1, -(2**23), 2**23 - 1, 1]
    assert frame.device_ns == 7


def test_differences_are_packed_lowest_bit_first():
    # First sample (1, 2, 3); then two samples of 3-bit differences: (1, -1, 2), (-4, 3, 0).
    bits = sum((value & 7) << (3 * place) for place, value in enumerate([1, -1, 2, -4, 3, 0]))
    body = bytes.fromhex("0100 0200 0300") + bytes([3, 2]) + bits.to_bytes(3, "little")
    frame = pmd.decode_frame(b"\x02" + bytes(8) + b"\x81" + body)
    assert frame.samples.tolist() == [[1, 2, 3], [2, 1, 5], [-2, 4, 5]]


@settings(max_examples=150)
@given(frames())
def test_frames_are_read_back_as_written(frame):
    again = pmd.decode_frame(pmd.encode_frame(frame))
    assert np.array_equal(again.samples, frame.samples)
    assert (again.measurement, again.device_ns, again.frame_type, again.compressed) == (
        frame.measurement,
        frame.device_ns,
        frame.frame_type,
        frame.compressed,
    )


@given(frames(), st.data())
def test_half_a_frame_is_never_read_as_a_whole_one(frame, data):
    whole = pmd.encode_frame(frame)
    cut = data.draw(st.integers(0, len(whole) - 1))
    reason = None
    try:
        part = pmd.decode_frame(whole[:cut])
    except DeviceError as error:
        reason = error.reason
    else:
        assert np.array_equal(part.samples, frame.samples[: len(part.samples)])
        assert len(part.samples) < len(frame.samples)
    assert reason in {None, Reason.GARBAGE}


@pytest.mark.parametrize(("frame_type", "message"), [(9, "layout"), (0, "shape"), (1, "fit")])
def test_frames_that_have_no_layout_are_not_written(frame_type, message):
    samples = np.full((2, 1 if frame_type == 0 else 3), 1 << 20)
    frame = pmd.Frame(measurement=pmd.Measurement.ACC, device_ns=0, samples=samples, frame_type=frame_type)
    with pytest.raises(ValueError, match=message):
        pmd.encode_frame(frame)


def refuse_or_read(data: bytes) -> None:
    for read in (
        pmd.decode_frame,
        pmd.decode_response,
        pmd.decode_request,
        pmd.decode_settings,
        pmd.decode_features,
    ):
        reason = None
        try:
            read(data)
        except DeviceError as error:
            reason = error.reason
        assert reason in {None, Reason.GARBAGE}
    pmd.decode_stopped(data)


def random_bytes(rng: np.random.Generator) -> bytes:
    """Random bytes, half of them with a plausible head."""
    data = rng.bytes(int(rng.integers(0, 64)))
    if rng.random() < 0.5:
        head = bytes([rng.choice([0, 1, 2, 5, 6])]) + rng.bytes(8) + bytes([rng.choice([0, 1, 0x80, 0x81])])
        return head + data
    return data


def test_two_thousand_random_pieces_are_read_or_refused():
    rng = np.random.default_rng(5)
    for _ in range(2_000):
        refuse_or_read(random_bytes(rng))


@pytest.mark.soak
def test_a_hundred_thousand_random_pieces_are_read_or_refused():
    rng = np.random.default_rng(6)
    for _ in range(100_000):
        refuse_or_read(random_bytes(rng))
