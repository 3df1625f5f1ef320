"""What real senders declare, row by row, and what must be made of it."""

import math
from typing import Any

import pytest

from monitor.core.model import ChannelInfo, Modality, StreamInfo
from monitor.core.recognition import recognise
from monitor.core.units import normal_unit

ECG, EDA, HR, RR, PPG, ACC, TEMP, MARKERS = (
    Modality.ECG,
    Modality.EDA,
    Modality.HR,
    Modality.RR,
    Modality.PPG,
    Modality.ACC,
    Modality.TEMP,
    Modality.MARKERS,
)


def stream(
    name: Any,
    kind: Any,
    n: Any = 1,
    rate: Any = 0.0,
    fmt: Any = "float32",
    labels: Any = (),
    units: Any = (),
    source_id: Any = "",
) -> Any:
    channels = tuple(
        ChannelInfo(label=label, unit=units[i] if i < len(units) else "") for i, label in enumerate(labels)
    )
    return StreamInfo(
        stream_id=0,
        name=name,
        type=kind,
        source_id=source_id,
        channel_count=n,
        nominal_rate_hz=rate,
        channel_format=fmt,
        channels=channels,
    )


CERTAIN = [
    (stream("PolarBand", "ECG", 1, 130, labels=["ECG"], units=["microvolts"]), [(0, ECG, 1.0)]),
    (stream("Dev_acc", "Accelerometer", 3, 200, labels=list("XYZ")), [(i, ACC, 1.0) for i in range(3)]),
    (stream("base rawECG", "ECG", 1, 130, labels=["ecg"], units=["µV"]), [(0, ECG, 1.0)]),
    (stream("PolarH10_12AB_HR", "HR", 1, 1), [(0, HR, 1.0)]),
    (stream("PolarHeartRate", "HeartRate", 2, 1, labels=["HR", "RR"]), [(0, HR, 1.0), (1, RR, 1.0)]),
    (stream("PolarOH1_PPG", "PPG", 3, 130), [(i, PPG, 1.0) for i in range(3)]),
    (stream("RR interval", "Markers", fmt="int16"), [(0, RR, 1.0)]),
    (stream("RRinterval", "ExciteOMeter", fmt="int16"), [(0, RR, 1.0)]),
    (stream("Nonin_Stream", "HeartRate"), [(0, HR, 1.0)]),
    (stream("PPG_RED", "PPGRed", 1, 25), [(0, PPG, 1.0)]),
    (stream("EDA", "EDA", 1, 15), [(0, EDA, 1.0)]),
    (stream("SCR_AMP", "SCRAmplitude"), []),
    (stream("SCR_FREQ", "SCRFrequency"), []),
    (stream("THERM", "THERM"), [(0, TEMP, 1.0)]),
    (stream("gsr", "GSR", 1, 4), [(0, EDA, 1.0)]),
    (stream("ibi", "IBI", 1, 1), [(0, RR, 1.0)]),
    (
        stream(
            "OpenSignals", "00:07:80:0F", 3, 1000, labels=["nSeq", "ECG0", "EDA1"], units=["", "mV", "uS"]
        ),
        [(1, ECG, 1e3), (2, EDA, 1.0)],
    ),
    (stream("Bitalino", "bitalino", 11, 1000, "int64"), []),
    (stream("GSR", "GSR", 5, 1, labels=["flags", "counter", "lsb", "msb", "value"]), [(4, EDA, 1.0)]),
    (stream("Muse", "EEG", 5, 256, labels=["TP9", "AF7", "AF8", "TP10", "AUX"]), []),
    (stream("LiveAmp", "EEG", 3, 500, labels=["Fp1", "ECG", "x"], units=["microvolts"] * 3), [(1, ECG, 1.0)]),
    (stream("LiveAmp-Markers", "Markers", fmt="string"), [(0, MARKERS, 1.0)]),
    (stream("S_GSR", "GSR_Skin_Conductance_CAL", 1, 51.2, labels=["x"], units=["uS"]), [(0, EDA, 1.0)]),
    (stream("x", "RR", labels=["RR"], units=["s"]), [(0, RR, 1e3)]),
    (stream("attune-markers", "attune-markers", 2, labels=["C07 hr_bpm", "HR"]), []),
    (stream("EDA", "EDA", fmt="string"), []),
]

