"""Speech from marks and from voice activity through the whole pipeline: what it holds, and what it leaves alone."""

import itertools
import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calibration.baseline import Reference, Scale
from calibration.personal import Calibration
from monitor.core.events import Chunk, ClockOffset, Event, StreamLost, StreamOpened, Tick
from monitor.core.model import Modality, StreamInfo
from monitor.core.pipeline import Pipeline
from monitor.core.results import MarkerRow, Notice, Reason, Result, Status, ZoneReading
from monitor.file_roles import FileRoles
from monitor.room import Room

START_S = 3000.0
SECONDS = 130
ON_S, OFF_S = 50.0, 62.0
HELD_MARKERS = {"z_vagal", "ln_rmssd", "rmssd_ms", "ln_rmssd_60s", "arousal"}
ROLES = FileRoles(Room.from_options(client="C07", therapist="T02"))

Signal = tuple[StreamInfo, np.ndarray, Any]


def info(number: int, name: str, kind: str, rate_hz: float, fmt: str = "float32") -> StreamInfo:
    return StreamInfo(
        stream_id=number,
        name=name,
        type=kind,
        channel_count=1,
        nominal_rate_hz=rate_hz,
        channel_format=fmt,
    )


@cache
def body(code: str, first: int) -> list[Signal]:
    """Plain ECG and skin conductance of one person."""
    rng = np.random.default_rng(first)
    t = np.arange(0.0, SECONDS, 1.0 / 130.0)
    x = 6.0 * rng.standard_normal(t.size)
    for beat in np.cumsum(0.85 + 0.04 * rng.standard_normal(int(SECONDS / 0.7))):
        near = slice(*np.searchsorted(t, (beat - 0.1, beat + 0.1)))
        x[near] += 900.0 * np.exp(-0.5 * ((t[near] - beat) / 0.012) ** 2)
    s = np.arange(0.0, SECONDS, 1.0 / 51.2)
    skin = 4.0 + 0.2 * np.sin(s / 9.0) + 0.002 * rng.standard_normal(s.size)
    return [
        (info(first, f"ECG {code}", "ECG", 130.0), t, x[:, None]),
        (info(first + 1, f"EDA {code}", "EDA", 51.2), s, skin[:, None]),
    ]


def marks(*said: tuple[float, str], number: int = 9) -> Signal:
    stamps = np.array([t for t, _ in said])
    return info(number, "speech", "Markers", 0.0, "string"), stamps, tuple((text,) for _, text in said)


def voice(on_s: float, off_s: float, *, rate_hz: float = 10.0, until_s: float = SECONDS) -> Signal:
    t = np.arange(0.0, until_s, 1.0 / rate_hz)
    return info(8, "voice of C07", "VAD", rate_hz), t, ((t >= on_s) & (t < off_s)).astype(float)[:, None]


SPOKEN = marks((0.0, "C07 off"), (ON_S, "C07 on"), (OFF_S, "C07 off"))


def calibration(code: str) -> Calibration:
    levels = {"ln_scl": 1.3, "scr_rate": 2.0, "heart_speed": 0.16, "ln_rmssd": 3.9}
    reference = Reference(
        participant=code,
        start_s=0.0,
        stop_s=300.0,
        valid_s=300,
        scales={name: Scale(mean=mean, sd=0.3, n_effective=30.0) for name, mean in levels.items()},
        electrodermal_rho=0.2,
        correlation=((1.0, 0.1, 0.0), (0.1, 1.0, 0.2), (0.0, 0.2, 1.0)),
        responder=True,
    )
    return Calibration(participant=code, reference=reference)


def piece(values: Any, start: int, stop: int) -> Any:
    return values[start:stop] if isinstance(values, tuple) else values[start:stop].copy()


