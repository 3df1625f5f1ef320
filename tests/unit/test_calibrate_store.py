"""The folder of profiles, and what goes from a calibration into one."""

import argparse
from pathlib import Path

import numpy as np
import pytest

from calibration.baseline import Reference, Scale
from calibration.profile import BaselineKind, Conditions, Medication, Posture, Profile, read_profile
from calibration.protocol import Rating
from calibration.quality import BaselineQuality
from monitor.calibrating.keep import Origin, chosen_protocol, conditions_from, draw, keep, stored_lines
from monitor.calibrating.result import Attempt
from monitor.calibrating.spans import check_spans, parse_span
from monitor.commands.calibrate import guessed_room
from monitor.core.model import ChannelInfo, StreamInfo
from monitor.core.series_log import SeriesLog
from monitor.errors import SettingsError
from monitor.paths import profiles_folder
from monitor.profiles import ProfileStore

DAY_S = 86_400.0
NOW_S = 1_790_000_000.0


def tried(code: str = "C07", *, level: float = 1.5) -> Attempt:
    scale = Scale(mean=level, sd=0.2, n_effective=12.0)
    reference = Reference(
        participant=code,
        start_s=60.0,
        stop_s=420.0,
        valid_s=350,
        scales={"ln_scl": scale, "scr_rate": scale, "heart_speed": scale, "ln_rmssd": scale},
        electrodermal_rho=0.4,
        correlation=((1.0, 0.2, 0.1), (0.2, 1.0, 0.3), (0.1, 0.3, 1.0)),
        responder=True,
    )
    return Attempt(
        participant=code,
        spans=((60.0, 420.0, 1.0),),
        quality=BaselineQuality(n_seconds=360, n_valid=350, n_arrhythmia=0, n_movement=0, responder=True),
        reference=reference,
        breathing_per_min=13.5,
        problem="",
    )


def origin(utc_s: float = NOW_S, **changes: object) -> Origin:
    values: dict[str, object] = {
        "utc_s": utc_s,
        "kind": BaselineKind.FIRST,
        "session": "s1",
        "protocol": "first",
    }
    return Origin(**{**values, **changes})  # type: ignore[arg-type]


def options(**changes: object) -> argparse.Namespace:
    values = {"posture": None, "medication": [], "screening": [], "protocol": None, "kind": None}
    return argparse.Namespace(**{**values, **changes})


def test_a_profile_is_kept_and_found_by_code(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "not yet there")
    assert store.load("C07") is None
    kept = keep(
        store, tried(), origin(ratings=[(Rating.TENSION, 2.0), (Rating.PRESENT, 8.0)], sensors={"ecg": "H10"})
    )
    assert store.load("C07") == kept
    assert read_profile(store.path("C07"), "C07") == kept
    (baseline,) = kept.baselines
    assert (baseline.tension, baseline.present) == ((2.0,), (8.0,))
    assert kept.sensors == {"ecg": "H10"}
    assert kept.versions["attune-monitor"]