UNCERTAIN = [
    (stream("PolarH10_HR", "HEART_RATE", 2), [HR, HR], "name the channel"),
    (stream("PolarHRV", "ECG"), [RR], "irregular"),
    (stream("ibi", "IBI", 1, 64), [RR], "held at 64 Hz"),
    (stream("ShimmerGSR", "GSR", 1, 51.2, "int32"), [EDA], "raw converter words"),
    (stream("Shimmer_gsr", "GSR", 1, 51.2, source_id="shimmer_ohm"), [EDA], "resistance"),
    (stream("Shimmer_Data", "Signals", 5, 51.2, labels=["GSR"], units=["kOhms"]), [EDA], "resistance"),
    (stream("g", "EDA", labels=["EDA"], units=["nS"]), [EDA], "not converted"),
    (stream("g", "EDA", labels=["EDA"], units=["raw"]), [EDA], "raw converter words"),
    (stream("g", "EDA", labels=["EDA"], units=["kΩ"]), [EDA], "resistance"),
    (stream("HR of somebody", "ECG", 1, 130), [ECG], "but name"),
    (stream("x", "HRV"), [RR], "HRV"),
]


@pytest.mark.parametrize(("info", "expected"), CERTAIN, ids=lambda value: getattr(value, "name", None))
def test_a_clear_stream_is_recognised_without_asking(info: Any, expected: Any) -> None:
    found = recognise(info)
    assert [(c.channel, c.modality, c.scale) for c in found] == expected
    assert all(c.certain and c.reason for c in found)


@pytest.mark.parametrize(
    ("info", "modalities", "word"), UNCERTAIN, ids=lambda value: getattr(value, "name", None)
)
def test_a_doubtful_stream_is_named_with_its_doubt(info: Any, modalities: Any, word: Any) -> None:
    found = recognise(info)
    assert [c.modality for c in found] == modalities
    assert not any(c.certain for c in found)
    assert all(word in c.reason for c in found)


def test_a_mixed_stream_is_judged_channel_by_channel() -> None:
    info = stream("AEON", "", 6, 130, labels=["ECG", "HR", "RRI", "AccX", "AccY", "AccZ"])
    found = recognise(info)
    assert [c.modality for c in found] == [ECG, HR, RR, ACC, ACC, ACC]
    assert [c.certain for c in found] == [True, True, False, True, True, True]


@pytest.mark.parametrize("unit", ["kOhm", "ohm", "nS", "raw", "counts", "furlong"])
def test_no_factor_is_made_up_for_a_unit_that_does_not_convert(unit: Any) -> None:
    (found,) = recognise(stream("g", "EDA", labels=["EDA"], units=[unit]))
    assert math.isnan(found.scale)
    assert not found.certain


@pytest.mark.parametrize(
    ("text", "normal"),
    [("µV", "uV"), ("μV", "uV"), ("microvolts", "uV"), ("mV", "mV"), ("V", "V"), ("µS", "uS"),
     ("micro-Siemens", "uS"),
     ("kΩ", "kOhm"), ("k\u2126", "kOhm"), ("Ohms", "Ohm"), ("#", "raw"), ("ADC", "raw"), ("", ""), ("S", "S"),
     ("s", "s"), ("msec", "ms"), ("BPM", "bpm"), ("furlong", "furlong")],
)  # fmt: skip
def test_spellings_of_a_unit_have_one_normal_form(text: Any, normal: Any) -> None:
    assert normal_unit(text) == normal


def test_the_reason_can_be_read_by_a_user() -> None:
    (found,) = recognise(stream("a", "GSR", labels=["x"], units=["microsiemens"]))
    assert found.reason == 'type "GSR" and unit "microsiemens"'
