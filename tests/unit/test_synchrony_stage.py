"""Everybody with everybody: who is first, what is due when, groups, and what is refused."""

from itertools import combinations

import numpy as np
import pytest

from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.results import Notice, Reason, Result, Status, SynchronyReading, SynchronyRow
from monitor.core.synchrony.pair import Choices
from monitor.core.synchrony.stage import MOST_PEOPLE, SynchronyStage

FEW = Choices(segment_s=10.0, lag_s=2.0, n_surrogates=99)


class Room:
    """People whose signals are made up second by second."""

    def __init__(self, codes: str, kinds: dict[str, str] | None = None, *, readings: bool = False) -> None:
        self.stage = SynchronyStage(FEW, kinds or {}, readings=readings)
        self.rng = np.random.default_rng(1)
        self.people = {code: self.stage.series_for(code) for code in codes}
        self.second = 0
        self.steady = ""
        self.rates: dict[str, float] = {}
        self.results: list[Result] = []

    def breath(self, code: str, own: np.ndarray) -> np.ndarray:
        """Rates of breathing: those named in `steady` breathe as a pacer tells."""
        return self.rates.get(code, 15.0) + (0.2 if code in self.steady else 2.0) * own

    def go(self, seconds: int, *, same: str = "", absent: str = "", echo: str = "") -> "Room":
        for _ in range(seconds):
            self.second += 1
            shared = self.rng.normal(size=4)
            for code, series in self.people.items():
                own = self.rng.normal(size=4)
                x = shared if code in same else own + (2.0 * shared if code in echo else 0.0)
                if code in absent:
                    continue
                series.push(4 * self.second - 4, np.stack([4.0 + x, 4.0 + x]), 0.0, 800.0 + 20.0 * x)
                series.note(self.second - 1, 3.0 + 0.1 * own[:1], self.breath(code, own[:1]))
            self.results += self.stage.push(self.second, self.second, float(self.second) + 3.0)
        return self

    def rows(self, signal: str = "eda") -> list[SynchronyRow]:
        return [r for r in self.results if isinstance(r, SynchronyRow) and r.signal == signal]


def test_one_person_alone_has_no_synchrony() -> None:
    room = Room("A").go(200)
    assert room.results == []
    assert room.stage.pairs() == []
    assert room.stage.group("eda") is None


def test_the_client_comes_first_and_the_therapist_last() -> None:
    kinds = {"A": "therapist", "Z": "client", "M": "other"}
    for codes in ("AZM", "MZA", "ZMA"):
        room = Room(codes, kinds).go(60)
        assert room.stage.participants == ("Z", "M", "A")
        pairs = list(dict.fromkeys((row.first, row.second) for row in room.rows()))
        assert pairs == [("Z", "M"), ("Z", "A"), ("M", "A")]


def test_without_roles_codes_decide() -> None:
    assert Room("BA").stage.participants == ("A", "B")


def test_each_segment_gives_one_row_for_each_signal_and_the_last_minutes() -> None:
    room = Room("AB").go(200)
    for signal in ("eda", "ibi", "eda_5min", "ibi_5min"):
        times = [row.t_s for row in room.rows(signal)]
        assert times == [10.0 * (i + 1) for i in range(len(times))]
        assert len(times) >= 16
    assert [row.t_s for row in room.rows("ln_rmssd")] == [40.0, 80.0, 120.0, 160.0, 200.0]
    assert room.rows("ln_rmssd_5min") == []


def test_numbers_come_after_ten_segments_and_are_sure_after_twenty() -> None:
    rows = Room("AB").go(260).rows()
    # The first segment of ten seconds lacks the two and a half before the first slope.
    late = len(rows) - 20
    assert [row.status for row in rows] == [Status.NA] * 10 + [Status.LOW] * 10 + [Status.OK] * late
    assert {row.reason for row in rows[:20]} == {Reason.TOO_FEW_SEGMENTS}
    assert np.isnan([row.z_session for row in rows[:10]]).all()
    assert np.isfinite([row.z_session for row in rows[10:]]).all()


