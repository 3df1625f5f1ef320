"""What the time line paints, against plain loops: however the cells came, and however often the board changed."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.board.board import Board
from monitor.board.rings import FloatArray
from monitor.board.timeline import CELL_S, REASONS
from monitor.board.zones import ZONES
from monitor.core.results import Reason
from monitor.views.timeline.model import (
    Columns,
    Segment,
    cell_at,
    columns_of,
    label_places,
    minutes_of,
    runs_of,
    segments_of,
    spans_of,
    ticks_of,
)
from monitor.views.traces import Traces

Cell = tuple[float, float | None, str, str]


@st.composite
def cells(draw: st.DrawFn, most: int = 60) -> list[Cell]:
    """Cells in the order of time, some of them absent."""
    out: list[Cell] = []
    place = draw(st.integers(0, 9))
    for _ in range(draw(st.integers(0, most))):
        place += draw(st.sampled_from([1, 1, 1, 1, 1, 1, 2, 7]))
        t_s = place * CELL_S + CELL_S / 2
        zone = draw(st.sampled_from(ZONES))
        if zone == "na":
            out.append((t_s, None, zone, draw(st.sampled_from(["no_data", "motion", "", "lead_off"]))))
        else:
            # The commonest reason of the missing seconds of a cell stays with it even where most were there.
            arousal = draw(st.none() | st.floats(-6, 6).map(lambda x: round(x, 3)))
            out.append((t_s, arousal, zone, draw(st.sampled_from(["", "motion"]))))
    return out


def rows_of(found: list[Cell]) -> FloatArray:
    rows = [
        (t, math.nan if a is None else a, ZONES.index(z), REASONS.index(Reason(r))) for t, a, z, r in found
    ]
    return np.array(rows, np.float64).T.reshape(4, len(rows))


def news(board: str, found: list[Cell], variant: int = 0) -> dict[str, Any]:
    answer: dict[str, Any] = dict(Board().snapshot())
    answer["board"] = board
    if found:
        t_s, arousal, zone, reason = (list(x) for x in zip(*found, strict=True))
        view = {"participant": "C07", "variant": variant, "t_s": t_s, "arousal": arousal}
        answer["timelines"] = [{**view, "zone": zone, "reason": reason}]
    return answer


def naive_segments(found: list[Cell]) -> list[Segment]:
    out: list[Segment] = []
    for t_s, _, zone, reason in found:
        start_s, why = t_s - CELL_S / 2, reason if zone == "na" else ""
        fresh = True
        if out and start_s > out[-1].stop_s + 0.1:
            out.append(Segment(out[-1].stop_s, start_s, "na", "no_data"))
        elif out:
            fresh = (out[-1].zone, out[-1].reason) != (zone, why)
        if fresh:
            out.append(Segment(start_s, start_s + CELL_S, zone, why))
        else:
            out[-1] = out[-1]._replace(stop_s=start_s + CELL_S)
    return out


def naive_columns(found: list[Cell], span_s: float, width: int) -> Columns:
    flags: list[tuple[bool, bool, bool]] = []
    low, high = [], []
    for k in range(width):
        left, right = span_s * k / width, span_s * (k + 1) / width
        here = [c for c in found if c[0] + CELL_S / 2 > left + 1e-9 and c[0] - CELL_S / 2 < right - 1e-9]
        inside = bool(found) and right > found[0][0] - CELL_S / 2 and left < found[-1][0] + CELL_S / 2
        missing = inside and all(c[2] == "na" for c in here)
        flags.append((any(c[2] == "above" for c in here), any(c[2] == "below" for c in here), missing))
        known = [c[1] for c in here if c[1] is not None]
        low.append(min(known, default=math.nan))
        high.append(max(known, default=math.nan))
    above, below, missing_flags = (np.array(x, np.bool_) for x in zip(*flags, strict=True))
    return Columns(above, below, missing_flags, np.array(low), np.array(high))


@given(cells(), st.lists(st.integers(0, 60), max_size=5), st.lists(st.booleans(), max_size=6))
@settings(max_examples=60, deadline=None)
def test_cells_in_any_pieces_and_after_any_change_of_the_board_paint_the_same(
    found: list[Cell], cuts: list[int], switches: list[bool]
) -> None:
    traces = Traces()
    bounds = sorted({0, len(found), *(min(cut, len(found)) for cut in cuts)})
    board, known = 0, 0
    for k, stop in enumerate(bounds[1:]):
        switched = k < len(switches) and switches[k]
        board += switched
        # A new board tells everything again, from the beginning.
        start = 0 if switched else known
        before = traces.version("overview")
        traces.apply(news(f"b{board}", found[start:stop]))  # type: ignore[arg-type]
        assert traces.version("overview") > before or start == stop
        known = stop
    rows = traces.timeline("C07")
    np.testing.assert_array_equal(rows, rows_of(found))
    assert segments_of(rows) == naive_segments(found)
    assert traces.timeline("T02").shape == (4, 0)
    assert traces.timeline("C07", 1).shape == (4, 0)
    assert traces.variants() == ([0] if found else [])


@given(cells(), st.integers(1, 90), st.floats(20.0, 900.0))
@settings(max_examples=60, deadline=None)
def test_pixel_columns_are_those_of_a_plain_loop(found: list[Cell], width: int, span_s: float) -> None:
    got, wanted = columns_of(rows_of(found), span_s, width), naive_columns(found, span_s, width)
    for name, a, b in zip(Columns._fields, got, wanted, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=name)


@given(cells(120), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_no_excursion_is_too_short_to_be_seen(found: list[Cell], width: int) -> None:
    span_s = (found[-1][0] + CELL_S if found else 60.0) + 1.0
    columns = columns_of(rows_of(found), span_s, width)
    assert columns.above.any() == any(c[2] == "above" for c in found)
    assert columns.below.any() == any(c[2] == "below" for c in found)


@given(cells())
@settings(max_examples=40, deadline=None)
def test_minutes_are_those_of_the_cells_that_are_there(found: list[Cell]) -> None:
    minutes = minutes_of(rows_of(found))
    valid = [c for c in found if c[2] != "na"]
    assert minutes.valid == len(valid) * CELL_S / 60
    assert math.isnan(minutes.within) == (not valid)
    if valid:
        assert minutes.within == sum(c[2] == "within" for c in valid) / len(valid)
    whole_s = found[-1][0] - found[0][0] + CELL_S if found else 0.0
    assert abs(60 * (minutes.valid + minutes.missing) - whole_s) < 1e-6


@given(cells(), st.floats(-10.0, 700.0))
@settings(max_examples=40, deadline=None)
def test_a_moment_has_the_words_of_its_segment(found: list[Cell], t_s: float) -> None:
    segment = next((s for s in naive_segments(found) if s.start_s <= t_s < s.stop_s), None)
    got = cell_at(rows_of(found), t_s)
    assert got == (None if segment is None else (segment.zone, segment.reason))


@given(st.lists(st.booleans(), max_size=40))
def test_runs_cover_exactly_the_flags_that_stand(flags: list[bool]) -> None:
    covered = [k for start, stop in runs_of(np.array(flags, np.bool_)) for k in range(start, stop)]
    assert covered == [k for k, flag in enumerate(flags) if flag]


@given(st.floats(60.0, 10 * 86400.0), st.integers(0, 40))
def test_ticks_are_few_and_even(span_s: float, most: int) -> None:
    ticks = ticks_of(span_s, most)
    assert ticks[0] == 0.0
    assert ticks[-1] <= span_s + 1e-6
    assert len(ticks) <= max(2, most + 1)
    assert len(set(np.diff(ticks).tolist())) <= 1


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 40)), max_size=12))
def test_labels_that_are_written_never_touch(marks: list[tuple[float, float]]) -> None:
    marks = sorted(marks)
    fits = label_places(marks, 100.0)
    written = [mark for mark, fit in zip(marks, fits, strict=True) if fit]
    assert all(a + wide <= b for (a, wide), (b, _) in pairwise(written))
    assert all(start + wide <= 100.0 for start, wide in written)


def test_synchrony_is_blank_where_it_is_not_available_and_never_bridges_a_pause() -> None:
    nan = math.nan
    rows = np.array(
        [
            [30, nan, nan, nan, 0],
            [60, 0.0, -1, 1, 0],
            [90, 0.5, -1, 1, 1],
            [120, 2.0, -1, 1, 1],
            [150, 2.5, -1, 1, 1],
            [600, -2.0, -1, 1, 1],
        ],
        np.float64,
    ).T
    spans = spans_of(rows)
    assert [tuple(s) for s in spans] == [
        (30.0, 60.0, "within", False),
        (60.0, 90.0, "within", True),
        (90.0, 150.0, "above", True),
        (570.0, 600.0, "below", True),
    ]
