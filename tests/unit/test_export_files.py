"""What an export holds: every value back bit for bit, gaps in their place, codes and nothing else."""

import io
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from monitor.core.synchrony.pair import Choices, Pair
from monitor.errors import RecordingError
from monitor.exporting.files import ExportFile, files_of
from monitor.exporting.scripts import whole_seconds
from monitor.exporting.series import Series, groups_of, longest_stretch, series_of
from monitor.exporting.tools import FACTS, Tool
from monitor.exporting.writing import write_export

TOOLS = list(Tool)
PAIRS_APART = [tool for tool in TOOLS if tool is not Tool.MULTISYNCPY]


def a_pair(
    first: str = "C07", second: str = "T02", *, signal: str = "eda", minutes: float = 12.0, seed: int = 1
) -> Pair:
    """Two wandering signals; the second misses two seconds, the first its first second."""
    rate = 1.0 if signal == "ln_rmssd" else 4.0
    rng = np.random.default_rng(seed)
    raw = 5.0 + np.cumsum(rng.standard_normal((2, round(60 * minutes * rate))), axis=1) / 10.0
    raw[0, : round(rate)] = np.nan
    raw[1, round(200 * rate) : round(202 * rate)] = np.nan
    prepared = np.gradient(raw, axis=1)
    return Pair(first, second, signal, rate, 2.25, raw[0], raw[1], prepared[0], prepared[1])


def made(
    tool: Tool, *pairs: Pair, prepared: bool = False, told: tuple[str, ...] = ()
) -> dict[str, ExportFile]:
    series = [series_of(pair, prepared=prepared) for pair in pairs or (a_pair(),)]
    files = files_of(series, tool, Choices(), prepared=prepared, program="attune 0.1.0", told=told)
    return {file.name: file for file in files}


def columns(file: ExportFile, *, between: str, header: bool) -> tuple[list[str], np.ndarray]:
    lines = file.data.decode().splitlines()
    names = lines[0].split(between) if header else []
    values = [
        [np.nan if cell == "NA" else float(cell) for cell in line.split(between)] for line in lines[header:]
    ]
    return names, np.array(values).T


@pytest.mark.parametrize("prepared", [False, True])
def test_susy_reads_a_header_and_two_columns_with_every_bit_and_every_gap(prepared: bool) -> None:
    pair = a_pair()
    file = made(Tool.SUSY, prepared=prepared)["series/C07.T02.eda.txt"]
    names, values = columns(file, between=" ", header=True)
    assert names == ["first_C07", "second_T02"]
    wanted = (pair.x, pair.y) if prepared else (pair.raw_x, pair.raw_y)
    np.testing.assert_array_equal(values, wanted)
    assert np.isnan(values).sum() > 0


def test_rmea_reads_two_columns_without_a_header() -> None:
    pair = a_pair()
    _, values = columns(made(Tool.RMEA)["series/C07.T02.eda.txt"], between=" ", header=False)
    np.testing.assert_array_equal(values, (pair.raw_x, pair.raw_y))


def test_dyadsync_reads_the_session_time_beside_both() -> None:
    pair = a_pair()
    names, values = columns(made(Tool.DYADSYNC)["series/C07.T02.eda.csv"], between=",", header=True)
    assert names == ["t_s", "first_C07", "second_T02"]
    np.testing.assert_array_equal(values[0], 2.25 + np.arange(pair.raw_x.size) / 4.0)
    np.testing.assert_array_equal(values[1:], (pair.raw_x, pair.raw_y))


def test_multisyncpy_reads_one_array_of_everybody_without_pickle() -> None:
    whole = a_pair(), a_pair("C07", "O1", seed=2), a_pair("T02", "O1", seed=3)
    shared = (
        whole[0],
        whole[1]._replace(raw_x=whole[0].raw_x),
        whole[2]._replace(raw_x=whole[0].raw_y, raw_y=whole[1].raw_y),
    )
    file = made(Tool.MULTISYNCPY, *shared)["series/eda.npz"]
    with np.load(io.BytesIO(file.data), allow_pickle=False) as kept:
        assert kept["participants"].tolist() == ["C07", "T02", "O1"]
        np.testing.assert_array_equal(kept["data"], (whole[0].raw_x, whole[0].raw_y, whole[1].raw_y))
        assert (float(kept["rate_hz"]), float(kept["t0_s"])) == (4.0, 2.25)
        assert (str(kept["signal"]), str(kept["unit"])) == ("eda", "uS")


