"""What the board shows of a stream does not depend on how the stream was cut."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.board.board import Board
from monitor.board.rings import Ring
from monitor.board.snapshot import Snapshot
from monitor.core.events import Chunk, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.results import NAN, Reason, Revocation, Status, ZoneReading
from monitor.views.traces import Traces

N = 600
RATE_HZ = 100.0


def stamps_with_gaps(gaps: list[int]) -> np.ndarray:
    stamps = 1000.37 + np.arange(N) / RATE_HZ
    for start in gaps:
        stamps[start:] += 1.7
    return stamps


def shown(stamps: np.ndarray, cuts: list[int], rate_hz: float) -> Snapshot:
    board = Board(trace_s=3.0)
    info = StreamInfo(
        stream_id=1, name="s", type="ECG", channel_count=1, nominal_rate_hz=rate_hz, channel_format="float32"
    )
    role = Binding(channel=0, key=StreamKey("C", Modality.ECG), unit="uV", scale=1.0, reason="")
    board.note_event(StreamOpened(info, (role,)))
    board.set_origin(1000.0)
    values = np.sin(np.arange(N))[:, None]
    for start, stop in zip([0, *cuts], [*cuts, N], strict=True):
        board.note_event(Chunk(1, stamps[start:stop], values[start:stop]))
    board.note_event(Tick(float(stamps[-1]) + 0.1, 0.0))
    answer = board.snapshot()
    answer["board"], answer["cursor"] = "", 0
    return answer


@given(
    cuts=st.lists(st.integers(1, N - 1), max_size=40, unique=True).map(sorted),
    gaps=st.lists(st.integers(1, N - 1), max_size=3, unique=True),
    rate_hz=st.sampled_from([RATE_HZ, 0.0]),
)
def test_counts_rate_gaps_and_trace_do_not_depend_on_chunks(
    cuts: list[int], gaps: list[int], rate_hz: float
) -> None:
    stamps = stamps_with_gaps(gaps)
    assert shown(stamps, cuts, rate_hz) == shown(stamps, [], rate_hz)


@given(cuts=st.lists(st.integers(1, N - 1), max_size=40, unique=True).map(sorted))
def test_readers_at_any_moment_get_every_sample_once(cuts: list[int]) -> None:
    ring, cursor, seen = Ring(N, 1), 0, []
    for k, (start, stop) in enumerate(zip([0, *cuts], [*cuts, N], strict=True), 1):
        ring.extend(k, np.arange(start, stop, dtype=float))
        if k % 3 == 0:
            sequence, rows = ring.since(cursor)
            cursor = int(sequence[-1]) if sequence.size else cursor
            seen += rows[0].tolist()
    seen += ring.since(cursor)[1][0].tolist()
    assert seen == list(range(N))


def reading(second: int, arousal: float) -> ZoneReading:
    edges = {"upper_mean": 2.5, "upper_sd": 0.5, "lower_mean": -2.5, "lower_sd": 0.75}
    return ZoneReading(
        participant="C",
        t_centre_s=second - 15.0,
        t_emit_s=float(second),
        zone="within",
        since_s=0.0,
        near="",
        arousal=arousal,
        p_above=0.1,
        p_below=0.1,
        **edges,
        provisional=True,
        status=Status.OK,
        reason=Reason.NONE,
        note="",
        drift=NAN,
    )


def result_lists() -> st.SearchStrategy[list[ZoneReading | Revocation]]:
    """A reading each second, and now and then a revocation of some of the last ten."""

    def _build(steps: list[tuple[int, int]]) -> list[ZoneReading | Revocation]:
        out: list[ZoneReading | Revocation] = []
        for second, (back, length) in enumerate(steps):
            out.append(reading(second, 0.01 * second if second % 7 else NAN))
            if back:
                start_s, stop_s = float(second - back), float(second - back + length)
                out.append(Revocation("C", ("arousal",), start_s, stop_s, Reason.MOTION))
        return out

    back = st.one_of(st.just(0), st.just(0), st.integers(0, 10))
    return st.lists(st.tuples(back, st.integers(0, 12)), min_size=1, max_size=60).map(_build)


@given(results=result_lists(), asked=st.sets(st.integers(0, 120)))
def test_a_window_that_asks_at_any_moments_draws_the_same_trail(
    results: list[ZoneReading | Revocation], asked: set[int]
) -> None:
    board, traces, cursor = Board(), Traces(), 0
    for k, result in enumerate(results):
        board.note_results([result])
        if k in asked:
            snapshot = board.snapshot(cursor)
            cursor = snapshot["cursor"]
            traces.apply(snapshot)
    traces.apply(board.snapshot(cursor))
    late = Traces()
    late.apply(board.snapshot())
    assert traces.trail("C", -20.0).tobytes() == late.trail("C", -20.0).tobytes()
