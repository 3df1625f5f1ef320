"""Calibrations from recordings with something wrong: a message, no profile, and never a guess."""

import numpy as np
import pytest

from calibration.profile import read_profile

SPAN = ("--span", "60:420")
ROLES = ("--assign", "A=of A", "--assign", "B=of B")


@pytest.fixture
def calibrate(tmp_path, record, attune):
    """Record streams, calibrate A from them, and tell what came of it."""

    def run(streams, *options, own=True, code="A"):
        path = streams if not hasattr(streams, "values") else record(streams.values(), own=own)
        roles = () if own else ROLES
        return attune(
            "calibrate", code, "--from", path, "--profiles", tmp_path / "profiles", *roles, *options
        )

    return run


def profile_of(tmp_path, code="A"):
    path = tmp_path / "profiles" / f"{code}.toml"
    return read_profile(path, code) if path.exists() else None


def refused(run, tmp_path, *words):
    assert run.code == 1, run.text
    for word in words:
        assert word in run.text
    assert profile_of(tmp_path) is None


def test_a_good_span_gives_a_profile_a_plot_and_words(calibrate, long_people, tmp_path) -> None:
    run = calibrate(long_people, *SPAN, "--span", "430:600", "--posture", "sitting")
    assert run.code == 0, run.text
    profile = profile_of(tmp_path)
    (baseline,) = profile.baselines
    assert baseline.kind == "first"
    assert baseline.utc_s == pytest.approx(1e9 + 5000.0, abs=2.0)
    assert baseline.reference.valid_s > 500
    assert "provisional upper edge" in run.text
    assert len(list((tmp_path / "profiles").glob("A_*.png"))) == 1
    again = calibrate(long_people, *SPAN)
    assert again.code == 0, again.text
    assert [one.kind for one in profile_of(tmp_path).baselines] == ["first", "opening"]


def test_the_same_recording_gives_the_same_profile(calibrate, long_people, tmp_path, record) -> None:
    path = record(long_people.values(), own=True)
    bytes_of = []
    for _ in range(2):
        assert calibrate(path, *SPAN).code == 0
        bytes_of.append((tmp_path / "profiles" / "A.toml").read_bytes())
        (tmp_path / "profiles" / "A.toml").unlink()
    assert bytes_of[0] == bytes_of[1]


def test_a_recording_without_date_is_not_dated_by_guessing(calibrate, long_people, record, tmp_path) -> None:
    path = record(long_people.values(), own=False)
    path.write_bytes(path.read_bytes().replace(b"datetime>", b"datetimx>"))
    refused(calibrate(path, *SPAN, *ROLES), tmp_path, "--date YYYY-MM-DD")
    refused(calibrate(path, *SPAN, *ROLES, "--date", "last week"), tmp_path, "is no date")
    run = calibrate(path, *SPAN, *ROLES, "--date", "2026-03-02")
    assert run.code == 0, run.text
    days = profile_of(tmp_path).baselines[0].utc_s / 86_400.0
    assert abs(days - 20514.5) <= 0.6


def test_a_date_is_not_taken_where_the_recording_has_its_own(calibrate, long_people, tmp_path) -> None:
    refused(calibrate(long_people, *SPAN, "--date", "2026-03-02"), tmp_path, "Leave out --date")


def test_a_span_outside_the_recording_overlapping_or_no_span_is_told(
    calibrate, long_people, record, tmp_path
) -> None:
    path = record(long_people.values(), own=True)
    refused(calibrate(path, "--span", "60:99999"), tmp_path, "outside the recording, which is 7")
    refused(calibrate(path, *SPAN, "--span", "300:500"), tmp_path, "overlap")
    for span in ("420:60", "60", "nan:400"):
        refused(calibrate(path, "--span", span), tmp_path, "START:STOP")


def test_without_span_a_recording_that_is_no_calibration_asks_for_one(
    calibrate, long_people, tmp_path
) -> None:
    refused(calibrate(long_people), tmp_path, "--span START:STOP", "7")


def test_a_short_span_is_refused(calibrate, long_people, tmp_path) -> None:
    refused(calibrate(long_people, "--span", "60:200"), tmp_path, "not stored", "300")


