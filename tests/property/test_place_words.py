"""Words and places of the glance and window-of-tolerance faces, for anything that may be read."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from monitor.board.board import Board
from monitor.board.gate import Hold
from monitor.board.zones import zone_view
from monitor.core.events import Tick
from monitor.core.results import MarkerRow, Reason, Revocation, Status, ZoneReading
from monitor.views.bands.glance_words import glance_text
from monitor.views.people import Person
from monitor.views.plane.scores import ScoreTrails
from monitor.views.plane.words import place_of

NAN = float("nan")
numbers = st.one_of(st.just(NAN), st.floats(-9, 9))
shares = st.one_of(st.just(NAN), st.floats(0, 1))
spreads = st.one_of(st.just(NAN), st.floats(0.01, 2))
seconds = st.one_of(st.just(NAN), st.floats(-20, 4000))

readings = st.builds(
    ZoneReading,
    participant=st.just("C07"),
    t_centre_s=st.floats(0, 4000),
    t_emit_s=st.floats(0, 4000),
    zone=st.sampled_from(["within", "above", "below", "na"]),
    since_s=seconds,
    near=st.sampled_from(["", "above", "below"]),
    arousal=numbers,
    p_above=shares,
    p_below=shares,
    upper_mean=numbers,
    upper_sd=spreads,
    lower_mean=numbers,
    lower_sd=spreads,
    provisional=st.booleans(),
    status=st.sampled_from(list(Status)),
    reason=st.sampled_from(list(Reason)),
    note=st.sampled_from(["", "opening", "low_eda", "flat", "drift"]),
    drift=numbers,
)
zones = st.one_of(
    st.none(), st.builds(zone_view, readings, st.sampled_from(list(Hold)), st.one_of(st.just(NAN), seconds))
)


@st.composite
def markers(draw: st.DrawFn) -> list[dict[str, object]]:
    out = []
    for name in ("z_vagal", "z_eda", "breathing_per_min", "arousal"):
        if draw(st.booleans()):
            missing = draw(st.booleans())
            reason = draw(st.sampled_from(list(Reason))).value
            out.append(
                {
                    "participant": "C07",
                    "marker": name,
                    "value": None if missing else draw(st.floats(-9, 30)),
                    "se": draw(st.one_of(st.none(), st.floats(0, 2))),
                    "status": "NA" if missing else draw(st.sampled_from(["OK", "LOW"])),
                    "reason": reason,
                    "hold": draw(st.sampled_from(list(Hold))).value if missing else "",
                    "since_s": draw(st.one_of(st.none(), st.floats(0, 4000))),
                    "text": draw(st.sampled_from(["", "electrode contact lost"])),
                }
            )
    return out


@given(zones, markers(), st.sampled_from(["", "session ended"]))
def test_whatever_is_read_there_are_words_and_no_place_without_its_numbers(
    zone: object, values: list[dict[str, object]], blank: str
) -> None:
    person = Person("C07", "client", [], values, zone)  # type: ignore[arg-type]
    text = glance_text(person, blank)
    assert text.state
    assert text.spoken.startswith(text.state)
    assert "nan" not in text.spoken
    assert " · ".join(filter(None, [text.state, text.detail])) == text.state or text.detail
    if blank:
        assert not text.detail
    place = place_of(person, blank)
    assert place.sentence
    known = {v["marker"]: v["value"] for v in values}
    if place.x is not None:
        assert place.x == known["z_vagal"]
        assert not place.hollow
    if place.y is not None:
        assert place.y == known["z_eda"]
        assert not blank
    if place.hollow:
        assert place.x is None
        assert place.y is not None
        assert known["z_vagal"] is None
    assert place.x is None or place.y is not None


@given(
    st.lists(st.tuples(numbers, numbers), min_size=10, max_size=30),
    st.lists(st.booleans(), min_size=30, max_size=30),
    st.one_of(st.none(), st.integers(5, 12)),
)
def test_however_often_the_board_is_read_the_trail_in_the_plane_is_the_same(
    values: list[tuple[float, float]], reads: list[bool], revoked: int | None
) -> None:
    board = Board()
    board.set_origin(0.0)
    often, once = ScoreTrails(), ScoreTrails()
    cursor = 0
    for k, pair in enumerate(values):
        for name, value in zip(("z_vagal", "z_eda"), pair, strict=True):
            status, reason = (Status.NA, Reason.GAP) if math.isnan(value) else (Status.OK, Reason.NONE)
            if (k + 1) % 3 or name == "z_eda":
                row = MarkerRow("C07", name, k - 15.0, float(k), value, NAN, "SD", status, reason, 30.0, 1.0)
                board.note_results([row])
        if k == revoked:
            board.note_results([Revocation("C07", ("z_eda", "arousal"), k - 4.0, k + 0.0, Reason.MOTION)])
        board.note_event(Tick(float(k), NAN))
        if reads[k]:
            snapshot = board.snapshot(cursor)
            cursor = snapshot["cursor"]
            often.apply(snapshot)
    often.apply(board.snapshot(cursor))
    once.apply(board.snapshot())
    whole = once.places("C07", -1.0)
    np.testing.assert_array_equal(often.places("C07", -1.0), whole)
    assert whole[0].tolist() == [float(k) for k in range(len(values))]
    if revoked is not None and revoked < len(values):
        assert np.isnan(whole[2, revoked - 4 : revoked + 1]).all()
