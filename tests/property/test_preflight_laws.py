"""Whatever is asked in the set-up and whatever comes and goes: one owner, and the room binds what was shown."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from monitor.board.commands import Command, checked
from monitor.core.events import Chunk, ClockOffset
from monitor.core.model import StreamInfo
from monitor.lsl.advert import Advert, stream_info
from monitor.lsl.lookout import Seen
from monitor.lsl.supervisor import Opened
from monitor.preflight.remember import Memory
from monitor.preflight.setup import ALL_WELL, Setup, seats_for
from monitor.roles import bind, participant_of
from monitor.room import Room

XML = "<info><desc><channels><channel><label>{}</label><unit>{}</unit></channel></channels></desc></info>"
KINDS = {"ECG": ("uV", 130.0), "EDA": ("uS", 50.0), "RR": ("ms", 0.0), "Markers": ("", 0.0)}
NAMES = ("Polar C07", "Polar T02", "Polar", "Shimmer 5F A1", "Strap client", "Notes, ä")


class FakeLookout:
    """Outlets that are there because the test says so."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.adverts: list[Advert] = []
        self.refused = {"Odd": "has no name: give it one at the sender"}
        self._new: list[Seen] = []
        self._ids = itertools.count(1)

    def clock(self) -> float:
        return self.now_s

    def add(self, uid: str, name: str, kind: str, source_id: str) -> None:
        _, rate_hz = KINDS[kind]
        text = "string" if kind == "Markers" else "float32"
        advert = Advert(uid, name, kind, source_id, "pc", 1, rate_hz, text, None)
        self.adverts.append(advert)
        info = _info(advert, next(self._ids))
        self._new += [Seen(uid, Opened(info, None)), Seen(uid, ClockOffset(info.stream_id, 1.0, 0.0))]
        if text != "string":
            stamps = self.now_s - np.arange(3.0, 0.0, -1.0)
            self._new.append(Seen(uid, Chunk(info.stream_id, stamps, np.ones((3, 1), dtype=np.float32))))

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def update(self) -> tuple[Advert, ...]:
        self.now_s += 0.2
        return tuple(self.adverts)

    def take(self) -> list[Seen]:
        taken, self._new = self._new, []
        return taken

    def state(self, uid: str) -> str:
        return "live"

    def offset_s(self, uid: str) -> float:
        return 0.0

    def doubles(self) -> frozenset[str]:
        labels = [advert.label for advert in self.adverts]
        return frozenset(a.uid for a in self.adverts if labels.count(a.label) > 1)


def _info(advert: Advert, stream_id: int) -> StreamInfo:

    unit = KINDS[advert.type][0]
    return stream_info(advert, XML.format(advert.type, unit), stream_id)


places = st.sampled_from([f"uid{k}" for k in range(6)])
codes = st.sampled_from(["C01", "T01", "C07", "T02", "c01", "Zoë", "X9"])
outlets = st.tuples(st.sampled_from(NAMES), st.sampled_from(sorted(KINDS)), st.sampled_from(["", "a", "b"]))
steps = st.one_of(
    st.tuples(st.just("add"), places, outlets),
    st.tuples(st.just("drop"), places),
    st.tuples(st.just("assign"), st.builds("{} {}".format, places, codes)),
    st.tuples(st.just("assign"), places),
    st.tuples(
        st.just("person"), st.builds("{} {}".format, st.sampled_from(["client", "therapist", "other"]), codes)
    ),
    st.tuples(st.just("person"), st.sampled_from(["client", "therapist", "other", "a b c"])),
    st.tuples(st.just("swap")),
)


def done(setup: Setup, lookout: FakeLookout, step: tuple[Any, ...]) -> None:
    """Do one step; an outlet that is started anew at the same place has a new uid."""
    present = {advert.uid.partition(".")[0]: advert for advert in lookout.adverts}
    if step[0] == "add":
        _, place, (name, kind, source_id) = step
        if place not in present:
            lookout.add(f"{place}.{lookout.now_s:.1f}", name, kind, source_id)
    elif step[0] == "drop":
        lookout.adverts = [advert for advert in lookout.adverts if advert is not present.get(step[1])]
    elif step[0] == "assign":
        place, blank, code = step[1].partition(" ")
        uid = present[place].uid if place in present else place
        setup.ask(checked("assign", f"{uid}{blank}{code}"))
    else:
        setup.ask(checked(step[0], step[1] if len(step) > 1 else None))


def shown(setup: Setup) -> dict[str, Any]:
    view = setup.board.snapshot(0)["setup"]
    assert view is not None
    return dict(view)


def check(view: dict[str, Any], lookout: FakeLookout) -> None:
    """Whatever happens, nobody shares a stream, nobody shares a code, and what is wrong has its cure."""
    codes = [person["code"] for person in view["people"]]
    assert len({code.casefold() for code in codes}) == len(codes) >= 1
    labels: dict[tuple[str, ...], str] = {}
    for stream in view["streams"]:
        assert stream["participant"] in {*codes, ""}
        assert bool(stream["participant"]) == bool(stream["given_by"])
        assert [c["name"] for c in stream["checks"]] == ["connected", "rate", "clock", "signal", "contact"]
        advert = next((a for a in lookout.adverts if a.uid == stream["uid"]), None)
        if advert is not None:
            assert labels.setdefault(advert.label, stream["participant"]) == stream["participant"]
    uids = [stream["uid"] for stream in view["streams"]]
    assert len(set(uids)) == len(uids)
    assert {a.uid for a in lookout.adverts} <= set(uids)
    assert bool(view["wrong"]) == bool(view["cure"])
    assert not (view["ready"] and view["wrong"])


@given(st.lists(steps, max_size=14), st.sampled_from(["", "options", "locked"]))
def test_a_stream_has_one_owner_and_the_room_binds_what_was_shown(
    asked: list[tuple[Any, ...]], how: str
) -> None:
    check_the_laws(asked, how, lambda room: room)


def check_the_laws(asked: list[tuple[Any, ...]], how: str, bent: Callable[[Room], Room]) -> None:
    room = Room.from_options(["C07=Polar", "T02=Shimmer"], "C07", "T02") if how else None
    locked = room if how == "locked" else None
    lookout = FakeLookout()
    seats, _ = seats_for(locked=locked, options=room, memory=Memory())
    setup = Setup(lookout, seats, room=locked)  # type: ignore[arg-type]
    for step in asked:
        done(setup, lookout, step)
        assert setup.step() is None
        check(shown(setup), lookout)
    before = shown(setup)
    setup.ask(Command("start"))
    start = setup.step()
    assert (start is not None) == bool(before["can_start"])
    if start is None:
        assert shown(setup)["message"]
        return
    after = shown(setup)
    assert (start.preflight == ALL_WELL) == after["ready"]
    began = bent(start.room)
    assert [p.code for p in began.participants] == [p["code"] for p in after["people"]] or how == "locked"
    for stream in after["streams"]:
        advert = next((a for a in lookout.adverts if a.uid == stream["uid"]), None)
        if advert is not None and not (how == "locked" and not stream["participant"]):
            info = _info(advert, 1)
            assert (participant_of(info, began) or "") == stream["participant"]
            assert {b.key.participant for b in bind(info, began)} <= {stream["participant"]}
