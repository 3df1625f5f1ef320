"""Disks that are full, fail, or cannot be written: told in words, nothing lost, never an exception."""

import errno
import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.core.events import Chunk, StreamOpened, Tick
from monitor.core.model import StreamInfo
from monitor.errors import RecordingError
from monitor.session.folder import SessionFolder
from monitor.session.manifest import read_manifest, verify_manifest
from monitor.session.recording import Recording
from monitor.xdf.reader import read_events

ROOT = Path(__file__).parents[2]


class Bench:
    """A recording with a clock of its own and a stream that counts."""

    def __init__(self, root: Path) -> None:
        self.now_s = 0.0
        self.n = 0
        self.folder = SessionFolder.create(root, name="s", settings={})
        self.recording = Recording(self.folder, header={}, clock=lambda: self.now_s, min_free_bytes=0)
        info = StreamInfo(
            stream_id=1,
            name="ECG",
            type="ECG",
            channel_count=1,
            nominal_rate_hz=130.0,
            channel_format="double64",
        )
        self.recording.take(StreamOpened(info, ()))

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * 5)):
            index = np.arange(self.n, self.n + 26, dtype=np.float64)
            self.n += 26
            self.recording.take(Chunk(1, index / 130.0, index[:, np.newaxis]))
            self.recording.take(Tick(self.now_s, 1e9))
            self.now_s += 0.2
            self.recording.tend()

    def finish(self) -> str:
        return self.recording.finish(self.now_s + 1.0, wait=self.wait)

    def wait(self, seconds: float) -> None:
        self.now_s += seconds


def values_in(path: Path) -> list[float]:
    with path.open("rb") as file:
        chunks = [e for e in read_events(file) if isinstance(e, Chunk) and e.stream_id == 1]
    return [float(value) for chunk in chunks for (value,) in chunk.values]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.recording.file.close()
    made.folder.lock.release()


def lifted_at_once(test: Callable[..., None]) -> Callable[..., None]:
    """Lift the limit before the test is reported: the report may be written to a long file itself."""

    @functools.wraps(test)
    def limited(**fixtures: Any) -> None:
        try:
            test(**fixtures)
        finally:
            fixtures["limit_file_size"](-1)

    return limited