def events(
    streams: list[Signal],
    cuts: tuple[float, ...] = (),
    lost: dict[int, float] | None = None,
    period_s: float = 1.0,
) -> list[Event]:
    """Streams from tick to tick, each stretch cut into chunks where `cuts` says."""
    gone = dict(lost or {})
    out: list[Event] = []
    for about, _, _ in streams:
        out += [StreamOpened(about, ROLES(about)), ClockOffset(about.stream_id, START_S, 0.0)]
    at = [0] * len(streams)
    for now in np.arange(period_s, SECONDS + 5.0, period_s).tolist():
        for i, (about, t, x) in enumerate(streams):
            stop = int(np.searchsorted(t, now))
            inner = sorted({at[i], stop, *(at[i] + int(c * (stop - at[i])) for c in cuts)})
            out += [
                Chunk(about.stream_id, START_S + t[a:b], piece(x, a, b)) for a, b in itertools.pairwise(inner)
            ]
            at[i] = stop
            if gone.get(about.stream_id, math.inf) <= now:
                out.append(StreamLost(about.stream_id, START_S + gone.pop(about.stream_id), "gone"))
        out.append(Tick(START_S + now, math.nan))
    return out


def run(extra: list[Signal], *, eager: bool = False, two: bool = False, **how: Any) -> list[Result]:
    sources = {code: lambda _utc_s, code=code: calibration(code) for code in ("C07", "T02")}
    pipeline = Pipeline(eager=eager, calibrations=sources)
    people = body("C07", 1) + (body("T02", 3) if two else [])
    results: list[Result] = []
    for event in events([*people, *extra], **how):
        results += pipeline.push(event)
    return results + pipeline.finish()


def rows(results: list[Result], marker: str, who: str = "C07") -> dict[int, MarkerRow]:
    own = [r for r in results if isinstance(r, MarkerRow) and (r.participant, r.marker) == (who, marker)]
    return {round(row.t_centre_s + row.window_s / 2.0): row for row in own}


def held(results: list[Result], who: str = "C07") -> list[int]:
    """Seconds in which the vagal score is held for speech."""
    return [s for s, row in rows(results, "z_vagal", who).items() if row.reason is Reason.SPEECH]


def told(results: list[Result], label: str) -> list[Notice]:
    return [row for row in results if isinstance(row, Notice) and row.label == label]


def numbers(results: list[Result]) -> list[str]:
    """Everything but what is told and what only the eye gets."""
    return [repr(row) for row in results if not isinstance(row, Notice | ZoneReading)]


@pytest.fixture(scope="module")
def silent() -> list[Result]:
    return run([], two=True)


@pytest.fixture(scope="module")
def spoken() -> list[Result]:
    return run([SPOKEN], two=True)


def test_a_fifth_of_half_a_minute_of_speech_holds_the_vagal_score(spoken: list[Result]) -> None:
    # 12 s of speech: their share of the last 30 s is at least 0.2 from the sixth second to 24 s after the end.
    assert held(spoken) == list(range(int(ON_S) + 6, int(OFF_S) + 25))
    assert {rows(spoken, "z_vagal")[s].status for s in held(spoken)} == {Status.NA}
    assert all(math.isnan(rows(spoken, "z_vagal")[s].value) for s in held(spoken))


def test_the_vagal_index_stays_with_its_value_but_is_marked(
    spoken: list[Result], silent: list[Result]
) -> None:
    for name in ("ln_rmssd", "rmssd_ms", "ln_rmssd_60s"):
        there, before = rows(spoken, name), rows(silent, name)
        known = [s for s in held(spoken) if before[s].status is Status.OK]
        assert len(known) > 10, name
        for second in known:
            assert there[second].value == before[second].value
            assert (there[second].status, there[second].reason) == (Status.LOW, Reason.SPEECH)


def test_arousal_goes_on_without_the_vagal_score_and_says_so(
    spoken: list[Result], silent: list[Result]
) -> None:
    there, before = rows(spoken, "arousal"), rows(silent, "arousal")
    known = [s for s in held(spoken) if before[s].status is Status.OK]
    assert len(known) > 20
    for second in known:
        assert (there[second].status, there[second].reason) == (Status.LOW, Reason.COMPOSITION_CHANGED)
        assert there[second].value != before[second].value


