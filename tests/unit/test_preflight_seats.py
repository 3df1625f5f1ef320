"""Whose a stream is before the start: room file, user, options, memory, guess; and what is kept for next time."""

import stat
from pathlib import Path

import pytest

from monitor.core.model import Modality, StreamInfo
from monitor.errors import SettingsError
from monitor.preflight.guess import Sighting
from monitor.preflight.remember import FILE_NAME, Memory, keep, recall
from monitor.preflight.seats import Found, Seats
from monitor.preflight.setup import DEFAULT_PEOPLE, seats_for
from monitor.roles import participant_of
from monitor.room import Kind, Participant, Room, StreamLabel, StreamRule

ECG, RR, EDA = Modality.ECG, Modality.RR, Modality.EDA


def found(name: str, *analysed: Modality, source_id: str = "", host: str = "pc", kind: str = "") -> Found:
    kind = kind or (analysed[0].value.upper() if analysed else "Markers")
    label = (name, kind, source_id or f"{name} id".casefold().replace(" ", "-"), host)
    info = StreamInfo(
        stream_id=0,
        name=label[0],
        type=label[1],
        source_id=label[2],
        hostname=label[3],
        channel_count=1,
        nominal_rate_hz=130.0,
        channel_format="float32",
    )
    return Found(label, info, Sighting(label, frozenset(analysed)))


def owners(seats: Seats, *streams: Found) -> dict[str, tuple[str, str]]:
    return {label[0]: (o.participant, o.given_by) for label, o in seats.owners(streams).items()}


def dyad() -> Seats:
    return Seats((Participant(code="C07", kind=Kind.CLIENT), Participant(code="T02", kind=Kind.THERAPIST)))


def test_a_code_in_the_name_wins_over_everything_that_is_guessed() -> None:
    told = owners(dyad(), found("Polar T02", ECG), found("Shimmer C07", EDA), found("Polar C071", ECG))
    assert told == {
        "Polar T02": ("T02", "guess"),
        "Shimmer C07": ("C07", "guess"),
        "Polar C071": ("C07", "guess"),
    }


def test_the_word_therapist_in_a_name_says_whose_it_is() -> None:
    assert owners(dyad(), found("H10 therapist", ECG)) == {"H10 therapist": ("T02", "guess")}


def test_streams_of_one_device_go_to_one_person() -> None:
    streams = (
        found("Polar 5F A1 RR", RR),
        found("Shimmer 77B", EDA),
        found("Polar 9B C2", ECG),
        found("Polar 5F A1", ECG),
        found("Polar 9B C2 RR", RR),
    )
    told = owners(dyad(), *streams)
    assert told["Polar 5F A1"] == told["Polar 5F A1 RR"] == ("C07", "guess")
    assert told["Polar 9B C2"] == told["Polar 9B C2 RR"] == ("T02", "guess")


def test_a_guess_never_gives_one_person_two_streams_that_measure_the_same() -> None:
    told = owners(dyad(), *(found(f"Polar {n}", ECG) for n in "ABC"))
    assert told == {"Polar A": ("C07", "guess"), "Polar B": ("T02", "guess"), "Polar C": ("", "")}


def test_a_stream_that_comes_later_does_not_move_the_others_about() -> None:
    seats = dyad()
    first = found("Polar 9B", ECG)
    assert owners(seats, first) == {"Polar 9B": ("C07", "guess")}
    late = found("Polar 5F", ECG)
    assert owners(seats, late, first) == {"Polar 9B": ("C07", "guess"), "Polar 5F": ("T02", "guess")}


def test_streams_of_another_computer_follow_each_other() -> None:
    seats = dyad()
    one, two = found("Polar A", ECG, host="left"), found("Polar B", ECG, host="right")
    seats.owners([one, two])
    assert owners(seats, one, two, found("Skin", EDA, host="right"))["Skin"] == ("T02", "guess")


def test_the_user_wins_over_guess_memory_and_options_and_the_other_streams_follow() -> None:
    stream, beats = found("Polar C07 9B", ECG), found("Polar 9B RR", RR)
    options = Room.from_options(["C07=Polar"], "C07", "T02")
    seats = Seats(options.participants, options=options, remembered={stream.label: "C07"})
    assert owners(seats, stream) == {"Polar C07 9B": ("C07", "option")}
    assert seats.assign(stream.label, "T02") == ""
    assert owners(seats, stream)["Polar C07 9B"] == ("T02", "you")
    assert seats.assign(stream.label, "") == ""
    assert owners(seats, stream)["Polar C07 9B"] == ("", "")
    plain = dyad()
    assert owners(plain, beats)["Polar 9B RR"] == ("C07", "guess")
    other = found("Polar 9B", ECG)
    plain.assign(other.label, "T02")
    assert owners(plain, beats, other) == {"Polar 9B RR": ("T02", "guess"), "Polar 9B": ("T02", "you")}


