"""One recording with one profile and with another: zones and scores may differ, what was measured may not."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from pyarrow import parquet

from calibration.baseline import Reference, Scale
from calibration.edges import Edge, Edges
from calibration.profile import SAME_DAY_S, SCALE_DAYS, Baseline, Profile
from devices.emulator import render
from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import StreamInfo
from monitor.core.results import Reason, Status
from monitor.errors import SettingsError
from monitor.file_roles import FileRoles
from monitor.offline import Offline, RunOptions
from monitor.profiles import ProfileStore
from monitor.room import Room
from monitor.settings import Settings
from monitor.spans import references_from
from monitor.xdf.source import FileSource
from monitor.xdf.writer import XdfWriter

pytestmark = pytest.mark.slow

MINUTES = 12.0
START_S = 1000.0
UTC_S = 1.79e9
DAY_S = 86400.0
SCORES = frozenset({"z_eda", "z_heart", "z_vagal", "arousal"})
ROOM = Room.from_options(client="C07", therapist="T02")
NARROW = Edges(upper=Edge(mean=0.6, sd=0.2), lower=Edge(mean=-0.6, sd=0.2))


class Tables(NamedTuple):
    """What a run over the recording wrote."""

    folder: Path
    summary: dict[str, Any]

    def table(self, name: str) -> list[dict[str, Any]]:
        return parquet.read_table(self.folder / f"{name}.parquet").to_pylist()

    def scores(self, who: str) -> list[dict[str, Any]]:
        return [r for r in self.table("markers") if r["participant"] == who and r["marker"] in SCORES]

    def measured(self) -> list[str]:
        """Every marker row but the scores."""
        return [repr(row) for row in self.table("markers") if row["marker"] not in SCORES]

    def valid(self, who: str) -> int:
        return sum(r["marker"] == "arousal" and r["status"] != Status.NA for r in self.scores(who))

    def zones(self, who: str = "") -> list[str]:
        return [repr(row) for row in self.table("zones") if who in {"", row["participant"]}]

    def bytes_of(self, name: str) -> bytes:
        return (self.folder / f"{name}.parquet").read_bytes()


@cache
def dyad() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    return render(MINUTES, 1, False)


def write_recording(path: Path, seconds: float) -> None:
    """Two emulated people, with roles, ticks and the date, as our own recorder writes them."""
    roles = FileRoles(ROOM)
    streams = []
    with path.open("wb") as file:
        writer = XdfWriter(file)
        for name, (t, x) in dyad().items():
            if name.endswith("RR"):
                continue
            skin = "Shimmer" in name
            info = StreamInfo(
                stream_id=len(streams) + 1,
                name=name,
                type="EDA" if skin else "ECG",
                channel_count=1,
                nominal_rate_hz=51.2 if skin else 130.0,
                channel_format="float32",
            )
            streams.append((info, t, x.astype(np.float32)[:, None]))
            writer.write(StreamOpened(info, roles(info)))
            writer.write(ClockOffset(info.stream_id, START_S, 0.0))
        for second in range(1, int(seconds) + 15):
            for info, t, x in streams:
                first, stop = np.searchsorted(t, np.minimum((second - 1.0, float(second)), seconds))
                if stop > first:
                    writer.write(Chunk(info.stream_id, START_S + t[first:stop], x[first:stop]))
            writer.write(Tick(START_S + second, UTC_S + second))
        writer.footers()


class Session(NamedTuple):
    """The recording, and references that were taken from it."""

    recording: Path
    digest: str
    early: dict[str, Reference]
    late: dict[str, Reference]

    def analyze(
        self, folder: Path, profiles: Path | None, spans: dict[str, tuple[float, float]] | None = None
    ) -> Tables:
        options = RunOptions(
            room=ROOM,
            spans=spans or {},
            settings=Settings(),
            file_format="parquet",
            profiles=str(profiles) if profiles else None,
        )
        return Tables(folder, Offline(self.recording, options).analyze(folder))


def references(recording: Path, start_s: float, stop_s: float) -> dict[str, Reference]:
    return references_from(
        lambda: FileSource(recording), dict.fromkeys(("C07", "T02"), (start_s, stop_s)), lateness_s=3.0
    )


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    path = tmp_path_factory.mktemp("session") / "dyad.xdf"
    write_recording(path, 60.0 * MINUTES)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Session(path, digest, references(path, 60.0, 380.0), references(path, 390.0, 700.0))


@pytest.fixture(scope="module")
def brief(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The first minutes of the same session, where it is only asked whether there are scores."""
    path = tmp_path_factory.mktemp("brief") / "dyad.xdf"
    write_recording(path, 100.0)
    return session._replace(recording=path)