def test_nothing_else_changes_in_anybody(spoken: list[Result], silent: list[Result]) -> None:
    def others(results: list[Result]) -> list[str]:
        during = set(held(spoken))
        return [
            repr(row)
            for row in results
            if not isinstance(row, Notice | ZoneReading)
            and not (
                isinstance(row, MarkerRow)
                and row.participant == "C07"
                and row.marker in HELD_MARKERS
                and round(row.t_centre_s + row.window_s / 2.0) in during
            )
        ]

    assert others(spoken) == others(silent)
    assert held(spoken, "T02") == []
    assert rows(spoken, "z_vagal", "T02")[70].status is Status.OK


def test_voice_activity_holds_as_marks_do(spoken: list[Result]) -> None:
    assert held(run([voice(ON_S, OFF_S)])) == held(spoken)


def test_voice_activity_that_ends_while_somebody_speaks_holds_no_longer_than_the_window() -> None:
    seconds = held(run([voice(ON_S, 200.0, until_s=60.0)]))
    assert seconds[0] <= 57
    # What is known of the window, all of it speech, counts against half of the window at least.
    assert seconds[-1] == 60 + 2 + 30 - 4


def test_a_mark_of_speech_whose_sender_is_lost_does_not_hold_for_ever() -> None:
    results = run([marks((ON_S, "C07 on"))], lost={9: 70.0})
    assert held(results)[-1] < 70 + 30
    assert rows(results, "z_vagal")[110].status is Status.OK
    assert [notice.subject for notice in told(results, "stream_lost")] == ["speech"]


def test_two_sources_are_taken_together() -> None:
    results = run([marks((40.0, "C07 off"), (80.0, "c07 START"), (95.0, "c07 stop")), voice(50.0, 62.0)])
    assert {60, 70, 90, 100} <= set(held(results))
    assert not set(range(20, 50)) & set(held(results))


def test_speech_of_somebody_unknown_is_told_at_the_end_and_holds_nobody(silent: list[Result]) -> None:
    results = run([marks((ON_S, "X99 on"), (OFF_S, "X99 off"))], two=True)
    (notice,) = told(results, "speech_of_nobody")
    assert results[-1] == notice
    assert "x99" in notice.text.casefold()
    assert "C07, T02" in notice.text
    assert held(results) == held(results, "T02") == []
    assert numbers(results) == numbers(silent)


def test_what_is_no_mark_and_no_voice_activity_is_told_once() -> None:
    about, t, _ = voice(ON_S, OFF_S)
    loud = (about, t, np.full((t.size, 1), 40.0))
    results = run([marks((10.0, "hello"), (20.0, "hello")), loud])
    texts = [notice.text for notice in told(results, "speech_unreadable")]
    assert len(texts) == 2
    assert any("'hello' is no mark of speech" in text for text in texts)
    assert any("40 is no voice activity" in text for text in texts)
    assert held(results) == []


def test_speech_alone_makes_a_person_without_numbers() -> None:
    stream = voice(ON_S, OFF_S)
    pipeline = Pipeline(calibrations={"C07": lambda _utc_s: calibration("C07")})
    out = [result for event in events([stream]) for result in pipeline.push(event)] + pipeline.finish()
    assert pipeline.participants == ("C07",)
    assert {row.status for row in out if isinstance(row, MarkerRow)} == {Status.NA}
    assert {b.key.modality for b in ROLES(stream[0])} == {Modality.SPEECH}


def packed(results: list[Result]) -> list[str]:
    return sorted(repr(row) for row in results if not isinstance(row, Notice))


# Words of 0.5 s, two in every second, so that the moment of each mark counts.
WORDS = marks(*((80.0 + 0.25 * i, f"C07 {'off' if i % 2 else 'on'}") for i in range(60)))


def in_pieces(**how: Any) -> list[str]:
    return packed(run([WORDS, voice(ON_S, OFF_S)], period_s=0.23, **how))


@cache
def whole() -> list[str]:
    return in_pieces()


@settings(max_examples=8)
@given(cuts=st.lists(st.floats(0.0, 1.0), max_size=3).map(tuple), eager=st.booleans())
@example(cuts=(0.5,), eager=True)
def test_any_cut_and_eagerness_give_the_same_rows(cuts: tuple[float, ...], eager: bool) -> None:
    assert sum("z_vagal" in row and "speech" in row for row in whole()) > 50
    assert in_pieces(cuts=cuts, eager=eager) == whole()