def test_codes_are_checked_and_streams_stay_when_a_code_is_corrected() -> None:
    seats, stream = dyad(), found("Strap", ECG)
    seats.assign(stream.label, "C07")
    assert seats.name("client", "c09") == ""
    assert owners(seats, stream) == {"Strap": ("c09", "you")}
    for kind, code in (
        ("client", "Zoë"),
        ("therapist", "C09"),
        ("king", "X"),
        ("client", "../x"),
        ("client", "NUL"),
    ):
        assert seats.name(kind, code), (kind, code)
    assert seats.assign(stream.label, "X99")
    assert seats.name("other", "D01") == ""
    assert [p.code for p in seats.people] == ["c09", "T02", "D01"]
    assert seats.name("therapist", "") == ""
    assert [p.code for p in seats.people] == ["c09", "D01"]
    assert seats.swap([stream])


def test_a_swap_exchanges_what_client_and_therapist_wear() -> None:
    seats = dyad()
    streams = (found("Strap 1", ECG), found("Strap 2", ECG), found("Skin", EDA))
    before = owners(seats, *streams)
    assert seats.swap(streams) == ""
    after = owners(seats, *streams)
    other = {"C07": "T02", "T02": "C07"}
    assert {name: other[code] for name, (code, _) in before.items()} == {
        n: code for n, (code, _) in after.items()
    }


def test_a_room_file_cannot_be_overruled_and_a_contradiction_is_told() -> None:
    room = Room.from_options(["C07=Polar", "T02=H10"], "C07", "T02")
    seats = Seats(room.participants, locked=room)
    stream = found("Polar H10", ECG)
    assert "fits C07 and T02" in seats.owners([stream])[stream.label].why
    assert all((seats.assign(stream.label, "C07"), seats.name("client", "X"), seats.swap([stream])))
    assert seats.room([stream]) is room


def test_two_streams_of_one_name_are_not_mixed_up() -> None:
    seats = dyad()
    one, two = found("Polar H10", ECG, source_id="a"), found("Polar H10", ECG, source_id="b")
    seats.assign(one.label, "T02")
    seats.assign(two.label, "C07")
    room = seats.room([one, two])
    assert (participant_of(one.info, room), participant_of(two.info, room)) == ("T02", "C07")
    assert participant_of(found("Polar H10", ECG, source_id="c").info, room) is None


def test_exact_rules_and_a_closed_room_survive_the_file(tmp_path: Path) -> None:
    seats, stream = dyad(), found("Strap", ECG)
    seats.assign(stream.label, "T02")
    for room in (seats.room([stream]), dyad().room([found("Notes")])):
        room.save(tmp_path / "room.toml")
        assert Room.load(tmp_path / "room.toml") == room
    (tmp_path / "room.toml").write_text(
        "[[participant]]\ncode='a'\n[[stream]]\nparticipant='a'\nmatch='x'\nexactly=['x', 'ECG']"
    )
    with pytest.raises(SettingsError, match="source id and host of one stream"):
        Room.load(tmp_path / "room.toml")


def test_without_any_owner_no_stream_is_anybodys() -> None:
    room = dyad().room([found("Notes")])
    assert (room.closed, room.streams) == (True, ())
    assert participant_of(found("Notes").info, room) is None


def test_who_wore_what_is_kept_for_next_time_and_only_that(tmp_path: Path) -> None:
    seats, stream = dyad(), found("Strap", ECG)
    seats.assign(stream.label, "T02")
    room = seats.room([stream])
    assert keep(tmp_path / "config", room) == ""
    path = tmp_path / "config" / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    memory = recall(tmp_path / "config")
    assert memory == Memory(people=room.participants, streams={stream.label: "T02"})
    again, as_last_time = seats_for(locked=None, options=None, memory=memory)
    assert as_last_time
    assert owners(again, stream, found("Other", EDA)) == {
        "Strap": ("T02", "remembered"),
        "Other": ("C07", "guess"),
    }


def test_units_and_modalities_that_stand_in_the_memory_are_not_taken_over(tmp_path: Path) -> None:
    rule = StreamRule(
        participant="C1", match="x", modality=Modality.EDA, unit="nS", exactly=("x", "EDA", "", "pc")
    )
    Room(participants=(Participant(code="C1"),), streams=(rule,)).save(tmp_path / FILE_NAME)
    memory = recall(tmp_path)
    assert memory.streams == {("x", "EDA", "", "pc"): "C1"}
    stream = found("x", EDA, source_id="")
    seats, _ = seats_for(locked=None, options=None, memory=memory)
    assert all(r.modality is None and r.unit == "" for r in seats.room([stream]).streams)


@pytest.mark.parametrize(
    "text", ["x = = 1", "participant = 'a'", "[[participant]]\ncode = '../x'", "\x00", "a" * 200_000]
)
def test_a_damaged_memory_is_left_aside_with_a_message(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    memory = recall(tmp_path)
    assert memory.people == ()
    assert "left aside" in memory.problem
    assert recall(tmp_path / "nothing") == Memory()


def test_another_client_is_offered_what_the_client_wore_last_time() -> None:
    label: StreamLabel = found("Strap", ECG).label
    memory = Memory(people=DEFAULT_PEOPLE, streams={label: "C01"})
    options = Room.from_options(["C09=nothing"], "C09", "T01")
    seats, as_last_time = seats_for(locked=None, options=options, memory=memory)
    assert not as_last_time
    assert owners(seats, found("Strap", ECG)) == {"Strap": ("C09", "remembered")}
