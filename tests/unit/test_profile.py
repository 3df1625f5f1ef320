"""Profiles: what they give for a day, and that no file is lost, confused or believed when it is damaged."""

import math
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from calibration import profile_file
from calibration.baseline import INPUTS, Reference, Scale
from calibration.edges import PRIOR, Edge, Edges, Mark, MarkLabel, MarkSource, update_edges
from calibration.personal_profile import MAX_BASELINES, MAX_MARKS
from calibration.profile import (
    Baseline,
    BaselineKind,
    Conditions,
    Medication,
    Posture,
    Profile,
    ProfileError,
    ProfileMissingError,
    Screening,
    profile_path,
    profile_text,
    read_profile,
    save_profile,
    update_profile,
)

NOW = 1.79e9
DAY = 86400.0
HOUR = 3600.0


def reference(mean: float = 1.0, *, sd: float = 0.5, valid_s: int = 290, code: str = "C07") -> Reference:
    return Reference(
        participant=code,
        start_s=0.0,
        stop_s=300.0,
        valid_s=valid_s,
        scales={name: Scale(mean=mean, sd=sd, n_effective=20.0) for name in INPUTS},
        electrodermal_rho=0.2,
        correlation=((1.0, 0.1, 0.0), (0.1, 1.0, 0.3), (0.0, 0.3, 1.0)),
        responder=True,
    )


def baseline(days_before: float, kind: str = "opening", **changed: object) -> Baseline:
    given = {"session": "s", "protocol": kind, "reference": reference(), **changed}
    return Baseline(utc_s=NOW - days_before * DAY, kind=kind, **given)


def mark(t_s: float = 60.0, *, arousal: float = 2.0) -> Mark:
    return Mark(
        label=MarkLabel.TOO_MUCH,
        by=MarkSource.CLIENT,
        session="2026-11-22_C07",
        t_s=t_s,
        utc_s=NOW,
        arousal=arousal,
        se=0.2,
    )


def profile(*baselines: Baseline) -> Profile:
    made = Profile(participant="C07", created_utc_s=NOW - 100 * DAY)
    for one in baselines:
        made = made.with_baseline(one)
    return made


FULL = replace(
    profile(
        baseline(30.0, "first", tension=(2.0, 3.0), present=(1.0,), breathing_per_min=14.0), baseline(0.1)
    ),
    conditions=Conditions(
        medication=(Medication.BETA_BLOCKER, Medication.OTHER),
        posture=Posture.SITTING,
        caffeine=True,
        screening=(Screening.FREQUENT_ECTOPICS,),
    ),
    sensors={"ecg": "Polar H10 12345678", "eda": "Shimmer3"},
    versions={"attune": "0.1.0", "numpy": "2.3.1"},
).with_mark(mark(), NOW)


# What holds on a day


def test_the_newest_opening_of_the_day_gives_the_level() -> None:
    made = profile(
        baseline(20.0, reference=reference(1.0, sd=1.0)),
        baseline(0.4, "first", reference=reference(2.0)),
        baseline(0.1, reference=reference(3.0)),
    )
    found = made.calibration_at(NOW)
    assert found.reference is not None
    assert found.reference.scales["ln_scl"].mean == 3.0
    assert (found.problem, found.text) == ("", "")


def test_the_scale_is_pooled_with_all_of_ninety_days_and_only_with_these() -> None:
    old, recent = baseline(91.0, reference=reference(sd=9.0)), baseline(20.0, reference=reference(sd=1.0))
    found = profile(old, recent, baseline(0.1)).calibration_at(NOW)
    pooled = math.sqrt((19 * 0.25 + 10 * 1.0) / 29) * math.sqrt(1 + 1 / 20)
    assert found.reference is not None
    assert found.reference.scales["heart_speed"].sd == pytest.approx(pooled)
    assert found.earlier == (recent.reference,)
    assert found.scales["ln_scl"].sd == 1.0


def test_the_first_day_has_no_earlier_session() -> None:
    found = profile(baseline(0.2, "first"), baseline(0.1)).calibration_at(NOW)
    assert (found.n_earlier, found.earlier, found.scales) == (0, (), {})
    assert found.reference is not None


