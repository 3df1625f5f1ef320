"""Profiles that cannot be used: an analysis that names them is refused, a session goes on without them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from calibration.baseline import INPUTS, Reference, Scale
from calibration.profile import Baseline, Profile, profile_text, save_profile
from monitor.calibrations import profiles_of
from monitor.profiles import ProfileStore

NOW_S = 1e9 + 5000.0
NEXT_STEP = r"Mend|Make|Check|check|Give it|choose|copy|update attune|calibrate"


def profile(code: str) -> Profile:
    levels = {"ln_scl": 1.4, "scr_rate": 3.0, "heart_speed": 0.16, "ln_rmssd": 3.9}
    reference = Reference(
        participant=code,
        start_s=0.0,
        stop_s=300.0,
        valid_s=290,
        scales={name: Scale(mean=levels[name], sd=0.2, n_effective=20.0) for name in INPUTS},
        electrodermal_rho=0.2,
        correlation=((1.0, 0.1, 0.0), (0.1, 1.0, 0.2), (0.0, 0.2, 1.0)),
        responder=True,
    )
    made = Baseline(
        utc_s=NOW_S - 3600.0, kind="first", session="before", protocol="first", reference=reference
    )
    return Profile(participant=code, created_utc_s=NOW_S - 3600.0).with_baseline(made)


TEXT = profile_text(profile("A"))
BARE = re.sub(r'sha256 = "[0-9a-f]+"\n', "", TEXT)


def edited(pattern: str, new: str, text: str = BARE) -> str:
    """The profile changed by hand, which leaves out the line that would tell damage."""
    out, n = re.subn(pattern, new, text, count=1, flags=re.MULTILINE)
    assert n == 1
    return out


BAD: dict[str, tuple[bytes, str]] = {
    "of another person": (profile_text(profile("Z9")).encode(), r"another person, Z9, and not of A"),
    "cut": (TEXT[: len(TEXT) // 2].encode(), r"damaged"),
    "cut at the end of a line": (TEXT[: TEXT.index("[prior")].encode(), r"sha256|damaged"),
    "a digit changed": (TEXT.replace("mean = 1.4", "mean = 1.9", 1).encode(), r"sha256"),
    "empty": (b"", r"`schema` is missing"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), r"UTF-8"),
    "zero variance": (edited(r"^sd = 0\.2$", "sd = 0.0").encode(), r"`baselines.*sd`.* above 0"),
    "no variance": (edited(r"^sd = 0\.2$", "sd = nan").encode(), r"`baselines.*sd`.*number"),
    "edges crossed": (
        edited(r"(\[edges\.upper\]\n)mean = 2\.5", r"\1mean = -3.5").encode(),
        r"`edges`.*crossed",
    ),
    "a newer schema": (edited(r"^schema = \d+$", "schema = 9").encode(), r"newer attune .*`schema`"),
    "no schema": (edited(r"^schema = \d+\n", "").encode(), r"`schema` is missing"),
    "a level that is a text": (edited(r"^mean = 1\.4$", 'mean = "high"').encode(), r"mean.*number"),
    "a key too many": (edited(r"^schema", 'name = "Ada"\nschema').encode(), r"`name`"),
}

Folder = Callable[[bytes], Path]


@pytest.fixture
def profiles(tmp_path: Path) -> Folder:
    """A folder with a sound profile of B and the given one of A."""

    def make(content: bytes) -> Path:
        folder = tmp_path / "profiles"
        save_profile(folder / "B.toml", profile("B"))
        (folder / "A.toml").write_bytes(content)
        return folder

    return make


@pytest.mark.parametrize("kind", BAD)
def test_an_analysis_with_a_profile_that_cannot_be_used_is_refused_and_writes_nothing(
    attune, record, people, profiles, tmp_path, kind
) -> None:
    content, words = BAD[kind]
    folder = profiles(content)
    path = record([people["ecg_a"], people["eda_a"]], own=True)
    run = attune(
        *("analyze", path, "--out", tmp_path / "out", "--assign", "A=of A", "--assign", "B=of B"),
        *("--profiles", folder),
    )
    assert run.code == 1
    assert "A.toml" in run.text
    assert re.search(words, run.text), run.text
    assert re.search(NEXT_STEP, run.text), run.text
    assert not (tmp_path / "out").exists()
    assert (folder / "A.toml").read_bytes() == content


@pytest.mark.parametrize("kind", BAD)
def test_a_session_goes_on_without_it_says_so_and_keeps_the_other(profiles, kind) -> None:
    content, words = BAD[kind]
    folder = profiles(content)
    known = profiles_of(ProfileStore(folder), ["A", "B"])
    assert set(known.profiles) == set(known.sources()) == {"B"}
    (problem,) = known.problems
    assert problem.startswith("A goes on without a calibration")
    assert "A.toml" in problem
    assert re.search(words, problem), problem
    assert (folder / "A.toml").read_bytes() == content


def test_a_sound_profile_of_the_same_form_is_used(attune, record, people, profiles, tmp_path) -> None:
    folder = profiles(TEXT.encode())
    path = record(people.values(), own=True)
    run = attune(
        *("analyze", path, "--out", tmp_path / "out", "--assign", "A=of A", "--assign", "B=of B"),
        *("--profiles", folder),
        folder=tmp_path / "out",
    )
    assert run.code == 0, run.text
    assert run.values("A", "arousal")
    assert run.values("B", "arousal")


def test_without_a_folder_of_profiles_nothing_is_refused(attune, record, people, tmp_path) -> None:
    path = record([people["ecg_a"], people["eda_a"]], own=True)
    run = attune(
        *("analyze", path, "--out", tmp_path / "out", "--profiles", tmp_path / "nowhere"),
        folder=tmp_path / "out",
    )
    assert run.code == 0
    assert not (tmp_path / "nowhere").exists()
    assert {row["reason"] for row in run.markers("A", "arousal")} == {"not_calibrated"}


def test_copies_in_a_session_folder_that_are_damaged_do_not_stop_its_replay(
    attune, record, people, tmp_path
) -> None:
    path = record([people["ecg_a"], people["eda_a"]], "recording.xdf", own=True)
    (tmp_path / "session.toml").write_text('[participants]\nA = "client"\n')
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "A.toml").write_bytes(TEXT[: len(TEXT) // 2].encode())
    run = attune("analyze", path, "--out", tmp_path / "out", folder=tmp_path / "out")
    assert run.code == 0, run.text
    assert run.values("A", "hr_bpm")
    assert {row["reason"] for row in run.markers("A", "arousal")} == {"not_calibrated"}
    told = [w["text"] for w in run.summary["warnings"] if w["label"] == "profile_unusable"]
    assert len(told) == 1
    assert "A.toml" in told[0]
