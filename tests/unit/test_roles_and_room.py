"""Who gets which stream: room file, options, bindings, conflicts."""

import math
from dataclasses import replace
from typing import Any

import pytest

from monitor.core.model import ChannelInfo, Modality, StreamInfo, StreamKey
from monitor.errors import SettingsError
from monitor.roles import RoleConflict, Roles, bind, contested, doubts
from monitor.room import Kind, Participant, Room, StreamRule


def stream(
    name: Any = "Polar H10 C07", kind: Any = "ECG", unit: Any = "microvolts", stream_id: Any = 1, **more: Any
) -> Any:
    given = {
        "channel_count": 1,
        "nominal_rate_hz": 130.0,
        "channel_format": "float32",
        "source_id": "s",
        **more,
    }
    return StreamInfo(
        stream_id=stream_id, name=name, type=kind, channels=(ChannelInfo(label=kind, unit=unit),), **given
    )


def test_options_name_people_and_their_streams() -> None:
    room = Room.from_options(assign=["C07=H10 A", "T02=H10 B"], client="C07", therapist="T02")
    assert room.of_kind(Kind.CLIENT) == ("C07",)
    assert room.of_kind(Kind.THERAPIST) == ("T02",)
    assert [rule.match for rule in room.streams] == ["H10 A", "H10 B"]


def test_a_person_named_without_an_assignment_gets_the_streams_with_the_code() -> None:
    room = Room.from_options(client="C07", therapist="T02")
    (binding,) = bind(stream(), room)
    assert binding.key == StreamKey("C07", Modality.ECG)


@pytest.mark.parametrize("option", ["C07", "=x", "C07=", "C 07=x", "../x=y", "Zoë=x", "a" * 33 + "=x"])
def test_an_assignment_that_cannot_be_used_is_refused(option: Any) -> None:
    with pytest.raises(SettingsError):
        Room.from_options(assign=[option])


def test_a_room_survives_the_file(tmp_path: Any) -> None:
    room = Room(
        participants=(Participant(code="C07", kind=Kind.CLIENT), Participant(code="T02")),
        streams=(
            StreamRule(participant="C07", match="H10"),
            StreamRule(participant="T02", match="x", modality=Modality.RR, unit="s", channel=1),
        ),
    )
    room.save(tmp_path / "room.toml")
    assert Room.load(tmp_path / "room.toml") == room


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[participants]]\ncode='a'", "Valid keys: participant, stream"),
        ("[[participant]]\ncode='a'\nname='Bob'", "Valid keys: code, kind"),
        ("[[participant]]\ncode='a'\nkind='king'", "Valid: client, therapist, other"),
        ("[[participant]]\ncode=7", "not a text"),
        ("participant='a'", "no list of tables"),
        ("[[participant]]\ncode='a'\n[[stream]]\nparticipant='b'\nmatch='x'", "not a participant"),
        ("[[participant]]\ncode='a'\n[[stream]]\nparticipant='a'\nmatch='x'\nunit='uV'", "modality"),
        (
            "[[participant]]\ncode='a'\n[[stream]]\nparticipant='a'\nmatch='x'\nmodality='eda'\nunit='kOhm'",
            "Valid: uS, nS, S",
        ),
        ("[[participant]]\ncode='a'\n[[participant]]\ncode='a'", "twice"),
        ("x = = 1", "not valid TOML"),
    ],
)
def test_a_room_file_that_cannot_be_used_says_what_is_valid(tmp_path: Any, text: Any, word: Any) -> None:
    path = tmp_path / "room.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"room\.toml") as caught:
        Room.load(path)
    assert word in str(caught.value)


def test_a_missing_room_file_is_named(tmp_path: Any) -> None:
    with pytest.raises(SettingsError, match="Cannot read"):
        Room.load(tmp_path / "none.toml")


def test_without_rules_a_stream_is_a_participant_of_its_own() -> None:
    (binding,) = bind(stream(name="Polar H10 / Müller"), Room())
    assert binding.key.participant == "Polar_H10_M_ller"