def test_calibrations_of_one_sitting_are_one_earlier_session() -> None:
    made = profile(baseline(10.2, "first"), baseline(10.0), baseline(5.0), baseline(0.1))
    assert made.calibration_at(NOW).n_earlier == 2


@pytest.mark.parametrize(("age_s", "of_day"), [(0.0, True), (43200.0, True), (43201.0, False)])
def test_an_opening_is_of_the_day_for_twelve_hours(age_s: float, of_day: bool) -> None:
    found = profile(baseline(age_s / DAY)).calibration_at(NOW)
    assert (found.reference is not None) is of_day


def test_an_opening_from_after_the_beginning_is_not_of_the_day() -> None:
    found = profile(baseline(-0.01)).calibration_at(NOW)
    assert (found.reference, found.problem) == (None, "not_calibrated")
    assert "from after the beginning of this session" in found.text


def test_a_calibration_made_in_the_session_itself_is_of_its_day() -> None:
    later = baseline(-0.01, session="now", reference=reference(5.0))
    found = profile(baseline(0.1), later).calibration_at(NOW, session="now")
    assert found.reference is not None
    assert found.reference.scales["ln_scl"].mean == 5.0


def test_without_an_opening_of_the_day_there_are_scales_but_no_reference() -> None:
    found = profile(baseline(3.0)).with_mark(mark(), NOW).calibration_at(NOW)
    assert (found.reference, found.problem) == (None, "not_calibrated")
    assert found.text == (
        "The newest opening of C07 is from 3 days before; make one: attune calibrate C07 --protocol opening, "
        "or start the opening in the session."
    )
    assert set(found.scales) == set(INPUTS)
    assert found.edges.upper.n_marks == 1


def test_an_age_of_hours_is_said_in_hours() -> None:
    assert "from 20 hours before" in profile(baseline(20 / 24)).calibration_at(NOW).text


@pytest.mark.parametrize(("days", "problem"), [(90.0, "not_calibrated"), (90.01, "calibration_expired")])
def test_a_scale_expires_after_ninety_days(days: float, problem: str) -> None:
    found = profile(baseline(days)).calibration_at(NOW)
    assert (found.reference, found.problem) == (None, problem)
    assert "attune calibrate C07" in found.text


def test_a_profile_without_calibrations_says_how_to_make_one() -> None:
    found = profile().calibration_at(NOW)
    assert found.problem == "not_calibrated"
    assert "attune calibrate C07 --protocol first" in found.text
    assert profile().calibration_at(float("nan")).problem == "not_calibrated"


def test_a_recording_without_date_takes_the_newest_calibration_and_says_so() -> None:
    found = profile(baseline(200.0), baseline(100.0, reference=reference(4.0))).calibration_at(float("nan"))
    assert found.reference is not None
    assert found.reference.scales["ln_scl"].mean == 4.0
    assert found.problem == ""
    assert "has no date" in found.text


def test_breathing_at_rest_is_the_newest_that_is_known() -> None:
    made = profile(
        baseline(30.0, breathing_per_min=14.0), baseline(20.0, breathing_per_min=12.0), baseline(0.1)
    )
    assert made.calibration_at(NOW).breathing_per_min == 12.0
    assert math.isnan(profile(baseline(0.1)).calibration_at(NOW).breathing_per_min)


# Adding to a profile


def test_a_calibration_replaces_one_of_its_kind_of_the_same_half_day() -> None:
    made = profile(baseline(0.3, "first"), baseline(0.2), baseline(0.1, reference=reference(2.0)))
    assert [(one.kind, one.reference.scales["ln_scl"].mean) for one in made.baselines] == [
        ("first", 1.0),
        ("opening", 2.0),
    ]


def test_calibrations_are_kept_in_the_order_of_their_dates() -> None:
    made = profile(baseline(1.0), baseline(9.0), baseline(5.0))
    assert [one.utc_s for one in made.baselines] == [NOW - 9 * DAY, NOW - 5 * DAY, NOW - DAY]
    assert made.updated_utc_s == NOW - DAY