def test_somebody_missing_for_a_while_makes_rows_missing_and_loses_nothing() -> None:
    room = Room("AB").go(150).go(60, absent="B").go(60)
    rows = {row.t_s: row for row in room.rows()}
    assert {rows[t].reason for t in (170.0, 190.0, 200.0)} == {Reason.GAP}
    assert all(np.isnan(rows[t].z_session) for t in (170.0, 190.0, 200.0))
    assert rows[240.0].status in (Status.LOW, Status.OK)
    (dyad,) = [d for d in room.stage.dyads if d.signal.name == "eda"]
    assert 17 <= dyad.coupling.n_segments <= 20


def test_a_signal_nobody_has_gives_no_rows() -> None:
    stage = SynchronyStage(FEW, {})
    people = [stage.series_for(code) for code in "AB"]
    out: list[Result] = []
    for second in range(1, 100):
        for series in people:
            series.push(4 * second - 4, np.full((2, 4), 4.0), 0.0, None)
        out += stage.push(second, second, float(second))
    assert {row.signal for row in out if isinstance(row, SynchronyRow)} == {"eda", "eda_5min"}
    assert {row.reason for row in out if isinstance(row, SynchronyRow)} <= {
        Reason.TOO_FEW_SEGMENTS,
        Reason.ZERO_VARIANCE,
    }


@pytest.mark.parametrize(
    ("steady", "apart", "confounded"), [("AB", 0.3, True), ("A", 0.0, False), ("AB", 1.5, False)]
)
def test_hearts_of_people_who_breathe_steadily_at_one_rate_are_called_unsure(
    steady: str, apart: float, confounded: bool
) -> None:
    room = Room("AB")
    room.steady, room.rates = steady, {"B": 15.0 + apart}
    room.go(400, echo="AB")
    heart, skin = room.rows("ibi")[-1], room.rows("eda")[-1]
    assert (skin.status, skin.reason) == (Status.OK, Reason.NONE)
    assert heart.z_session > 3.0
    if confounded:
        assert (heart.status, heart.reason) == (Status.LOW, Reason.RESP_CONFOUNDED)
        assert np.isnan(heart.lag_s)
        assert next(d for d in room.stage.dyads if d.signal.name == "ibi").final().status is Status.LOW
    else:
        assert (heart.status, heart.reason) == (Status.OK, Reason.NONE)


def test_one_stream_for_two_people_is_told_once_and_never_gets_a_number() -> None:
    room = Room("AB", readings=True).go(300, same="AB")
    notices = [r for r in room.results if isinstance(r, Notice)]
    assert sorted(notice.label for notice in notices) == ["same_signal", "same_signal"]
    assert "check the roles" in notices[0].text
    assert np.isnan([row.z_session for row in room.rows()]).all()
    assert room.rows()[-1].reason is Reason.NO_DATA
    assert room.stage.dyads[0].final().status is Status.NA
    # By minutes that are valid the board tells one signal for both from nothing at all.
    newest = [r for r in room.results if isinstance(r, SynchronyReading)][-1]
    assert newest.reason is Reason.NO_DATA
    assert newest.valid_min > 0.0


def test_readings_are_for_the_eye_and_change_nothing_else() -> None:
    with_readings, without = Room("AB", readings=True).go(200), Room("AB").go(200)
    readings = [r for r in with_readings.results if isinstance(r, SynchronyReading)]
    assert {r.signal for r in readings} == {"eda", "ibi"}
    assert repr(with_readings.rows()) == repr(without.rows())
    newest = [r for r in readings if r.signal == "eda"][-1]
    assert newest.valid_min == pytest.approx(newest.t_s / 60.0, abs=0.2)
    assert newest.needed_min == pytest.approx(200.0 / 60.0)


def test_somebody_who_comes_late_is_missing_before() -> None:
    room = Room("AB").go(100)
    room.people["C"] = room.stage.series_for("C")
    room.go(150)
    by_pair = {(d.first, d.second): d.coupling for d in room.stage.dyads if d.signal.name == "eda"}
    assert set(by_pair) == {("A", "B"), ("A", "C"), ("B", "C")}
    # Their first segment lacks its first slopes.
    assert by_pair["A", "C"].members[0] == 11
    assert by_pair["A", "B"].n_segments > by_pair["A", "C"].n_segments >= 13


