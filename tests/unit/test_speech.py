"""Who speaks: recognition of what tells it, marks, and the spoken share of a window."""

import math
from typing import Any

import numpy as np
import pytest

from monitor.core.model import CANONICAL_UNIT, ChannelInfo, Modality, StreamInfo
from monitor.core.recognition import is_audio, is_speech_marks, recognise
from monitor.core.speech import SpeechLog, hold_s
from monitor.core.speech_marks import SpeechMarks, read_mark


def stream(name: Any, kind: Any, rate: Any = 0.0, fmt: Any = "float32", labels: Any = ()) -> StreamInfo:
    return StreamInfo(
        stream_id=1,
        name=name,
        type=kind,
        channel_count=max(len(labels), 1),
        nominal_rate_hz=rate,
        channel_format=fmt,
        channels=tuple(ChannelInfo(label=label) for label in labels),
    )


def activity(start_s: float, stop_s: float, rate_hz: float, value: float) -> Any:
    t_s = np.arange(start_s, stop_s, 1.0 / rate_hz)
    return t_s, np.full(t_s.size, value)


VOICE_ACTIVITY = [
    stream("webrtc C07", "VAD", 50.0),
    stream("C07", "VoiceActivity", 10.0),
    stream("C07", "voice-activity", 0.0, "int8"),
    stream("C07", "Speech"),
    stream("headset", "Misc", 20.0, labels=["vad"]),
    stream("headset", "Misc", 20.0, labels=["VAD_flag"]),
    stream("headset", "", 20.0, labels=["Speech probability"]),
]

NOT_SPEECH = [
    stream("speech", "Audio", 44100.0),
    stream("speech", "Audio", 100.0, labels=["voice"]),
    stream("C07", "Speech", 16000.0),
    stream("mic", "Misc", 1000.0, labels=["voice"]),
    stream("speech study", "EEG", 500.0),
    stream("headset", "Misc", 20.0, labels=["voice pitch"]),
    stream("headset", "Misc", 20.0, labels=["speech rate"]),
]


@pytest.mark.parametrize("info", VOICE_ACTIVITY, ids=lambda info: f"{info.type}-{info.channels}")
def test_voice_activity_is_recognised_by_type_or_label(info: StreamInfo) -> None:
    (found,) = recognise(info)
    assert (found.modality, found.unit, found.scale, found.certain) == (Modality.SPEECH, "", 1.0, True)
    assert found.reason


@pytest.mark.parametrize("info", NOT_SPEECH, ids=lambda info: f"{info.name}-{info.type}")
def test_sound_and_what_is_measured_of_it_are_never_speech(info: StreamInfo) -> None:
    assert Modality.SPEECH not in {channel.modality for channel in recognise(info)}


def test_the_word_speech_in_a_name_casts_no_doubt_on_an_ecg() -> None:
    (found,) = recognise(stream("speech study H10", "ECG", 130.0))
    assert (found.modality, found.certain) == (Modality.ECG, True)
    (found,) = recognise(stream("Speech_ECG", "", 130.0))
    assert found.modality is Modality.ECG


def test_of_several_unnamed_voices_none_is_taken_unasked() -> None:
    found = recognise(stream("room", "VAD", 10.0, labels=["", ""]))
    assert [channel.certain for channel in found] == [False, False]


def test_speech_has_no_unit_that_a_canonical_table_could_ask_for() -> None:
    assert Modality.SPEECH not in CANONICAL_UNIT


@pytest.mark.parametrize("name", ["speech", "Speech C07", "room_speech_marks"])
@pytest.mark.parametrize("kind", ["Markers", "", "Speech"])
def test_texts_named_speech_are_markers(name: str, kind: str) -> None:
    info = stream(name, kind, fmt="string")
    assert is_speech_marks(info)
    assert [channel.modality for channel in recognise(info)] == [Modality.MARKERS]