def test_the_oldest_calibrations_go_but_never_the_first_two() -> None:
    ordered = [baseline(300.0 - i) for i in range(MAX_BASELINES + 3)]
    kept = profile(*ordered).baselines
    assert len(kept) == MAX_BASELINES
    assert kept[:3] == (ordered[0], ordered[1], ordered[5])


def test_the_calibration_of_another_person_is_refused() -> None:
    with pytest.raises(ProfileError, match="calibration of T02 cannot go into the profile of C07"):
        profile(baseline(0.0, reference=reference(code="T02")))


def test_a_calibration_needs_a_date_and_a_known_kind() -> None:
    with pytest.raises(ProfileError, match="has no date"):
        baseline(float("nan"))
    with pytest.raises(ProfileError, match="of kind first, opening, not 'third'"):
        baseline(0.0, "third")
    with pytest.raises(ProfileError, match="needs the date"):
        Profile(participant="C07", created_utc_s=float("nan"))


def test_a_mark_moves_the_edges_in_use_and_leaves_the_prior() -> None:
    made = profile().with_mark(mark(), NOW)
    assert made.edges == update_edges([mark()], now_utc_s=NOW)
    assert made.edges.upper.mean < PRIOR.upper.mean
    assert made.prior == PRIOR
    assert made.updated_utc_s == NOW


def test_the_same_mark_is_added_once() -> None:
    once = profile().with_mark(mark(), NOW)
    assert once.with_mark(mark(arousal=2.1), NOW + 1.0) is once


def test_the_newest_marks_are_kept() -> None:
    full = replace(profile(), marks=tuple(mark(float(i)) for i in range(MAX_MARKS)))
    kept = full.with_mark(mark(-1.0), NOW).marks
    assert (len(kept), kept[0].t_s, kept[-1].t_s) == (MAX_MARKS, 1.0, -1.0)


def test_the_unit_of_comparison_takes_one_calibration_of_each_sitting() -> None:
    first = baseline(30.0, "first", reference=reference(sd=1.0, valid_s=700))
    short = baseline(29.9, reference=reference(sd=9.0))
    second = baseline(20.0, reference=reference(sd=2.0))
    assert profile(first, short).frozen_scales() is None
    unit = profile(first, short, second, baseline(1.0)).frozen_scales()
    assert unit is not None
    assert unit["ln_scl"].sd == pytest.approx(math.sqrt((19 * 4 + 10 * 1) / 29))


def test_conditions_do_not_contradict_themselves() -> None:
    with pytest.raises(ProfileError, match="twice"):
        Conditions(screening=(Screening.PREGNANCY, Screening.PREGNANCY))
    with pytest.raises(ProfileError, match="none_known together"):
        Conditions(medication=(Medication.OTHER, Medication.NONE_KNOWN))


# Files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return profile_path(tmp_path / "profiles", "C07")


def names(path: Path) -> list[str]:
    return sorted(found.name for found in path.parent.iterdir())


def test_a_profile_is_read_back_exactly(path: Path) -> None:
    save_profile(path, FULL)
    assert read_profile(path, "C07") == FULL


def test_a_mark_without_date_or_arousal_is_kept_as_such(path: Path) -> None:
    unknown = replace(mark(), utc_s=math.nan, arousal=math.nan, se=math.nan)
    save_profile(path, profile().with_mark(unknown, NOW))
    (again,) = read_profile(path, "C07").marks
    assert math.isnan(again.utc_s + again.arousal + again.se)
    assert replace(again, utc_s=0.0, arousal=0.0, se=0.0) == replace(unknown, utc_s=0.0, arousal=0.0, se=0.0)


def test_the_file_explains_itself_and_says_its_dates_in_calendar_form(path: Path) -> None:
    text = profile_text(FULL)
    assert text.startswith("# What attune knows of one person, by code")
    assert "\ncreated = 2026-06-13T14:13:20Z\n" in text
    assert "# 2026-08-22 14:13 UTC\n[[baselines]]\n" in text


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_only_the_owner_can_read_it(path: Path) -> None:
    save_profile(path, FULL)
    save_profile(path, FULL)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(found.stat().st_mode) for found in path.parent.iterdir()}
    assert modes == {0o600}