def test_pairs_that_begin_apart_are_placed_on_one_grid() -> None:
    early = Series("A", "B", "eda", "uS", 4.0, 0.0, np.arange(8.0), np.arange(8.0) + 10.0)
    late = Series("A", "C", "eda", "uS", 4.0, 0.5, np.arange(2.0, 6.0), np.arange(4.0) + 20.0)
    (group,) = groups_of([early, late])
    assert group.participants == ("A", "B", "C")
    np.testing.assert_array_equal(group.data[0], np.arange(8.0))
    np.testing.assert_array_equal(group.data[2], [np.nan, np.nan, 20.0, 21.0, 22.0, 23.0, np.nan, np.nan])


def test_a_value_that_pairs_tell_differently_is_missing_and_stays_so() -> None:
    one = Series("A", "B", "eda", "uS", 4.0, 0.0, np.arange(8.0), np.arange(8.0))
    other = one._replace(second="C", x=np.concatenate(([9.0], np.arange(1.0, 8.0))))
    (group,) = groups_of([one, other, one._replace(second="D")])
    np.testing.assert_array_equal(group.data[0], [np.nan, *range(1, 8)])
    np.testing.assert_array_equal(group.data[1:], np.tile(np.arange(8.0), (3, 1)))


def test_pairs_on_two_grids_are_never_joined() -> None:
    one = Series("A", "B", "eda", "uS", 4.0, 0.0, np.arange(8.0), np.arange(8.0))
    for wrong in (one._replace(second="C", t0_s=0.1), one._replace(second="C", rate_hz=2.0)):
        with pytest.raises(ValueError, match="one grid"):
            groups_of([one, wrong])


@pytest.mark.parametrize("tool", TOOLS)
def test_the_same_series_give_the_same_bytes(tool: Tool) -> None:
    assert made(tool) == made(tool)


@pytest.mark.parametrize("tool", TOOLS)
def test_infinite_values_are_missing_in_the_file(tool: Tool) -> None:
    pair = a_pair()
    pair.raw_x[50] = np.inf
    for file in made(tool, pair).values():
        if file.name.endswith(".npz"):
            with np.load(io.BytesIO(file.data)) as kept:
                assert not np.isinf(kept["data"]).any()
        else:
            assert "inf" not in file.data.decode().replace("information", "")


@pytest.mark.parametrize("tool", TOOLS)
def test_script_and_text_stand_beside_the_data_and_not_among_it(tool: Tool) -> None:
    names = list(made(tool))
    assert names[-2:] == [FACTS[tool].script, "README.txt"]
    assert all(name.startswith("series/") for name in names[:-2])


@pytest.mark.parametrize("tool", PAIRS_APART)
def test_names_of_two_pairs_are_never_one(tool: Tool) -> None:
    names = list(made(tool, a_pair("A", "B_C"), a_pair("A_B", "C"), a_pair("A_B", "C", signal="ibi")))
    assert len(set(names)) == 5


@pytest.mark.parametrize("tool", PAIRS_APART)
def test_codes_that_differ_in_capitals_only_are_refused(tool: Tool) -> None:
    with pytest.raises(RecordingError, match=r"one file on many computers.*--pair"):
        made(tool, a_pair("A", "B"), a_pair("a", "B"))


@pytest.mark.parametrize("tool", PAIRS_APART)
def test_a_script_holds_rate_segment_and_lag_of_each_signal(tool: Tool) -> None:
    pairs = a_pair(), a_pair(signal="ln_rmssd", minutes=40.0)
    text = made(tool, *pairs)[FACTS[tool].script].data.decode()
    calls = {
        Tool.SUSY: (
            'one("C07.T02.eda.txt", segment = 30L, hz = 4L, maxlag = 5L)',
            'one("C07.T02.ln_rmssd.txt", segment = 120L, hz = 1L, maxlag = 5L)',
        ),
        Tool.RMEA: ("sampRate = 4", "lagSec = 5, winSec = 30", "sampRate = 1", "lagSec = 5, winSec = 120"),
        Tool.DYADSYNC: ('2, 3, "C07", "T02"', '"eda", 4,', '"ln_rmssd", 1,'),
    }[tool]
    assert all(call in text for call in calls)
    for opening, closing in ("()", "{}", "[]"):
        assert text.count(opening) == text.count(closing)


def test_segments_and_lags_become_whole_seconds_that_susy_accepts() -> None:
    series = series_of(a_pair(), prepared=False)
    assert whole_seconds(series, Choices(segment_s=29.6, lag_s=4.4)) == (30, 4)
    segment_s, lag_s = whole_seconds(series, Choices(segment_s=6.0, lag_s=5.0))
    assert segment_s >= 2 * lag_s