@pytest.mark.parametrize(
    "info",
    [
        stream("notes", "Markers", fmt="string"),
        stream("speech", "VAD", 10.0),
        stream("speech", "attune-markers", fmt="string"),
    ],
)
def test_other_streams_carry_no_marks_of_speech(info: StreamInfo) -> None:
    assert not is_speech_marks(info)


@pytest.mark.parametrize(
    ("info", "sound"),
    [
        (stream("MyAudioStream", "Audio", 44100.0), True),
        (stream("Microphone", "", 16000.0), True),
        (stream("room", "Voice", 8000.0), True),
        (stream("room", "Misc", 8000.0, labels=["mic left", "mic right"]), True),
        (stream("speech study", "EEG", 1000.0), False),
        (stream("BITalino", "Misc", 1000.0, labels=["ECG", "MIC"]), False),
        (stream("x", "Audio", 1000.0, labels=["ECG"]), False),
        (stream("x", "Audio", 50.0), False),
        (stream("AudioMarkers", "Audio", fmt="string"), False),
    ],
)
def test_sound_is_told_from_other_fast_streams(info: StreamInfo, sound: bool) -> None:
    assert is_audio(info) is sound


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("C07 on", ("C07", True)),
        ("C07 off", ("C07", False)),
        (" T-02\tSTART ", ("T-02", True)),
        ("c07 Stop", ("c07", False)),
        ("C07 1", ("C07", True)),
        ("C07: 0", ("C07", False)),
        ("on on", ("on", True)),
        ("C07", None),
        ("C07 on it", None),
        ("C07on", None),
        ("Zoë on", None),
        ("C" * 33 + " on", None),
        ("", None),
    ],
)
def test_a_mark_is_a_code_and_a_word(text: str, read: Any) -> None:
    assert read_mark(text) == read


def test_what_is_no_mark_is_counted_and_told_once() -> None:
    marks = SpeechMarks()
    found, problem = marks.push([1.0, 2.0, 3.0], ["C07 on", "hello", "x"])
    assert found == [(1.0, "C07", True)]
    assert "'hello'" in problem
    assert marks.push([4.0], ["again"]) == ([], "")
    assert marks.n_unreadable == 3


def test_without_any_source_the_share_is_unknown() -> None:
    assert math.isnan(SpeechLog().share(0.0, 30.0))


def test_a_mark_holds_until_the_next() -> None:
    log = SpeechLog()
    log.set(0.0, speaking=False)
    log.set(110.0, speaking=True)
    log.set(119.0, speaking=False)
    assert log.share(90.0, 120.0) == pytest.approx(0.3)
    assert log.share(300.0, 330.0) == 0.0


def test_before_the_first_mark_nothing_is_known() -> None:
    log = SpeechLog()
    log.set(100.0, speaking=True)
    assert math.isnan(log.share(60.0, 90.0))
    assert log.share(73.0, 103.0) == pytest.approx(3.0 / 15.0)
    assert log.share(80.0, 110.0) == pytest.approx(10.0 / 15.0)
    assert log.share(90.0, 120.0) == 1.0


def test_what_comes_after_the_window_makes_no_difference() -> None:
    log = SpeechLog()
    log.push(*activity(0.0, 40.0, 10.0, 1.0), 1, 10.0)
    before = log.share(12.0, 42.0)
    log.push(*activity(50.0, 60.0, 10.0, 0.0), 1, 10.0)
    assert log.share(12.0, 42.0) == before


def test_regular_voice_activity_that_falls_silent_is_unknown() -> None:
    log = SpeechLog()
    log.push(*activity(0.0, 10.0, 10.0, 1.0), 1, 10.0)
    assert log.share(0.0, 20.0) == 1.0
    assert math.isnan(log.share(11.95, 42.0))
    log.push(*activity(20.0, 30.0, 10.0, 0.0), 1, 10.0)
    assert log.share(11.95, 20.0) != log.share(11.95, 20.0)
    assert log.share(0.0, 30.0) == pytest.approx(11.9 / 21.9)