def test_the_one_before_is_kept(path: Path) -> None:
    save_profile(path, profile())
    save_profile(path, FULL)
    assert read_profile(path.with_name("C07.toml.previous"), "C07") == profile()
    assert names(path) == ["C07.toml", "C07.toml.lock", "C07.toml.previous"]


def test_windows_line_ends_and_a_byte_order_mark_are_accepted(path: Path) -> None:
    save_profile(path, FULL)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_profile(path, "C07") == FULL


@pytest.mark.parametrize("code", ["", "../C07", "a/b", "C 07", "ä", "x" * 33, "con", "LPT1", "C07\n"])
def test_no_code_leads_out_of_the_folder(tmp_path: Path, code: str) -> None:
    for use in (
        lambda: profile_path(tmp_path, code),
        lambda: read_profile(tmp_path / "x.toml", code),
        lambda: update_profile(tmp_path / "x.toml", code, lambda p: p),
    ):
        with pytest.raises(ProfileError, match="cannot be the code of a person"):
            use()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_profile_says_how_to_make_one(path: Path) -> None:
    with pytest.raises(ProfileMissingError, match="attune calibrate C07"):
        read_profile(path, "C07")
    with pytest.raises(ProfileMissingError, match="attune calibrate C07"):
        update_profile(path, "C07", lambda p: p)


def test_a_folder_in_place_of_the_file_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(ProfileError, match="is not a file"):
        read_profile(path, "C07")


def test_the_profile_of_another_person_is_neither_read_nor_replaced(path: Path) -> None:
    save_profile(path, FULL)
    with pytest.raises(ProfileError, match=r"profile of another person, C07, and not of T02.*C07\.toml"):
        read_profile(path, "T02")
    other = replace(profile(), participant="T02")
    with pytest.raises(ProfileError, match="another person"):
        save_profile(path, other)
    with pytest.raises(ProfileError, match="cannot become that of T02"):
        update_profile(path, "C07", lambda p: other)
    assert read_profile(path, "C07") == FULL


def hand_made(change: Callable[[str], str]) -> bytes:
    """The full profile as changed by a hand that removed the digest."""
    lines = [line for line in profile_text(FULL).splitlines() if not line.startswith("sha256")]
    before = "\n".join(lines) + "\n"
    after = change(before)
    assert after != before
    return after.encode()


def swap(old: str, new: str) -> bytes:
    return hand_made(lambda text: text.replace(old, new, 1))