def test_lost_electrodes_are_refused_with_the_numbers(calibrate, long_people, tmp_path) -> None:
    def open_circuit(t, x):
        x[(t > 150.0) & (t < 350.0)] = 0.0

    long_people["eda_a"] = long_people["eda_a"].where(open_circuit)
    refused(calibrate(long_people, *SPAN), tmp_path, "not stored", "seconds were valid", "80 %")


def test_a_hand_without_skin_response_is_refused_with_what_to_do(calibrate, long_people, tmp_path) -> None:
    stream = long_people["eda_a"]
    noise = 0.0005 * np.random.default_rng(5).standard_normal(stream.x.size)
    long_people["eda_a"] = stream.but(x=0.6 + 0.01 * np.sin(stream.t / 60.0) + noise)
    refused(calibrate(long_people, *SPAN), tmp_path, "not stored", "did not respond", "Warm the hands")


def test_somebody_who_is_not_in_the_recording_is_told_who_is(calibrate, long_people, tmp_path) -> None:
    refused(calibrate(long_people, *SPAN, code="C07"), tmp_path, "C07 is not in", "A", "--assign C07=TEXT")


def test_a_person_with_a_heart_alone_is_refused(calibrate, long_people, tmp_path) -> None:
    del long_people["eda_a"]
    refused(calibrate(long_people, *SPAN), tmp_path, "not stored")


@pytest.mark.parametrize("code", ["Anna B.", "../A", ""])
def test_a_name_is_no_code(calibrate, tmp_path, code) -> None:
    run = calibrate(tmp_path / "any.xdf", *SPAN, code=code)
    assert run.code == 1
    assert "cannot be the code" in run.text


def test_what_is_no_recording_is_told(calibrate, tmp_path) -> None:
    path = tmp_path / "notes.xdf"
    path.write_text("not a recording", encoding="utf-8")
    refused(calibrate(path, *SPAN), tmp_path, "notes.xdf")
    refused(calibrate(tmp_path / "nowhere.xdf", *SPAN), tmp_path, "does not exist")


def test_a_damaged_profile_is_told_before_the_recording_is_read_and_left_alone(calibrate, tmp_path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "A.toml").write_text("schema = 2\nparticipant = ", encoding="utf-8")
    run = calibrate(tmp_path / "nowhere.xdf", *SPAN)
    assert run.code == 1
    assert "A.toml" in run.text
    assert (folder / "A.toml").read_text(encoding="utf-8") == "schema = 2\nparticipant = "


def test_an_option_that_cannot_be_used_is_told(calibrate, long_people, record, tmp_path) -> None:
    path = record(long_people.values(), own=True)
    refused(calibrate(path, *SPAN, "--medication", "aspirin"), tmp_path, "--medication takes")
    for option in ("--protocol", "--room", "--settings"):
        refused(calibrate(path, *SPAN, option, "nowhere.toml"), tmp_path, "nowhere.toml")


def test_spans_without_a_recording_are_told(attune, tmp_path) -> None:
    run = attune("calibrate", "A", *SPAN, "--profiles", tmp_path)
    assert run.code == 1
    assert "--from PATH" in run.text


def test_without_terminal_window_or_yes_nobody_waits_for_ever(attune, tmp_path) -> None:
    run = attune("calibrate", "A", "--headless", "--profiles", tmp_path, "--out", tmp_path)
    assert run.code == 1
    assert "--yes" in run.text


@pytest.mark.lsl
@pytest.mark.slow
def test_without_any_stream_nobody_is_led_through_anything(attune, tmp_path) -> None:
    folders = ("--profiles", tmp_path, "--out", tmp_path / "sessions")
    run = attune("calibrate", "A", "--headless", "--yes", "--wait", "1", *folders)
    assert run.code == 1
    assert "within 1 s (no stream at all)" in run.text
    assert not (tmp_path / "sessions").exists()
    run = attune("calibrate", "A", "--headless", "--yes", "--assign", "B=H10", *folders)
    assert "No stream is given to A" in run.text