def test_a_stream_nobody_is_given_is_not_bound() -> None:
    assert bind(stream(name="other"), Room.from_options(client="C07")) == ()


def test_a_stream_given_to_two_people_is_a_conflict() -> None:
    with pytest.raises(RoleConflict, match="C1 and C10"):
        bind(stream(name="H10 C10"), Room.from_options(client="C1", therapist="C10"))


def test_a_doubtful_channel_is_not_bound_but_explained() -> None:
    info = stream(kind="EDA", unit="kOhm")
    assert bind(info, Room.from_options(client="C07")) == ()
    assert "resistance" in doubts(info, Room.from_options(client="C07"))[0]


def test_the_user_may_name_the_unit() -> None:
    rule = StreamRule(participant="C07", match="C07", modality=Modality.EDA, unit="nS")
    room = Room(participants=(Participant(code="C07"),), streams=(rule,))
    (binding,) = bind(stream(kind="EDA", unit=""), room)
    assert binding.scale == pytest.approx(1e-3)
    assert "named by the user" in binding.reason


def test_the_user_may_name_the_channel() -> None:
    info = replace(stream(), channel_count=4, channels=(), type="bitalino", nominal_rate_hz=1000.0)
    rule = StreamRule(participant="C07", match="C07", modality=Modality.ECG, channel=2)
    room = Room(participants=(Participant(code="C07"),), streams=(rule,))
    (binding,) = bind(info, room)
    assert (binding.channel, binding.key.modality) == (2, Modality.ECG)


def test_naming_a_channel_does_not_settle_an_unusable_unit() -> None:
    rule = StreamRule(participant="C07", match="C07", modality=Modality.EDA, channel=0)
    room = Room(participants=(Participant(code="C07"),), streams=(rule,))
    assert bind(stream(kind="EDA", unit="kOhm"), room) == ()


def test_of_several_leads_the_first_is_taken_and_said() -> None:
    channels = tuple(ChannelInfo(label=f"ECG{i}", unit="mV") for i in (1, 2))
    (binding,) = bind(replace(stream(), channel_count=2, channels=channels), Room())
    assert binding.channel == 0
    assert "first of 2" in binding.reason
    assert math.isclose(binding.scale, 1e3)


def test_two_streams_cannot_have_one_role() -> None:
    roles, room = Roles(), Room.from_options(client="C07")
    first, second = stream(), stream(name="H10 spare C07", stream_id=2, source_id="t")
    roles.claim(first, bind(first, room))
    with pytest.raises(RoleConflict, match="--assign C07") as caught:
        roles.claim(second, bind(second, room))
    assert first.name in str(caught.value)
    assert second.name in str(caught.value)


def test_a_restarted_source_may_have_its_role_again_and_nobody_else() -> None:
    roles, room = Roles(), Room.from_options(client="C07")
    first = stream()
    roles.claim(first, bind(first, room))
    roles.release(1)
    other = stream(name="H10 spare C07", stream_id=2)
    with pytest.raises(RoleConflict):
        roles.claim(other, bind(other, room))
    again = stream(stream_id=3)
    roles.claim(again, bind(again, room))
    assert roles.holder(StreamKey("C07", Modality.ECG)) == again


def test_a_double_of_a_live_source_is_refused() -> None:
    roles, room = Roles(), Room.from_options(client="C07")
    first, double = stream(uid="a"), stream(uid="b", stream_id=2)
    roles.claim(first, bind(first, room))
    with pytest.raises(RoleConflict):
        roles.claim(double, bind(double, room))


def test_of_two_that_claim_at_once_none_is_chosen() -> None:
    room = Room.from_options(client="C07")
    pair = [stream(), stream(name="H10 spare C07", stream_id=2)]
    assert set(contested([(info, bind(info, room)) for info in pair])) == {StreamKey("C07", Modality.ECG)}