def test_who_removes_the_digest_may_change_a_value(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(swap('posture = "sitting"', 'posture = "lying"'))
    assert read_profile(path, "C07").conditions.posture is Posture.LYING


FLAWS = {
    "not toml": (b"\x7fELF", "not TOML or is damaged"),
    "empty": (b"", "`schema` is missing"),
    "not utf-8": (b"schema = 2 # \xff", "byte 13 is not UTF-8"),
    "nested": (b"a = " + b"[" * 100_000, "nested too deep"),
    "digits": (b"schema = " + b"9" * 5000, "not TOML or is damaged"),
    "a megabyte": (b"#" * (2**20 + 1), "larger than a megabyte"),
    "twice the same key": (swap("schema = 2", "schema = 2\nschema = 2"), "not TOML or is damaged"),
    "changed by hand": (profile_text(FULL).replace("0.5", "0.6", 1).encode(), "changed by hand"),
    "digest of another kind": (swap("schema = 2", "sha256 = 3\nschema = 2"), "changed by hand"),
    "schema of text": (swap("schema = 2", 'schema = "2"'), "whole number from 1 to 2"),
    "schema true": (swap("schema = 2", "schema = true"), "whole number from 1 to 2"),
    "schema 0": (swap("schema = 2", "schema = 0"), "whole number from 1 to 2"),
    "newer": (swap("schema = 2", "schema = 3"), "newer attune .* update attune"),
    "date as text": (swap("created = 2026-06-13T14:13:20Z", 'created = "2026"'), "`created` must be a date"),
    "local date": (swap("created = 2026-06-13T14:13:20Z", "created = 2026-06-13T14:13:20"), "`created` must"),
    "no time": (swap("created = 2026-06-13T14:13:20Z", "created = 2026-06-13"), "`created` must"),
    "too early": (swap("created = 2026-06-13T14:13:20Z", "created = 1926-06-13T14:13:20Z"), "`created` is"),
    "code": (swap('"C07"', '"../C07"'), "cannot be the code"),
    "unknown key": (
        swap("[prior.upper]", "[prior.upper]\nmeen = 1.0"),
        "unknown key `prior.upper.meen`; valid .*mean",
    ),
    "unknown series": (swap("scales.ln_scl", "scales.ln_scI"), "unknown key .*ln_scI.*ln_rmssd, ln_scl"),
    "a name": (swap("schema = 2", 'schema = 2\nname = "Anna"'), "unknown key `name`"),
    "missing": (swap('protocol = "first"', ""), r"`baselines\[1\].protocol` is missing"),
    "nan": (swap("mean = 2.5", "mean = nan"), "`prior.upper.mean` is nan"),
    "inf": (swap("mean = 2.5", "mean = inf"), "`prior.upper.mean` is inf"),
    "huge": (swap("mean = 2.5", "mean = 1" + "0" * 400), "`prior.upper.mean` is a large number"),
    "number as text": (swap("mean = 2.5", 'mean = "2.5"'), "must be a number"),
    "number as flag": (swap("mean = 2.5", "mean = true"), "must be a number"),
    "no sd": (swap("sd = 0.5\nn_marks", "sd = 0.0\nn_marks"), "`prior`: The uncertainty of the upper edge"),
    "crossed": (swap("mean = 2.5", "mean = -4.0"), "`prior`: The edges are crossed"),
    "half a mark": (swap("n_marks = 0", "n_marks = 0.5"), "whole number from 0"),
    "mark of true": (swap("n_marks = 0", "n_marks = true"), "whole number from 0"),
    "negative marks": (swap("n_marks = 0", "n_marks = -1"), "whole number from 0"),
    "zero scale": (
        swap("mean = 1.0\nsd = 0.5", "mean = 1.0\nsd = 0.0"),
        r"ln_scl.sd` and `n_effective` must be",
    ),
    "negative scale": (
        swap("mean = 1.0\nsd = 0.5", "mean = 1.0\nsd = -1"),
        r"reference.scales.ln_scl.sd` is -1",
    ),
    "posture": (swap('"sitting"', '"kneeling"'), "must be one of sitting, reclined, lying, standing"),
    "medication": (swap('"beta_blocker"', '"aspirin"'), r"`conditions.medication\[1\]` is 'aspirin'"),
    "caffeine": (
        swap("caffeine = true", "caffeine = 1"),
        "`conditions.caffeine` is 1 and must be true or false",
    ),
    "label": (swap('"too_much"', '"panic"'), "must be one of too_much, tolerable, too_little"),
    "list": (
        swap('medication = [\n    "beta_blocker",\n    "other",\n]', "medication = 1"),
        "must be a list",
    ),
    "table": (
        hand_made(
            lambda text: text.replace('[versions]\nattune = "0.1.0"\nnumpy = "2.3.1"\n', "").replace(
                "schema = 2", "schema = 2\nversions = 1"
            )
        ),
        "`versions` is 1 and must be a table",
    ),
    "sensor": (swap('"Shimmer3"', '"a\\tb"'), "printable"),
    "long sensor": (swap('"Shimmer3"', f'"{"x" * 129}"'), "at most 128"),
    "sensor key": (swap('eda = "Shimmer3"', f'{"x" * 129} = "a"'), "`sensors` has a key"),
    "sensors": (
        swap('eda = "Shimmer3"', "\n".join(f'x{i} = "a"' for i in range(101))),
        "`sensors` has 102 entries",
    ),
    "tension": (swap("2.0,\n    3.0", "2.0,\n    11.0"), r"tension\[2\]` is 11.0"),
    "order": (swap("utc_s = 1787408000.0", "utc_s = 1799999999.0"), "not in the order"),
    "span": (swap("stop_s = 300.0", "stop_s = 0.0"), "is not after `start_s`"),
    "correlation": (swap("0.1,\n        0.0,", "0.2,\n        0.0,"), "not the matrix of a correlation"),
    "correlation of zero": (swap("        1.0,", "        0.0,"), "not the matrix of a correlation"),
    "small correlation": (swap("    [\n        1.0,\n", "    [\n"), "3 lists of 3 numbers"),
    "flag": (swap("responder = true", "responder = 1"), "must be true or false"),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_is_refused_with_file_key_and_way_out(path: Path, flaw: str) -> None:
    content, text = FLAWS[flaw]
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(ProfileError, match=text) as caught:
        read_profile(path, "C07")
    assert str(path) in str(caught.value)
    assert "calibrate again: attune calibrate C07" in str(caught.value)
    with pytest.raises(ProfileError, match=text):
        save_profile(path, FULL)
    assert path.read_bytes() == content


def test_damage_names_the_copy_to_go_back_to(path: Path) -> None:
    save_profile(path, profile())
    save_profile(path, FULL)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ProfileError, match=r"copy C07\.toml\.previous over C07\.toml"):
        read_profile(path, "C07")


@pytest.mark.parametrize(
    "bad",
    [
        replace(FULL, participant="../x"),
        FULL.with_mark(mark(1.0, arousal=math.inf), NOW),
        replace(FULL, sensors={"ecg": "a\nb"}),
        replace(FULL, sensors={"x" * 100 + str(i): "y" * 128 for i in range(99)}, marks=(mark(),) * 7000),
        replace(FULL, created_utc_s=1e15),
        replace(FULL, edges=Edges(upper=Edge(mean=1e3, sd=1.0), lower=Edge(mean=-1.0, sd=1.0))),
        profile(baseline(0.0, reference=reference(mean=math.nan))),
        profile(baseline(0.0, reference=reference(sd=math.nan))),
    ],
)
def test_what_could_not_be_read_back_is_not_written(path: Path, bad: Profile) -> None:
    save_profile(path, profile())
    with pytest.raises(ProfileError, match=r"is not written|cannot be the code"):
        save_profile(path, bad)
    with pytest.raises(ProfileError, match="is not written"):
        profile_text(bad)
    assert read_profile(path, "C07") == profile()


def test_a_profile_of_version_one_is_understood_and_kept_as_previous(path: Path) -> None:
    path.parent.mkdir()
    old = b"""
schema = 1
participant = "C07"
date = 2026-09-01

[reference]
ln_scl_level = 1.2
ln_scl_sd = 0.3
ln_scl_n_effective = 25
heart_speed_level = 0.2
heart_speed_sd = 0.08
heart_speed_n_effective = 30.5
"""
    path.write_bytes(old)
    read = read_profile(path, "C07")
    assert path.read_bytes() == old
    (only,) = read.baselines
    assert only.kind is BaselineKind.FIRST
    assert only.reference.scales == {
        "ln_scl": Scale(mean=1.2, sd=0.3, n_effective=25.0),
        "heart_speed": Scale(mean=0.2, sd=0.08, n_effective=30.5),
    }
    assert (read.edges, read.marks) == (PRIOR, ())
    save_profile(path, read)
    assert path.with_name("C07.toml.previous").read_bytes() == old
    assert read_profile(path, "C07") == read


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("ln_scl_level = 1.0", "`reference.ln_scl_sd` is missing"),
        ("ln_scl_level = 1.0\nln_scl_sd = 0.0\nln_scl_n_effective = 9", "must be above 0"),
        ("level = 1.0", "unknown key `reference.level`"),
    ],
)
def test_a_flaw_of_version_one_is_refused_too(path: Path, text: str, flaw: str) -> None:
    path.parent.mkdir()
    path.write_text(f'schema = 1\nparticipant = "C07"\ndate = 2026-09-01\n[reference]\n{text}\n')
    with pytest.raises(ProfileError, match=flaw):
        read_profile(path, "C07")