@pytest.fixture
def limit_file_size() -> Iterator[Callable[[int], None]]:
    resource = pytest.importorskip("resource", reason="limits of POSIX")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda n: resource.setrlimit(resource.RLIMIT_FSIZE, (soft if n < 0 else n, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@lifted_at_once
def test_a_full_disk_is_told_and_nothing_is_lost_when_it_has_room_again(
    bench: Bench, limit_file_size: Callable[[int], None]
) -> None:
    bench.run(3.0)
    limit_file_size(bench.folder.part.stat().st_size + 700)
    bench.run(2.0)
    assert "disk refuses" in bench.recording.error
    assert "kept in memory" in bench.recording.error
    assert bench.recording.failing_since_s is not None
    bench.run(600.0)
    on_disk = values_in(bench.folder.part)
    assert on_disk == list(range(len(on_disk)))
    limit_file_size(-1)
    bench.run(3.0)
    assert bench.recording.error == ""
    assert bench.finish() == ""
    assert values_in(bench.folder.recording) == list(range(bench.n))
    assert verify_manifest(bench.folder.path) == []
    told = " ".join(read_manifest(bench.folder.path)["incidents"])
    assert "refused to write" in told
    assert "took everything again" in told


@lifted_at_once
def test_streams_do_not_grow_while_the_disk_is_full(
    bench: Bench, limit_file_size: Callable[[int], None]
) -> None:
    bench.run(1.0)
    limit_file_size(bench.folder.part.stat().st_size + 10)
    bench.run(5.0)
    (stream,) = bench.recording.growth.streams()
    assert stream.is_stalled(bench.now_s)
    assert stream.n_samples < bench.n


@lifted_at_once
def test_a_disk_that_stays_full_leaves_a_readable_part(
    bench: Bench, limit_file_size: Callable[[int], None]
) -> None:
    bench.run(2.0)
    written = bench.n
    limit_file_size(bench.folder.part.stat().st_size + 100)
    bench.run(2.0)
    assert "repaired at the next start" in bench.finish()
    limit_file_size(-1)
    assert len(values_in(bench.folder.part)) >= written
    assert not bench.folder.recording.exists()


@pytest.mark.parametrize("n_failures", [1, 3])
def test_a_failed_sync_is_followed_by_writing_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, n_failures: int
) -> None:
    name = "fdatasync" if hasattr(os, "fdatasync") else "fsync"
    real, left = getattr(os, name), [n_failures]
    bench.run(2.5)
    path = bench.folder.part

    def failing(descriptor: int) -> None:
        if left[0] and os.path.samestat(os.fstat(descriptor), path.stat()):
            left[0] -= 1
            # What a failed sync may do: the pages are thrown away and read back as something else.
            size = path.stat().st_size
            os.pwrite(descriptor, bytes(200), size - 200)
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(os, name, failing)
    bench.run(20.0)
    assert left == [0]
    assert bench.recording.error == ""
    assert bench.finish() == ""
    assert values_in(bench.folder.recording) == list(range(bench.n))
    assert verify_manifest(bench.folder.path) == []


def test_a_write_that_ends_in_the_middle_is_cut_and_repeated(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = os.write, [3]

    def short(descriptor: int, data: bytes) -> int:
        if left[0] == 1:
            left[0] = 0
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] = max(0, left[0] - 1)
        return real(descriptor, bytes(data)[: max(1, len(data) // 3)])

    bench.run(1.0)
    monkeypatch.setattr(os, "write", short)
    bench.run(0.2)
    assert bench.recording.error
    on_disk = values_in(bench.folder.part)
    assert on_disk == list(range(len(on_disk)))
    bench.run(4.0)
    assert bench.finish() == ""
    assert values_in(bench.folder.recording) == list(range(bench.n))


def test_a_folder_that_vanishes_raises_nothing(bench: Bench) -> None:
    bench.run(1.0)
    shutil.rmtree(bench.folder.path)
    bench.run(15.0)
    assert bench.finish() != ""


_IN_A_SMALL_TMPFS = """
import sys, types
from pathlib import Path
from typing import Any
sys.path.insert(0, {tests!r})
import test_recorder_disk as t
import os
bench = t.Bench(Path({mount!r}))
bench.run(2.0)
filler = Path({mount!r}, "filler")
with filler.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(4096))
    except OSError:
        pass
bench.run(60.0)
assert "No space left" in bench.recording.error, bench.recording.error
on_disk = t.values_in(bench.folder.part)
assert on_disk == list(range(len(on_disk))) and len(on_disk) < bench.n
filler.unlink()
bench.run(3.0)
assert bench.recording.error == "", bench.recording.error
assert bench.finish() == ""
assert t.values_in(bench.folder.recording) == list(range(bench.n))
assert t.verify_manifest(bench.folder.path) == []
"""

_ON_A_READ_ONLY_DISK = """
from pathlib import Path
from typing import Any
from monitor.errors import RecordingError
from monitor.session.recording import Recording
from monitor.session.folder import SessionFolder
for act in (
    lambda: SessionFolder.create(Path({mount!r}), settings={{}}),
    lambda: Recording(SessionFolder(Path({mount!r})), header={{}}),
):
    try:
        act()
    except RecordingError as error:
        assert "Choose another folder" in str(error), error
    else:
        raise AssertionError("not refused")
"""


def _can_mount() -> bool:
    if shutil.which("unshare") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    command = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "script"),
    [("size=1m", _IN_A_SMALL_TMPFS), ("size=1m,ro", _ON_A_READ_ONLY_DISK)],
    ids=["full", "read-only"],
)
def test_on_a_real_small_disk(tmp_path: Path, options: str, script: str) -> None:
    if not _can_mount():
        pytest.skip("needs root and mount namespaces")
    mount = tmp_path / "disk"
    mount.mkdir()
    code = script.format(mount=str(mount), tests=str(Path(__file__).parent))
    shell = f'mount -t tmpfs -o {options} tmpfs "{mount}" && exec "$0" -c "$1"'
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", shell, sys.executable, code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_refused(tmp_path: Path) -> None:
    folder = SessionFolder.create(tmp_path, name="s", settings={})
    folder.path.chmod(0o500)
    with pytest.raises(RecordingError, match="Choose another folder"):
        Recording(folder, header={})