def test_voice_activity_sent_on_change_holds() -> None:
    log = SpeechLog()
    log.push(np.array([0.0, 10.0, 40.0]), np.array([0.0, 1.0, 0.0]), 1, 0.0)
    assert log.share(0.0, 30.0) == pytest.approx(2.0 / 3.0)
    assert log.share(100.0, 130.0) == 0.0


def test_a_slow_regular_stream_holds_two_of_its_periods() -> None:
    assert hold_s(50.0) == 2.0
    assert hold_s(0.25) == 8.0
    assert hold_s(0.0) == math.inf


def test_half_is_speaking_and_less_is_not() -> None:
    log = SpeechLog()
    log.push(np.array([0.0, 10.0, 20.0]), np.array([0.5, 0.4999, 0.0]), 1, 0.0)
    assert log.share(0.0, 20.0) == 0.5


def test_a_missing_value_is_unknown_not_silence() -> None:
    log = SpeechLog()
    log.push(np.array([0.0, 20.0, 25.0]), np.array([1.0, np.nan, 0.0]), 1, 0.0)
    assert log.share(0.0, 30.0) == pytest.approx(20.0 / 25.0)
    assert math.isnan(log.share(20.0, 25.0))


@pytest.mark.parametrize("value", [1.5, -1.0, 100.0, math.inf])
def test_a_value_that_is_no_voice_activity_ends_its_source(value: float) -> None:
    log = SpeechLog()
    told = log.push(np.array([0.0, 10.0, 20.0]), np.array([0.0, value, 1.0]), 1, 0.0)
    assert "no voice activity" in told
    assert log.push(np.array([30.0]), np.array([1.0]), 1, 0.0) == ""
    assert log.share(0.0, 30.0) == 0.0
    assert math.isnan(log.share(12.0, 42.0))


def test_late_stamps_are_counted_and_left_out() -> None:
    log = SpeechLog()
    log.set(10.0, speaking=False)
    for stamp in (9.0, math.nan, math.inf, -math.inf):
        log.set(stamp, speaking=True)
    log.push(np.array([5.0, 4.0, np.nan]), np.array([0.0, 1.0, 1.0]), 2, 0.0)
    assert log.n_late == 6
    assert log.share(10.0, 40.0) == 0.0


def test_of_two_marks_under_one_stamp_the_last_holds() -> None:
    log = SpeechLog()
    log.set(10.0, speaking=True)
    log.set(10.0, speaking=False)
    assert log.share(10.0, 40.0) == 0.0
    assert log.n_late == 0


def test_one_source_is_enough_to_speak() -> None:
    log = SpeechLog()
    log.set(0.0, speaking=False)
    log.push(np.array([0.0, 10.0, 16.0]), np.array([0.0, 1.0, 0.0]), 1, 0.0)
    log.push(np.array([0.0, 13.0, 19.0]), np.array([0.0, 1.0, 0.0]), 2, 0.0)
    assert log.share(0.0, 30.0) == pytest.approx(0.3)


def test_a_lost_source_says_nothing_until_it_sends_again() -> None:
    log = SpeechLog()
    log.set(0.0, speaking=True, source=3)
    log.end(10.0, 3)
    log.end(10.0, 99)
    assert math.isnan(log.share(10.0, 40.0))
    log.set(50.0, speaking=True, source=3)
    assert log.share(50.0, 80.0) == 1.0


def test_an_empty_window_has_no_share() -> None:
    log = SpeechLog()
    log.set(0.0, speaking=True)
    assert math.isnan(log.share(10.0, 10.0))


def test_memory_is_bounded_and_the_last_five_minutes_stay() -> None:
    log = SpeechLog()
    for second in range(4000):
        log.set(float(second), speaking=second % 2 == 0)
        log.share(second - 30.0, float(second))
    assert log.n_runs <= 332
    assert log.share(3999.0 - 330.0, 3999.0 - 300.0) == 0.5
    assert math.isnan(log.share(3000.0, 3030.0))