def test_a_later_calibration_is_added_and_what_was_not_said_again_stays(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    said = Conditions(posture=Posture.SITTING, medication=(Medication.BETA_BLOCKER,))
    keep(store, tried(), origin(conditions=said))
    later = origin(
        NOW_S + 7 * DAY_S,
        kind=BaselineKind.OPENING,
        session="s2",
        conditions=Conditions(posture=Posture.RECLINED),
    )
    profile = keep(store, tried(level=1.7), later)
    assert [one.kind for one in profile.baselines] == [BaselineKind.FIRST, BaselineKind.OPENING]
    assert profile.conditions.posture is Posture.RECLINED
    assert profile.conditions.medication == (Medication.BETA_BLOCKER,)


def test_a_calibration_holds_for_the_whole_recording_it_was_made_from(tmp_path: Path) -> None:
    profile = keep(ProfileStore(tmp_path), tried(), origin())
    assert profile.calibration_at(NOW_S).reference is not None
    assert profile.calibration_at(NOW_S).problem == ""


def test_what_was_stored_is_told_with_units_and_provisional_edges(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    profile = keep(store, tried(), origin())
    text = "\n".join(stored_lines(store, tried(), profile))
    for part in (
        "C07.toml",
        "5.8 of 6.0 min",
        "µS",
        "bpm",
        "provisional upper edge +2.5 SD",
        "breathing: 14",
    ):
        assert part in text


def test_a_refused_calibration_or_one_without_date_is_never_stored(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    refused = Attempt(**{**_fields(tried()), "reference": None, "problem": "Too little."})
    with pytest.raises(SettingsError, match="Too little"):
        keep(store, refused, origin())
    with pytest.raises(SettingsError, match="date"):
        keep(store, tried(), origin(float("nan")))
    assert store.load("C07") is None


def _fields(one: Attempt) -> dict[str, object]:
    return {name: getattr(one, name) for name in Attempt.__dataclass_fields__}


@pytest.mark.parametrize("code", ["../C07", "C 07", "", "con", "C07/x", "a" * 33])
def test_no_code_reaches_outside_the_folder(tmp_path: Path, code: str) -> None:
    with pytest.raises(SettingsError, match="cannot be the code"):
        ProfileStore(tmp_path).path(code)


def test_a_damaged_profile_is_told_and_neither_used_nor_overwritten(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path)
    store.path("C07").write_text("participant = ", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"C07\.toml"):
        store.load("C07")
    with pytest.raises(SettingsError):
        keep(store, tried(), origin())
    with pytest.raises(SettingsError):
        store.save(Profile(participant="C07", created_utc_s=NOW_S))
    assert store.path("C07").read_text(encoding="utf-8") == "participant = "


def test_a_change_of_a_profile_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="attune calibrate C07"):
        ProfileStore(tmp_path).update("C07", lambda profile: profile)


def test_a_session_keeps_copies_of_the_profiles_it_used(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "profiles")
    store.save(Profile(participant="C07", created_utc_s=NOW_S))
    session = tmp_path / "session"
    session.mkdir()
    (copy,) = store.copy_into(session, ["C07", "T02"])
    assert copy == session / "profiles" / "C07.toml"
    assert read_profile(copy, "C07") == store.load("C07")
    assert store.copy_into(tmp_path, []) == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "file")
    store.folder.write_text("", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"C07\.toml"):
        keep(store, tried(), origin())
    good = ProfileStore(tmp_path / "profiles")
    good.save(Profile(participant="C07", created_utc_s=NOW_S))
    with pytest.raises(SettingsError, match="Cannot write"):
        good.copy_into(tmp_path / "file", ["C07"])


def test_the_folder_is_the_one_asked_for_or_the_users_own(tmp_path: Path) -> None:
    assert profiles_folder(str(tmp_path)) == tmp_path
    assert profiles_folder(None).parts[-2:] == ("attune", "profiles")


def test_without_a_wish_the_first_calibration_is_full_and_later_ones_are_openings(tmp_path: Path) -> None:
    protocol, kind = chosen_protocol(options(), None)
    assert (protocol.name, kind) == ("first", BaselineKind.FIRST)
    profile = keep(ProfileStore(tmp_path), tried(), origin())
    protocol, kind = chosen_protocol(options(), profile)
    assert (protocol.name, kind) == ("opening", BaselineKind.OPENING)
    protocol, kind = chosen_protocol(options(protocol="first"), profile)
    assert (protocol.name, kind) == ("first", BaselineKind.FIRST)
    protocol, kind = chosen_protocol(options(kind="first"), profile)
    assert (protocol.name, kind) == ("first", BaselineKind.FIRST)


def test_conditions_are_words_of_a_closed_list() -> None:
    said = conditions_from(options(posture="lying", medication=["stimulant"], screening=["pacemaker"]))
    assert said.posture is Posture.LYING
    with pytest.raises(SettingsError, match=r"--medication takes none_known, beta_blocker"):
        conditions_from(options(medication=["Aspirin for Anna"]))
    with pytest.raises(SettingsError, match="none_known together"):
        conditions_from(options(medication=["none_known", "other"]))


@pytest.mark.parametrize("option", ["", "60", "a:b", "60:60", "90:60", "-1:60", "0:inf", "nan:60", "0:60:90"])
def test_a_span_must_be_two_seconds_of_the_recording(option: str) -> None:
    with pytest.raises(SettingsError, match="START:STOP"):
        parse_span(option)


def test_spans_must_lie_inside_and_apart() -> None:
    check_spans([(200.0, 300.0, 1.0), (0.0, 200.0, 1.0)], 300.0)
    with pytest.raises(SettingsError, match="is 300 s long"):
        check_spans([(0.0, 301.0, 1.0)], 300.0)
    with pytest.raises(SettingsError, match="overlap"):
        check_spans([(0.0, 200.0, 1.0), (150.0, 300.0, 1.0)], 300.0)
    with pytest.raises(SettingsError, match="outside"):
        check_spans([(0.0, 200.0, 1.0)], float("nan"))


def stream(number: int, name: str, kind: str) -> StreamInfo:
    unit = "microvolts" if kind == "ECG" else "microsiemens"
    return StreamInfo(
        stream_id=number,
        name=name,
        type=kind,
        source_id=f"id{number}",
        channel_count=1,
        nominal_rate_hz=130.0 if kind == "ECG" else 51.2,
        channel_format="float32",
        channels=(ChannelInfo(label=kind, unit=unit, type=kind),),
    )


def test_streams_that_name_the_person_are_theirs_and_others_are_left_alone() -> None:
    room = guessed_room("C07", [stream(1, "H10 C07", "ECG"), stream(2, "H10 T02", "ECG")])
    assert [rule.match for rule in room.streams] == ["C07"]


def test_streams_that_name_nobody_are_taken_when_they_can_be_of_one_person() -> None:
    room = guessed_room("C07", [stream(1, "Polar H10 8A2F", "ECG"), stream(2, "Shimmer", "EDA")])
    assert [rule.match for rule in room.streams] == ["Polar H10 8A2F", "Shimmer"]
    with pytest.raises(SettingsError, match="--assign C07=TEXT"):
        guessed_room("C07", [stream(1, "Polar H10 8A2F", "ECG"), stream(2, "Polar H10 11B0", "ECG")])


def test_a_plot_that_cannot_be_written_loses_no_calibration(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    log = SeriesLog()
    paths, problem = draw(blocked / "baseline", tried(), log)
    assert paths == []
    assert "could not be written" in problem
    assert np.isfinite(tried().breathing_per_min)