def profile(
    reference: Reference,
    *,
    edges: Edges = NARROW,
    days_before: float = 0.05,
    breathing_per_min: float = 14.0,
    kind: str = "first",
) -> Profile:
    made = Baseline(
        utc_s=UTC_S - days_before * DAY_S,
        kind=kind,
        session="before",
        protocol=kind,
        reference=reference,
        breathing_per_min=breathing_per_min,
    )
    start = Profile(participant=reference.participant, created_utc_s=made.utc_s, edges=edges)
    return start.with_baseline(made)


def kept(folder: Path, profiles: list[Profile]) -> Path:
    for one in profiles:
        ProfileStore(folder).save(one)
    return folder


Analyze = Callable[..., Tables]


def analyzing(session: Session, folder: Path) -> Analyze:
    numbers = count(1)

    def run(*profiles: Profile, spans: dict[str, tuple[float, float]] | None = None) -> Tables:
        here = folder / f"run{next(numbers)}"
        (here / "profiles").mkdir(parents=True)
        return session.analyze(here / "out", kept(here / "profiles", list(profiles)), spans)

    return run


@pytest.fixture
def analyze(session: Session, tmp_path: Path) -> Analyze:
    return analyzing(session, tmp_path)


@pytest.fixture
def analyze_brief(brief: Session, tmp_path: Path) -> Analyze:
    return analyzing(brief, tmp_path)


