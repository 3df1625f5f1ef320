"""Recordings made from arrays, the command line in this process, and its tables."""

import contextlib
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pyarrow import parquet

from monitor import app
from monitor.core.events import Chunk, ClockOffset, Event, StreamOpened, Tick
from monitor.core.model import ChannelInfo, StreamInfo
from monitor.core.results import Reason
from monitor.file_roles import FileRoles
from monitor.room import Room
from monitor.xdf.writer import XdfWriter

START_S = 5000.0
SECONDS = 90.0
_REASONS = frozenset(map(str, Reason))
ASSIGN = ("--assign", "A=of A", "--assign", "B=of B")


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A stream to be recorded: what it declares, and what it really sends."""

    name: str
    type: str
    rate_hz: float
    t: NDArray[np.float64]
    x: NDArray[Any]
    unit: str = ""
    labels: tuple[str, ...] = ()
    channel_format: str = "float32"
    source_id: str = ""
    offsets: tuple[tuple[float, float], ...] = ((START_S, 0.0),)
    arrival: NDArray[np.float64] | None = None

    def but(self, **changes: Any) -> "Stream":
        return replace(self, **changes)

    def where(self, change: Callable[[NDArray[np.float64], NDArray[Any]], Any]) -> "Stream":
        """Change the values in place, by session second."""
        x = self.x.copy()
        change(self.t - START_S, x)
        return replace(self, x=x)

    def info(self, number: int) -> StreamInfo:
        n_channels = 1 if self.x.ndim == 1 else self.x.shape[1]
        labels = self.labels or ("",) * n_channels
        described = tuple(ChannelInfo(label=label, unit=self.unit) for label in labels)
        return StreamInfo(
            stream_id=number,
            name=self.name,
            type=self.type,
            source_id=self.source_id or self.name,
            channel_count=n_channels,
            nominal_rate_hz=self.rate_hz,
            channel_format=self.channel_format,
            channels=described if self.unit or self.labels else (),
        )


def ecg(seconds: float = SECONDS, *, seed: int = 1, rate_hz: float = 130.0) -> Stream:
    """A plain ECG in microvolts."""
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, seconds, 1.0 / rate_hz)
    beats = np.cumsum(0.85 + 0.04 * rng.standard_normal(int(seconds / 0.7)))
    x = 6.0 * rng.standard_normal(t.size)
    for beat in beats:
        near = slice(*np.searchsorted(t, (beat - 0.1, beat + 0.1)))
        x[near] += 900.0 * np.exp(-0.5 * ((t[near] - beat) / 0.012) ** 2)
    return Stream(name="ECG of A", type="ECG", rate_hz=rate_hz, t=START_S + t, x=x, unit="microvolts")


def eda(seconds: float = SECONDS, *, seed: int = 2, rate_hz: float = 51.2) -> Stream:
    """A skin conductance in microsiemens with a response now and then."""
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, seconds, 1.0 / rate_hz)
    x = 4.0 + 0.2 * np.sin(t / 9.0) + 0.002 * rng.standard_normal(t.size)
    for onset in np.arange(6.0, seconds, 14.0):
        late = np.maximum(t - onset, 0.0)
        x += 1.2 * (np.exp(-late / 4.0) - np.exp(-late / 0.8))
    return Stream(name="EDA of A", type="EDA", rate_hz=rate_hz, t=START_S + t, x=x, unit="microsiemens")


def dyad(seconds: float = SECONDS) -> dict[str, Stream]:
    """Two people with ECG and EDA; those of B begin first and end last, so that session time is B's."""
    streams = {
        "ecg_b": ecg(seconds + 0.5, seed=11).but(name="ECG of B"),
        "eda_b": eda(seconds + 0.5, seed=12).but(name="EDA of B"),
        "ecg_a": ecg(seconds),
        "eda_a": eda(seconds),
    }
    return {key: s.but(t=s.t + 0.01 * (key[-1] == "a")) for key, s in streams.items()}