@pytest.mark.parametrize(
    ("tool", "words"),
    [
        (Tool.SUSY, ("NEGATIVE lag", "drops every row", "not a z score", "uS, 4 per second")),
        (Tool.RMEA, ("POSITIVE lag", "no header", "segment 30 s, longest lag 5 s")),
        (Tool.DYADSYNC, ("POSITIVE lag", "in development")),
        (Tool.MULTISYNCPY, ("no lag", "people x samples", "eda.npz: C07, T02")),
    ],
)
def test_the_text_tells_sign_unit_gaps_and_traps(tool: Tool, words: tuple[str, ...]) -> None:
    text = made(tool)["README.txt"].data.decode()
    assert all(word in text for word in words)
    assert "valid in all: 11.9 of 12.0 min; longest stretch without a gap 8.6 min" in text
    assert "More similar is not better" in text


def test_the_text_tells_what_could_mislead() -> None:
    pair = a_pair(minutes=4.0)
    assert "SHORT: fewer than 10 segments" in made(Tool.SUSY, pair)["README.txt"].data.decode()
    same = pair._replace(raw_y=pair.raw_x)
    assert "SAME: both columns" in made(Tool.SUSY, same)["README.txt"].data.decode()
    flat = pair._replace(raw_y=np.full(pair.raw_y.size, 3.0))
    assert "CONSTANT: the values of T02" in made(Tool.SUSY, flat)["README.txt"].data.decode()
    clean = made(Tool.SUSY)["README.txt"].data.decode()
    assert not re.search("SHORT|SAME|CONSTANT|Told", clean)
    assert (
        "- one thing was left out"
        in made(Tool.SUSY, told=("one thing was left out",))["README.txt"].data.decode()
    )


def test_what_matches_shapes_is_called_on_the_signal_itself_only() -> None:
    scripts = [
        made(Tool.DYADSYNC, prepared=prepared)["run_dyadsync.R"].data.decode() for prepared in (False, True)
    ]
    assert ["AMICo" in script for script in scripts] == [True, False]


def test_prepared_series_carry_their_own_unit() -> None:
    text = made(Tool.SUSY, prepared=True)["README.txt"].data.decode()
    assert "eda in uS/s (slope over 5 s)" in text
    assert "prepared for correlation" in text


def test_the_longest_stretch_never_spans_a_gap() -> None:
    assert longest_stretch(np.array([True, True, False, True, True, True, False, True])) == 3
    assert longest_stretch(np.ones(5, bool)) == 5
    assert longest_stretch(np.zeros(5, bool)) == longest_stretch(np.zeros(0, bool)) == 0


def test_nothing_that_exists_is_replaced_unless_asked(tmp_path: Path) -> None:
    files = list(made(Tool.SUSY).values())
    paths = write_export(tmp_path / "out", files, force=False)
    assert all(path.read_bytes() == file.data for path, file in zip(paths, files, strict=True))
    paths[0].write_text("mine")
    (tmp_path / "out" / "README.txt").unlink()
    with pytest.raises(RecordingError, match=r"already holds series.C07\.T02\.eda\.txt.*--force"):
        write_export(tmp_path / "out", files, force=False)
    assert paths[0].read_text() == "mine"
    assert not (tmp_path / "out" / "README.txt").exists()
    write_export(tmp_path / "out", files, force=True)
    assert paths[0].read_bytes() == files[0].data


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of the folder there")
def test_an_export_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    for path in write_export(tmp_path / "out", list(made(Tool.RMEA).values()), force=False):
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="Choose another folder with --out"):
        write_export(tmp_path / "file" / "out", list(made(Tool.SUSY).values()), force=False)


@pytest.mark.slow
def test_the_python_script_runs_with_the_package_it_is_for(tmp_path: Path) -> None:
    pytest.importorskip("multiSyncPy")
    pairs = a_pair(), a_pair(signal="ibi", minutes=4.0)
    write_export(tmp_path, list(made(Tool.MULTISYNCPY, *pairs).values()), force=False)
    command = [sys.executable, str(tmp_path / "run_multisyncpy.py")]
    out = subprocess.run(command, capture_output=True, text=True, cwd="/", check=True).stdout
    assert "eda.npz (C07, T02): 8.5 min without a gap, 71% of all" in out
    assert re.search(r"coherence 0\.\d{4}; shuffled windows give 0\.\d{4} to 0\.\d{4} .*, p [01]\.\d{3}", out)
    assert re.search(r"ibi\.npz .*\n  too short: fewer than ten windows", out)
