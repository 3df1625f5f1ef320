"""Whatever is noted, judged, removed and taken back: what stands equals a list kept by hand, live and replayed."""

import io
import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.events import Annotation, Chunk, ClockOffset, Event, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.noting import JUDGEMENTS, Noting, mark_words, moments_of, note_words, undo_words
from monitor.core.pipeline import Pipeline
from monitor.xdf.repair import repair
from monitor.xdf.source import FileSource
from monitor.xdf.writer import XdfWriter

T0_S = 5000.0
SECONDS = 12

AGES_S = st.floats(0.0, 60.0)
ACT = st.one_of(
    st.tuples(st.just("note"), st.sampled_from(["rupture", "repair", "text"]), AGES_S),
    st.tuples(st.sampled_from(JUDGEMENTS), st.sampled_from(["C07", "T02"]), AGES_S),
    st.tuples(st.just("undo"), st.none(), AGES_S),
    st.tuples(st.just("remove"), st.integers(1, 14), AGES_S),
    st.tuples(st.just("nonsense"), st.text(max_size=12), AGES_S),
)


def said(acts: list[tuple[str, Any, float]]) -> tuple[list[Annotation], dict[int, tuple[str, str]]]:
    """What the acts put into the recording, one each second, and what stands by an oracle that only keeps a dict."""
    annotations, standing, noting = [], {}, Noting()
    for second, (act, value, age_s) in enumerate(acts, start=1):
        number = noting.next_number
        if act == "undo":
            words = undo_words(max(standing)) if standing else None
            standing.pop(max(standing), None) if standing else None
        elif act == "remove":
            words = undo_words(value)
            standing.pop(value, None)
        elif act == "nonsense":
            words = ("note", value)
        elif act == "note":
            words, standing[number] = note_words(number, value, "therapist"), (value, "")
        else:
            words, standing[number] = mark_words(number, act, value, "client"), (act, value)
        if words is not None:
            annotations.append(Annotation(T0_S + second - age_s, *words))
            noting.push(annotations[-1])
    return annotations, standing


@settings(max_examples=150)
@given(st.lists(ACT, max_size=40))
def test_what_stands_is_what_was_noted_and_not_taken_back(acts: list[tuple[str, Any, float]]) -> None:
    annotations, standing = said(acts)
    moments = moments_of(annotations)
    assert {m.number: (m.label, m.participant) for m in moments} == standing
    assert [m.at_s for m in moments] == sorted(m.at_s for m in moments)


@given(
    st.lists(
        st.tuples(st.sampled_from(["note", "note_undone", *JUDGEMENTS, "tension", ""]), st.text(max_size=30))
    )
)
def test_no_text_of_a_file_breaks_it(pairs: list[tuple[str, str]]) -> None:
    noting = Noting()
    for i, (label, text) in enumerate(pairs):
        before = noting.moments
        assert noting.push(Annotation(float(i), label, text)) == (noting.moments != before)
        assert noting.next_number >= 1


def session(annotations: list[Annotation]) -> list[Event]:
    """A short live run: an ECG, a tick each second, and notes that were pressed before they came."""
    info = StreamInfo(
        stream_id=1, name="s", type="ECG", channel_count=1, nominal_rate_hz=130.0, channel_format="double64"
    )
    role = Binding(channel=0, key=StreamKey("C07", Modality.ECG), unit="", scale=1.0, reason="")
    events: list[Event] = [StreamOpened(info, (role,)), ClockOffset(1, T0_S, 0.0)]
    stamps = T0_S + np.arange(SECONDS * 130) / 130.0
    waiting = list(annotations)
    for second in range(SECONDS):
        here = slice(second * 130, (second + 1) * 130)
        events.append(Chunk(1, stamps[here], np.sin(stamps[here] * 7.0)[:, np.newaxis]))
        events += waiting[:2]
        del waiting[:2]
        events.append(Tick(T0_S + second + 1.0, math.nan))
    return [*events, *waiting]


def run(events: Any) -> tuple[Pipeline, list[object]]:
    pipeline, out = Pipeline(eager=True), []
    for event in events:
        out += pipeline.push(event)
    return pipeline, [*out, *pipeline.finish()]


def written(events: list[Event], *, closed: bool = True) -> io.BytesIO:
    file = io.BytesIO()
    writer = XdfWriter(file, header={"datetime": "2026-11-22T10:00:00+00:00"})
    for event in events:
        writer.write(event)
    if closed:
        writer.footers()
    file.seek(0)
    return file


@settings(max_examples=15)
@given(st.lists(ACT, max_size=12))
def test_a_recording_replays_to_the_same_moments_and_results(acts: list[tuple[str, Any, float]]) -> None:
    annotations, _ = said(acts)
    events = session(annotations)
    live, live_results = run(events)
    replayed, results = run(FileSource(written(events)))
    assert replayed.noting.moments == live.noting.moments == moments_of(annotations)
    assert repr(results) == repr(live_results)
    assert replayed.t0_s == live.t0_s


def test_a_torn_recording_keeps_notes_that_were_pressed_in_the_past(tmp_path: Any) -> None:
    annotations, _ = said(
        [("note", "rupture", 55.0), ("too_much", "C07", 0.5), ("note", "repair", 30.0), ("undo", None, 0)]
    )
    path = tmp_path / "recording.xdf.part"
    path.write_bytes(written(session(annotations), closed=False).getvalue() + b"\x01\x20")
    report = repair(path)
    pipeline, _ = run(FileSource(report.path))
    assert pipeline.noting.moments == moments_of(annotations)
    assert report.seconds == SECONDS - 1.0
