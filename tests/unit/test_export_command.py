"""`attune export synchrony`: which pairs, in which order, and what is said when there is nothing to export."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

from monitor import app
from monitor.core.events import Chunk, ClockOffset, StreamOpened
from monitor.core.model import ChannelInfo, StreamInfo
from monitor.core.synchrony.pair import Pair
from monitor.core.synchrony.signals import SIGNALS
from monitor.core.synchrony.stage import SynchronyStage
from monitor.errors import RecordingError, SettingsError
from monitor.exporting.choosing import choose, parse_pair
from monitor.xdf.writer import XdfWriter

PEOPLE = ("C07", "T02")
START_S = 5000.0


def a_pair(first: str = "C07", second: str = "T02", signal: str = "eda") -> Pair:
    rate = 1.0 if signal == "ln_rmssd" else 4.0
    x, y = np.random.default_rng(1).standard_normal((2, round(700 * rate)))
    return Pair(first, second, signal, rate, 0.0, x, y, x / 2.0, y / 2.0)


def nowhere_both(pair: Pair) -> Pair:
    """The same with nothing valid in both at a time."""
    half = pair.raw_x.size // 2
    x, y = pair.raw_x.copy(), pair.raw_y.copy()
    x[:half], y[half:] = np.nan, np.nan
    return pair._replace(raw_x=x, raw_y=y, x=x, y=y)


def write_recording(path: Path, names: Iterable[str], seconds: float = 30.0) -> Path:
    """Skin conductance of each, as another recorder writes it."""
    t = np.arange(0.0, seconds, 1.0 / 32.0)
    with path.open("wb") as file:
        writer = XdfWriter(file)
        for number, name in enumerate(names, start=1):
            info = StreamInfo(
                stream_id=number,
                name=name,
                type="EDA",
                source_id=name,
                channel_count=1,
                nominal_rate_hz=32.0,
                channel_format="float32",
                channels=(ChannelInfo(label="EDA", unit="microsiemens"),),
            )
            writer.write(StreamOpened(info, ()))
            writer.write(ClockOffset(number, START_S, 0.0))
            x = 4.0 + 0.3 * np.sin(t / (5.0 + number)) + 0.001 * np.sin(31.0 * t)
            if t.size:
                writer.write(Chunk(number, START_S + t, x.astype(np.float32)[:, None]))
        writer.footers()
    return path


@pytest.fixture
def export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, Path]]:
    """Run the command on a recording whose pipeline has the given pairs."""

    def run(
        pairs: list[Pair],
        *options: str,
        names: tuple[str, ...] = ("C07 EDA", "T02 EDA"),
        seconds: float = 30.0,
    ):
        if pairs is not None:
            monkeypatch.setattr(SynchronyStage, "pairs", lambda _self: pairs)
        recording = write_recording(tmp_path / "Anna Canary 2026-11-22.xdf", names, seconds)
        out = tmp_path / "out"
        roles = ("--client", "C07", "--therapist", "T02")
        arguments = ["export", "synchrony", str(recording), "--out", str(out), *roles, *options]
        code = app.main(arguments)
        return code, " ".join(capsys.readouterr().err.split()), out

    return run


def test_the_command_writes_data_script_and_text(export) -> None:
    code, err, out = export([a_pair(), a_pair(signal="ibi")], "--for", "susy")
    assert code == 0
    found = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert found == ["README.txt", "run_susy.R", "series/C07.T02.eda.txt", "series/C07.T02.ibi.txt"]
    assert "read README.txt first" in err


@pytest.mark.parametrize("tool", ["susy", "dyadsync", "rmea", "multisyncpy"])
def test_no_name_date_or_path_of_the_recording_reaches_an_export(export, tool: str) -> None:
    code, _, out = export([a_pair()], "--for", tool)
    assert code == 0
    for path in out.rglob("*"):
        assert "Anna" not in path.name
        if path.is_file():
            content = path.read_bytes()
            assert not any(word in content for word in (b"Anna", b"Canary", b"2026-11-22", bytes(out.parent)))


def test_a_second_export_needs_force(export) -> None:
    assert export([a_pair()], "--for", "rmea")[0] == 0
    code, err, _ = export([a_pair()], "--for", "rmea")
    assert code == 1
    assert "already holds" in err
    assert "--force" in err
    assert export([a_pair()], "--for", "rmea", "--force")[0] == 0


def test_one_person_alone_is_told_what_to_do(export) -> None:
    code, err, out = export([], "--for", "susy", names=("C07 EDA",))
    assert code == 1
    assert "Synchrony needs two people, and this recording holds C07" in err
    assert "--assign CODE=TEXT" in err
    assert not out.exists()


def test_a_recording_without_data_is_told_so(export) -> None:
    code, err, _ = export([], "--for", "susy", seconds=0.0)
    assert code == 1
    assert "holds no data" in err


def test_a_path_that_is_not_there_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["export", "synchrony", str(tmp_path / "no"), "--for", "susy", "--out", str(tmp_path / "out")]
    assert app.main(arguments) == 1
    assert "does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [[], ["--for", "excel"], ["--for", "susy", "--signal", "hr"], ["--for", "susy", "--rate", "4"]],
)
def test_wrong_usage_is_exit_code_2(wrong: list[str]) -> None:
    assert app.main(["export", "synchrony", "x.xdf", "--out", "out", *wrong]) == 2
    assert app.main(["export"]) == 2


def test_the_order_is_that_of_the_session_unless_the_user_says() -> None:
    (series,) = choose([a_pair()], PEOPLE).series
    assert (series.first, series.second) == ("C07", "T02")
    np.testing.assert_array_equal(series.x, a_pair().raw_x)
    (series,) = choose([a_pair()], PEOPLE, wanted=("T02", "C07"), prepared=True).series
    assert (series.first, series.second) == ("T02", "C07")
    np.testing.assert_array_equal(series.x, a_pair().y)


def test_pair_and_signal_narrow_what_is_exported() -> None:
    pairs = [a_pair(), a_pair(signal="ibi"), a_pair("C07", "O1"), a_pair("T02", "O1")]
    people = (*PEOPLE, "O1")
    assert len(choose(pairs, people).series) == 4
    assert [s.signal for s in choose(pairs, people, wanted=("C07", "T02")).series] == ["eda", "ibi"]
    assert len(choose(pairs, people, signal="eda").series) == 3
    with pytest.raises(RecordingError, match=r"no ln_rmssd of C07 and T02 .* they share eda, ibi"):
        choose(pairs, people, signal="ln_rmssd", wanted=("C07", "T02"))


def test_what_is_never_valid_in_both_is_left_out_and_said() -> None:
    chosen = choose([a_pair(), nowhere_both(a_pair(signal="ibi"))], PEOPLE)
    assert [s.signal for s in chosen.series] == ["eda"]
    assert chosen.told == ("ibi of C07 and T02 is left out: no moment is valid in both.",)
    with pytest.raises(RecordingError, match="no moment at which two people both have a valid value"):
        choose([nowhere_both(a_pair())], PEOPLE)


def test_people_who_share_no_signal_are_told_so() -> None:
    with pytest.raises(RecordingError, match=r"no signal that two people share .*C07, T02.*--assign"):
        choose([], PEOPLE)


def test_a_stranger_in_a_pair_is_named_with_those_who_are_there() -> None:
    with pytest.raises(SettingsError, match="names X9, but the recording holds C07, T02"):
        choose([a_pair()], PEOPLE, wanted=("C07", "X9"))


@pytest.mark.parametrize("text", ["C07", "C07,C07", "C07,T02,O1", ",", "C07 T02", "../x,T02"])
def test_a_pair_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        parse_pair(text)


@pytest.mark.parametrize("code", ["../../x", "CON", "a/b", "x" * 33, "é"])
def test_a_code_that_is_no_file_name_writes_nothing(code: str) -> None:
    with pytest.raises(SettingsError, match="cannot be the code"):
        choose([a_pair(code)], (code, "T02"))


def test_a_pair_is_read_with_spaces() -> None:
    assert parse_pair(" C07, T02 ") == ("C07", "T02")


def test_the_option_knows_the_signals_of_the_registry(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["export", "synchrony", "--help"]) == 0
    shown = "{" + ",".join(signal.name for signal in SIGNALS) + "}"
    assert shown in capsys.readouterr().out


def test_a_real_recording_comes_out_on_its_grid_in_the_order_of_the_roles(export) -> None:
    code, err, out = export(None, "--for", "dyadsync", names=("T02 EDA", "C07 EDA"), seconds=90.0)
    assert (code, "read README.txt first" in err) == (0, True)
    values = np.genfromtxt(
        out / "series" / "C07.T02.eda.csv",
        delimiter=",",
        names=True,
        missing_values="NA",
        filling_values=np.nan,
    )
    assert values.dtype.names == ("t_s", "first_C07", "second_T02")
    np.testing.assert_array_equal(np.diff(values["t_s"]), 0.25)
    # The client's stream is the second of the file; both are slow sines around 4, with the lag of the low-pass.
    for name, number in (("first_C07", 2), ("second_T02", 1)):
        valid = np.isfinite(values[name])
        assert valid.mean() > 0.7
        expected = 4.0 + 0.3 * np.sin(values["t_s"] / (5.0 + number))
        assert np.abs(values[name] - expected)[valid].max() < 0.05
