"""The time line of the board against an oracle: cells of five seconds, whatever is taken back."""

import math
from collections import Counter
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.board.board import Board
from monitor.board.snapshot import TimelineView
from monitor.board.timeline import CELL_S
from monitor.board.zones import AROUSAL, HALF_WINDOW_S
from monitor.core.results import NAN, Reason, Revocation, Status, ZoneReading

Second = tuple[str, float, Reason]

SECONDS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["within", "above", "below"]), st.floats(-6, 6), st.just(Reason.NONE)),
        st.tuples(
            st.just("na"), st.just(NAN), st.sampled_from([Reason.NO_DATA, Reason.MOTION, Reason.WARMUP])
        ),
    ),
    min_size=1,
    max_size=70,
)


def reading(t_s: float, second: Second) -> ZoneReading:
    zone, arousal, reason = second
    fields = dict.fromkeys(ZoneReading._fields, NAN)
    return ZoneReading(**fields)._replace(  # type: ignore[arg-type]
        participant="C07",
        t_centre_s=t_s,
        t_emit_s=t_s + HALF_WINDOW_S,
        zone=zone,
        near="",
        arousal=arousal,
        provisional=True,
        status=Status.NA if zone == "na" else Status.OK,
        reason=reason,
        note="",
    )


def cells(views: list[TimelineView]) -> list[tuple[float, float | None, str, str]]:
    rows = [
        row
        for view in views
        for row in zip(view["t_s"], view["arousal"], view["zone"], view["reason"], strict=True)
    ]
    assert rows == sorted(rows, key=lambda row: row[0])
    return rows


def oracle(first_s: float, seconds: list[Second]) -> list[tuple[float, float | None, set[str]]]:
    found: dict[float, list[Second]] = {}
    for k, second in enumerate(seconds):
        found.setdefault(math.floor((first_s + k) / CELL_S) * CELL_S + CELL_S / 2, []).append(second)
    out = []
    for t_s, group in sorted(found.items()):
        arousal = [a for _, a, _ in group if math.isfinite(a)]
        counts = Counter(zone for zone, _, _ in group)
        most = {zone for zone, n in counts.items() if n == max(counts.values())}
        out.append((t_s, median(arousal) if arousal else None, most))
    return out


@given(SECONDS, st.sampled_from([0.0, 15.0, 17.5, 31.0]))
@settings(max_examples=60, deadline=None)
def test_each_cell_holds_the_median_and_the_zone_of_most_of_its_seconds(
    seconds: list[Second], first_s: float
) -> None:
    board = Board()
    seen: list[TimelineView] = []
    cursor = 0
    for k, second in enumerate(seconds):
        board.note_results([reading(first_s + k, second)])
        if k % 7 == 0:
            snapshot = board.snapshot(cursor)
            cursor = snapshot["cursor"]
            seen += snapshot["timelines"]
    board.finish_overview()
    seen += board.snapshot(cursor)["timelines"]
    rows = cells(seen)
    expected = oracle(first_s, seconds)
    assert [row[0] for row in rows] == [row[0] for row in expected]
    for (_, arousal, zone, _), (_, wanted, zones) in zip(rows, expected, strict=True):
        assert (arousal is None) == (wanted is None)
        assert arousal is None or wanted is None or abs(arousal - wanted) < 1e-4
        assert zone in zones
    # One reader that comes late gets the same as one that came often.
    assert cells(board.snapshot()["timelines"]) == rows


@given(SECONDS.filter(lambda s: len(s) > 20), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_seconds_taken_back_are_missing_in_the_time_line(seconds: list[Second], ago: int) -> None:
    board = Board()
    board.note_results([reading(float(k), second) for k, second in enumerate(seconds)])
    last = float(len(seconds) - 1)
    start_s = last - ago + HALF_WINDOW_S
    board.note_results([Revocation("C07", (AROUSAL,), start_s, last + HALF_WINDOW_S, Reason.MOTION)])
    board.finish_overview()
    kept = [("na", NAN, Reason.MOTION) if k >= last - ago else second for k, second in enumerate(seconds)]
    rows = cells(board.snapshot()["timelines"])
    for (_, arousal, zone, _), (_, wanted, zones) in zip(rows, oracle(0.0, kept), strict=True):
        assert (arousal is None) == (wanted is None)
        assert zone in zones


def test_a_replay_has_the_time_line_of_the_whole_recording_and_of_each_profile_compared() -> None:
    board = Board()
    transport = {
        "playing": True, "speed": 1.0, "position_s": 0.0, "duration_s": 60.0, "ready_s": 0.0, "at_end": False,
        "variant": 0, "variants": ["a", "b"], "differences": [], "author": "", "message": "",
    }  # fmt: skip
    board.note_transport(transport)  # type: ignore[arg-type]
    board.note_results([reading(0.0, ("above", 3.0, Reason.NONE))])
    for variant, zone in enumerate(("within", "below")):
        board.note_overview([reading(float(k), (zone, 0.0, Reason.NONE)) for k in range(10)], variant)
    board.finish_overview()
    views = {view["variant"]: view for view in board.snapshot()["timelines"]}
    assert views[0]["zone"] == ["within", "within"]
    assert views[1]["zone"] == ["below", "below"]