@pytest.fixture(scope="module")
def plain(session: Session, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Both with a profile made from the early part of the recording."""
    folder = tmp_path_factory.mktemp("plain")
    profiles = kept(folder / "profiles", [profile(session.early[code]) for code in ("C07", "T02")])
    return session.analyze(folder / "out", profiles)


def test_scores_and_zones_come_out_of_the_profile(plain: Tables) -> None:
    for code in ("C07", "T02"):
        assert plain.valid(code) > 0.8 * 60 * MINUTES
    assert {row["zone"] for row in plain.table("zones")} >= {"within", "above"}


def test_another_profile_changes_scores_and_zones_but_nothing_that_was_measured(
    session: Session, plain: Tables, analyze: Analyze
) -> None:
    wide = Edges(upper=Edge(mean=3.0, sd=0.4, n_marks=4), lower=Edge(mean=-3.0, sd=0.4))
    # Breathing at rest decides when the vagal score is held, but never when the vagal index is.
    other = profile(session.late["C07"], edges=wide, breathing_per_min=22.0)
    after = analyze(other, profile(session.early["T02"]))
    assert after.measured() == plain.measured()
    assert after.bytes_of("beats") == plain.bytes_of("beats")
    assert after.bytes_of("scr") == plain.bytes_of("scr")
    assert after.scores("C07") != plain.scores("C07")
    assert after.zones("C07") != plain.zones("C07")
    assert after.scores("T02") == plain.scores("T02")
    assert after.zones("T02") == plain.zones("T02")
    assert hashlib.sha256(session.recording.read_bytes()).hexdigest() == session.digest


def test_other_edges_change_zones_and_not_a_byte_of_the_markers(
    session: Session, plain: Tables, analyze: Analyze
) -> None:
    moved = Edges(upper=Edge(mean=1.6, sd=0.3, n_marks=3), lower=Edge(mean=-1.6, sd=0.3))
    after = analyze(*(profile(session.early[code], edges=moved) for code in ("C07", "T02")))
    for name in ("markers", "beats", "scr"):
        assert after.bytes_of(name) == plain.bytes_of(name), name
    assert after.zones() != plain.zones()


def test_the_same_profile_gives_the_same_bytes(session: Session, plain: Tables, analyze: Analyze) -> None:
    after = analyze(*(profile(session.early[code]) for code in ("C07", "T02")))
    for name in ("markers", "beats", "scr", "zones"):
        assert after.bytes_of(name) == plain.bytes_of(name), name


def reasons(tables: Tables, who: str) -> set[tuple[str, str]]:
    return {(row["status"], row["reason"]) for row in tables.scores(who)}


def test_a_profile_older_than_ninety_days_gives_no_scores(
    session: Session, analyze_brief: Analyze, brief_plain: Tables
) -> None:
    after = analyze_brief(profile(session.early["C07"], days_before=SCALE_DAYS + 1.0))
    assert reasons(after, "C07") == {(Status.NA, Reason.CALIBRATION_EXPIRED)}
    assert {row["zone"] for row in after.table("zones")} == {"na"}
    assert after.measured() == brief_plain.measured()


def test_a_profile_of_less_days_without_an_opening_of_the_day_gives_no_scores_either(
    session: Session, analyze_brief: Analyze
) -> None:
    after = analyze_brief(profile(session.early["C07"], days_before=SCALE_DAYS - 1.0))
    assert reasons(after, "C07") == {(Status.NA, Reason.NOT_CALIBRATED)}


@pytest.mark.parametrize(("hours", "counts"), [(-0.1, True), (0.1, False)])
def test_an_opening_is_of_the_day_for_twelve_hours(
    session: Session, analyze_brief: Analyze, hours: float, counts: bool
) -> None:
    days = (SAME_DAY_S + 3600.0 * hours) / DAY_S
    after = analyze_brief(profile(session.early["C07"], days_before=days, kind="opening"))
    assert (after.valid("C07") > 30) is counts
    assert ((Status.NA, Reason.NOT_CALIBRATED) in reasons(after, "C07")) is not counts


def test_a_calibration_from_after_the_session_is_not_used(session: Session, analyze_brief: Analyze) -> None:
    after = analyze_brief(profile(session.early["C07"], days_before=-1.0))
    assert reasons(after, "C07") == {(Status.NA, Reason.NOT_CALIBRATED)}


@pytest.fixture(scope="module")
def brief_plain(brief: Session, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Nobody with a profile."""
    folder = tmp_path_factory.mktemp("none")
    return brief.analyze(folder / "out", folder)


def test_without_a_profile_nobody_is_calibrated(brief_plain: Tables) -> None:
    for code in ("C07", "T02"):
        assert reasons(brief_plain, code) == {(Status.NA, Reason.NOT_CALIBRATED)}


def heart_scores(tables: Tables, start_s: float, stop_s: float) -> np.ndarray:
    rows = [row for row in tables.scores("C07") if row["marker"] == "z_heart" and row["value"] is not None]
    return np.array([row["value"] for row in rows if start_s <= row["t_centre_s"] <= stop_s])


def test_with_a_profile_a_span_of_three_minutes_gives_the_level_and_the_profile_the_scale(
    session: Session, plain: Tables, analyze: Analyze
) -> None:
    early = session.early["C07"]
    elsewhere = {
        name: Scale(mean=s.mean + 1.0, sd=3.0 * s.sd, n_effective=s.n_effective)
        for name, s in early.scales.items()
    }
    span = {"C07": (60.0, 245.0)}
    usual = analyze(profile(early, days_before=20.0), spans=span)
    other = analyze(profile(replace(early, scales=elsewhere), days_before=20.0), spans=span)
    for tables in (usual, other):
        assert tables.valid("C07") > 0.8 * 60 * MINUTES
        assert tables.measured() == plain.measured()
        assert abs(heart_scores(tables, 70.0, 235.0).mean()) < 0.2
    assert heart_scores(other, 0.0, 720.0).std() < 0.8 * heart_scores(usual, 0.0, 720.0).std()


def test_without_a_profile_three_minutes_are_too_little(analyze: Analyze) -> None:
    with pytest.raises(SettingsError, match=r"C07.*at least 300 s"):
        analyze(spans={"C07": (60.0, 245.0)})