# Writing


@pytest.mark.parametrize("step", range(2))
def test_a_write_that_breaks_off_leaves_the_old_one(
    path: Path, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_profile(path, profile())
    save_profile(path, profile(baseline(1.0)))
    real, calls = os.replace, []

    def breaks(source: Path, target: Path) -> None:
        calls.append(target)
        if len(calls) > step:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", breaks)
    with pytest.raises(KeyboardInterrupt):
        save_profile(path, FULL)
    monkeypatch.undo()
    assert read_profile(path, "C07") == profile(baseline(1.0))
    assert read_profile(path.with_name("C07.toml.previous"), "C07") in (profile(), profile(baseline(1.0)))
    assert names(path) == ["C07.toml", "C07.toml.lock", "C07.toml.previous"]


def test_a_full_disk_is_said_and_costs_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_profile(path, profile())

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProfileError, match=r"No space left on device.*The profile before is kept"):
        save_profile(path, FULL)
    monkeypatch.undo()
    assert read_profile(path, "C07") == profile()
    assert names(path) == ["C07.toml", "C07.toml.lock"]


def test_what_a_killed_writer_left_is_cleared_away(path: Path) -> None:
    save_profile(path, profile())
    path.with_name("C07.toml.99999.new").write_bytes(b"half")
    path.with_name("C07.toml.previous.99999.new").write_bytes(b"half")
    save_profile(path, FULL)
    assert names(path) == ["C07.toml", "C07.toml.lock", "C07.toml.previous"]