def events_of(streams: Iterable[Stream], *, own: bool) -> list[Event]:
    """What a recorder would write: chunks of a quarter second, with ticks and roles if it is our own."""
    room = Room.from_options([ASSIGN[1], ASSIGN[3]])
    chosen = list(streams)
    out: list[Event] = []
    timed: list[tuple[float, int, Event]] = []
    newest = START_S
    for number, stream in enumerate(chosen, start=1):
        info = stream.info(number)
        out.append(StreamOpened(info, FileRoles(room)(info) if own else ()))
        out += [ClockOffset(number, *offset) for offset in stream.offsets]
        arrival = _arrival(stream)
        edges = np.flatnonzero(np.diff(arrival // 0.25)) + 1
        values = stream.x[:, None] if stream.x.ndim == 1 else stream.x
        for t, x, at in zip(*(np.split(part, edges) for part in (stream.t, values, arrival)), strict=True):
            if t.size:
                timed.append((float(at[-1]), number, Chunk(number, t, x.astype(_dtype(stream)))))
        newest = max(newest, float(arrival[-1]) if arrival.size else newest)
    if own:
        ticks = np.arange(START_S + 1.0, newest + 10.0, 1.0)
        timed += [(float(now), 10_000, Tick(float(now), 1e9 + float(now))) for now in ticks]
    return out + [event for _, _, event in sorted(timed, key=lambda item: item[:2])]


def _arrival(stream: Stream) -> NDArray[np.float64]:
    """When each sample came: a damaged stamp does not change that."""
    if stream.arrival is not None:
        return stream.arrival
    sane = np.isfinite(stream.t) & (np.abs(stream.t - START_S) < 1e4)
    arrival = np.maximum.accumulate(np.where(sane, stream.t, -np.inf))
    return np.where(np.isfinite(arrival), arrival, START_S)


def _dtype(stream: Stream) -> str:
    return {"double64": "float64"}.get(stream.channel_format, stream.channel_format)


def write_recording(path: Path, streams: Iterable[Stream], *, own: bool = False) -> Path:
    """Write streams as an XDF file, as another recorder does or as our own does."""
    with path.open("wb") as file:
        writer = XdfWriter(file)
        for event in events_of(streams, own=own):
            writer.write(event)
        writer.footers()
    return path


@dataclass
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str
    folder: Path
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Everything a user sees, as one line."""
        return " ".join((self.err + " " + self.out).split())

    @property
    def summary(self) -> dict[str, Any]:
        return json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))

    def table(self, name: str) -> list[dict[str, Any]]:
        if name not in self._rows:
            self._rows[name] = parquet.read_table(self.folder / f"{name}.parquet").to_pylist()
        return self._rows[name]

    def markers(self, who: str, *names: str) -> list[dict[str, Any]]:
        rows = self.table("markers")
        return [row for row in rows if row["participant"] == who and (not names or row["marker"] in names)]

    def values(self, who: str, *names: str) -> list[dict[str, Any]]:
        return [row for row in self.markers(who, *names) if row["value"] is not None]

    def person(self, who: str) -> tuple[list[dict[str, Any]], ...]:
        """Every row of one person, of every table."""
        rest = (self.table(name) for name in ("beats", "scr"))
        return (self.markers(who), *([row for row in rows if row["participant"] == who] for rows in rest))

    def stream(self, name: str) -> dict[str, Any]:
        return next(stream for stream in self.summary["streams"] if stream["title"].startswith(name))

    def said(self, name: str) -> str:
        """What the summary says of a stream."""
        own = [text for s in self.summary["streams"] if s["title"].startswith(name) for text in s["warnings"]]
        notices = [w["text"] for w in self.summary["warnings"] if w["subject"].startswith(name)]
        return " | ".join(own + notices)

    def _sound(self) -> bool:
        """Missing is missing, the rest is finite, and every reason is of the closed list."""
        columns = parquet.read_table(self.folder / "markers.parquet").to_pydict()
        states = zip(columns["value"], columns["status"], columns["reason"], strict=True)
        right = all(
            (value is None) == (status == "NA") and (reason == "") == (status == "OK") and reason in _REASONS
            for value, status, reason in states
        )
        for name in ("markers", "beats", "scr"):
            table = parquet.read_table(self.folder / f"{name}.parquet")
            for column in table.itercolumns():
                if str(column.type) == "double":
                    right = right and bool(np.isfinite(column.drop_null().to_numpy()).all())
        return right

    def check(self) -> "Run":
        """What must hold of every run, whatever went in."""
        assert "Traceback" not in self.text
        assert "does not expect" not in self.text
        assert "Damage(" not in self.text
        if self.code == 0 and (self.folder / "markers.parquet").exists():
            assert self._sound()
        return self


@pytest.fixture
def attune(tmp_path: Path) -> Callable[..., Run]:
    """Run the command line in this process."""

    def run(*arguments: object, folder: Path | None = None) -> Run:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = app.main([str(argument) for argument in arguments])
        return Run(code, out.getvalue(), err.getvalue(), folder or tmp_path).check()

    return run


@pytest.fixture
def analyze(tmp_path: Path, attune: Callable[..., Run]) -> Callable[..., Run]:
    """Record streams and analyse the file."""
    n_runs = 0

    def run(streams: Iterable[Stream] | Path, *options: object, own: bool = False) -> Run:
        nonlocal n_runs
        n_runs += 1
        path = streams if isinstance(streams, Path) else tmp_path / f"in{n_runs}.xdf"
        if not isinstance(streams, Path):
            write_recording(path, streams, own=own)
        folder = tmp_path / f"out{n_runs}"
        roles = () if own or options else ASSIGN
        return attune("analyze", path, "--out", folder, *roles, *options, folder=folder)

    return run


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same two people without any fault."""
    folder = tmp_path_factory.mktemp("clean")
    path = write_recording(folder / "clean.xdf", dyad().values())
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        code = app.main(["analyze", str(path), "--out", str(folder), *ASSIGN])
    assert code == 0, err.getvalue()
    done = Run(code, "", err.getvalue(), folder).check()
    assert len(done.values("A", "hr_bpm")) > 60
    assert len(done.values("A", "scl_us")) > 60
    return done


@pytest.fixture
def people() -> dict[str, Stream]:
    """Streams ``ecg_a``, ``eda_a``, ``ecg_b``, ``eda_b``: sound ones, to be spoilt by the test."""
    return dyad()


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., Path]:
    """Write streams to a file of the given name."""

    def write(streams: Iterable[Stream], name: str = "session.xdf", *, own: bool = False) -> Path:
        return write_recording(tmp_path / name, streams, own=own)

    return write


@pytest.fixture
def long_people() -> dict[str, Stream]:
    """The same for long enough to lose ten minutes."""
    return dyad(730.0)