def test_a_group_has_all_pairs_a_matrix_and_one_index() -> None:
    room = Room("ABCD").go(300, echo="ABC")
    stage = room.stage
    matrix = stage.matrix("eda")
    for a, b in combinations(range(4), 2):
        assert matrix[a][b] == matrix[b][a]
        if {a, b} <= {0, 1, 2}:
            assert (matrix[a][b] or 0.0) > 3.0
    assert all(matrix[i][i] is None for i in range(4))
    index = stage.group("eda")
    assert index is not None
    assert index.z > 3.0 > index.chance_hi
    assert (index.n_pairs, index.status, index.p) == (6, Status.OK, 0.01)


def test_a_group_of_strangers_lies_within_chance() -> None:
    found = [Room("ABCD").go(250).stage.group("eda")]
    assert all(index is not None and abs(index.z) < 3.0 for index in found)


def test_an_index_needs_three_people_with_numbers() -> None:
    room = Room("ABC").go(250, absent="C")
    index = room.stage.group("eda")
    assert index is not None
    assert (index.status, index.reason) == (Status.NA, Reason.TOO_FEW_SEGMENTS)
    assert np.isnan(index.z)


def test_no_second_does_much_more_than_the_others() -> None:
    codes = "ABCDEFGHIJKLMNOP"
    stage = SynchronyStage(Choices(n_surrogates=99), {})
    people = [stage.series_for(code) for code in codes]
    rng = np.random.default_rng(1)
    most = 0
    for second in range(1, 131):
        for series in people:
            x = rng.normal(size=4)
            series.push(4 * second - 4, np.stack([x, x]), 0.0, x)
            series.note(second - 1, x[:1], 15.0 + x[:1])
        rows = [r for r in stage.push(second, second, float(second)) if isinstance(r, SynchronyRow)]
        most = max(most, len({(r.first, r.second, r.signal.removesuffix("_5min")) for r in rows}))
    assert len(stage.dyads) == 360
    assert most <= 15


def test_beyond_sixteen_people_nobody_is_added() -> None:
    stage = SynchronyStage(FEW, {})
    for i in range(MOST_PEOPLE + 3):
        stage.series_for(f"P{i:02}")
    assert len(stage.participants) == MOST_PEOPLE


def test_pairs_hold_the_series_on_one_grid() -> None:
    room = Room("AB").go(60).go(20, absent="B")
    pair = next(p for p in room.stage.pairs() if p.signal == "eda")
    assert (pair.first, pair.second, pair.rate_hz, pair.t0_s) == ("A", "B", 4.0, 0.0)
    assert pair.raw_x.shape == pair.raw_y.shape == pair.x.shape == pair.y.shape == (320,)
    assert np.isfinite(pair.raw_x).all()
    assert np.isnan(pair.raw_y[240:]).all()


@pytest.mark.parametrize("asked", [True, False])
def test_a_pass_that_only_reads_references_compares_nobody(asked: bool) -> None:
    pipeline = Pipeline(synchrony=FEW, compare=asked)
    t = np.arange(0.0, 60.0, 0.25)
    for number, code in enumerate("AB", start=1):
        info = StreamInfo(
            stream_id=number,
            name=code,
            type="EDA",
            channel_count=1,
            nominal_rate_hz=4.0,
            channel_format="float32",
        )
        key = StreamKey(code, Modality.EDA)
        pipeline.push(StreamOpened(info, (Binding(channel=0, key=key, unit="", scale=1.0, reason=""),)))
        pipeline.push(ClockOffset(number, 0.0, 0.0))
    out: list[Result] = []
    for second in range(60):
        for number in (1, 2):
            here = (t >= second) & (t < second + 1)
            values = 4.0 + 0.1 * np.sin(t[here] / number)
            pipeline.push(Chunk(number, t[here], values.reshape(-1, 1)))
        out += pipeline.push(Tick(second + 1.0, float("nan")))
    assert any(isinstance(r, SynchronyRow) for r in out) == asked
    assert bool(pipeline.synchrony.pairs()) == asked