def test_a_folder_that_cannot_be_opened_still_gets_its_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def opens(name: Path, flags: int, *rest: object, **named: object) -> int:
        if flags == os.O_RDONLY:
            raise PermissionError
        return real(name, flags, *rest, **named)

    monkeypatch.setattr(os, "open", opens)
    save_profile(path, FULL)
    assert read_profile(path, "C07") == FULL


def test_a_file_that_may_not_be_read_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_profile(path, FULL)

    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuses)
    with pytest.raises(ProfileError, match=r"cannot be read \(Permission denied\)"):
        read_profile(path, "C07")


def test_a_second_writer_waits_and_then_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_profile(path, profile())
    monkeypatch.setattr(profile_file, "_LOCK_S", 0.05)
    with (
        FileLock(path.with_name("C07.toml.lock")),
        pytest.raises(ProfileError, match="Another attune has been writing"),
    ):
        save_profile(path, FULL)


def test_nothing_is_written_where_nothing_changes(path: Path) -> None:
    save_profile(path, FULL)
    before = path.stat().st_mtime_ns
    assert update_profile(path, "C07", lambda p: p.with_mark(mark(), NOW)) == FULL
    assert path.stat().st_mtime_ns == before
    assert not path.with_name("C07.toml.previous").exists()


def test_a_new_profile_begins_with_what_is_given(path: Path) -> None:
    started = update_profile(path, "C07", lambda p: p, start=profile())
    assert started == read_profile(path, "C07") == profile()


WRITER = """
import sys
from pathlib import Path
from calibration.edges import Mark, MarkLabel, MarkSource
from calibration.profile import update_profile

for i in range(5):
    t_s = float(sys.argv[2]) * 100.0 + i
    mark = Mark(
        label=MarkLabel.TOO_MUCH, by=MarkSource.CLIENT, session="s", t_s=t_s, utc_s=1.79e9, arousal=2.0, se=0.2
    )
    update_profile(Path(sys.argv[1]), "C07", lambda profile: profile.with_mark(mark, 1.79e9))
"""


@pytest.mark.slow
def test_eight_writers_lose_no_mark(path: Path) -> None:
    save_profile(path, profile())
    here = Path(__file__).resolve().parents[2]
    workers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(worker)], cwd=here)
        for worker in range(8)
    ]
    assert [worker.wait(120.0) for worker in workers] == [0] * 8
    found = read_profile(path, "C07")
    assert sorted(one.t_s for one in found.marks) == [w * 100.0 + i for w in range(8) for i in range(5)]
    assert found.edges == update_edges(found.marks, now_utc_s=NOW)
