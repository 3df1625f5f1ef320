"""Which kinds there are, and what becomes of those other distributions bring."""

import subprocess
import sys
from pathlib import Path

import pytest

from devices import registry
from devices.cli_options import COMMANDS
from devices.errors import DeviceError
from tests.fake_wearable import KIND, distribution


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_each_row_tells_what_its_kind_tells() -> None:
    for name, row in registry.BUILT_IN.items():
        kind = registry.kind(name)
        assert (kind.name, kind.summary) == (name, row.summary)


def test_every_option_of_a_kind_has_a_default() -> None:
    for kind in registry.kinds().values():
        assert kind.defaults() is not None


def test_names_and_summaries_import_no_driver() -> None:
    code = (
        "import sys; from devices import registry; registry.names(); registry.summaries(); "
        "print(sorted({'numpy', 'pylsl', 'bleak', 'serial', 'rich', 'devices.driver'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_kind_of_another_distribution_is_found_after_the_built_in_ones(site: Path) -> None:
    distribution(site, "acme-wear", fake="tests.fake_wearable:KIND")
    assert registry.names() == (*registry.BUILT_IN, "fake")
    assert registry.summaries()["fake"] == "from acme-wear"
    assert registry.kind("fake") is KIND
    assert list(registry.kinds()) == [*registry.BUILT_IN, "fake"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("tests.no_such_module:KIND", "ModuleNotFoundError"),
        ("tests.fake_wearable:NOTHING", "AttributeError"),
        ("tests.fake_wearable:NO_KIND", "is a str, not a"),
        ("tests.fake_wearable:SERIAL_KIND", "is a kind named 'fake-serial'"),
    ],
)
def test_a_broken_kind_is_named_and_left_out(site: Path, value: str, why: str) -> None:
    distribution(site, "acme-wear", fake=value)
    with pytest.warns(registry.KindWarning, match=f"'fake' of acme-wear .*{why}") as told:
        assert list(registry.kinds()) == list(registry.BUILT_IN)
    assert len(told) == 1
    with pytest.raises(DeviceError, match="uninstall it"):
        registry.kind("fake")


def test_a_module_that_fails_on_import_is_named_and_left_out(site: Path) -> None:
    (site / "acme_explodes.py").write_text("raise RuntimeError('no licence')\n")
    distribution(site, "acme-wear", fake="acme_explodes:KIND")
    with pytest.warns(registry.KindWarning, match="RuntimeError: no licence"):
        assert list(registry.kinds()) == list(registry.BUILT_IN)


def test_a_name_of_a_built_in_kind_is_refused(site: Path) -> None:
    distribution(site, "acme-wear", polar_h10="tests.fake_wearable:KIND")
    with pytest.warns(registry.KindWarning, match="'polar-h10' of acme-wear is left out: attune itself"):
        assert registry.names() == tuple(registry.BUILT_IN)


def test_of_two_kinds_of_one_name_the_second_is_refused(site: Path) -> None:
    distribution(site, "acme-wear", fake="tests.fake_wearable:KIND")
    distribution(site, "zeta-wear", fake="tests.fake_wearable:SERIAL_KIND")
    with pytest.warns(registry.KindWarning, match="'fake' of zeta-wear is left out: acme-wear has one"):
        assert registry.kind("fake") is KIND


@pytest.mark.filterwarnings("ignore::devices.registry.KindWarning")
def test_an_unknown_kind_is_answered_with_the_valid_ones() -> None:
    with pytest.raises(DeviceError, match=r"There are: polar-h10, heart-rate, shimmer"):
        registry.kind("apple-watch")


def test_a_module_that_ends_the_program_on_import_is_named_and_left_out(site: Path) -> None:
    (site / "acme_exits.py").write_text("raise SystemExit(3)\n")
    distribution(site, "acme-wear", fake="acme_exits:KIND")
    with pytest.warns(registry.KindWarning, match="SystemExit: 3"):
        assert list(registry.kinds()) == list(registry.BUILT_IN)


def test_words_of_the_command_line_are_those_commands(site: Path) -> None:
    assert set(COMMANDS) == registry.COMMAND_WORDS


@pytest.mark.parametrize("word", ["scan", "run", "--all", "Two Words", "é", "x" * 40])
def test_a_name_nobody_could_type_or_that_is_a_command_is_refused(site: Path, word: str) -> None:
    distribution(site, "acme-wear", **{word: "tests.fake_wearable:KIND"})
    with pytest.warns(registry.KindWarning, match="of acme-wear is left out"):
        assert registry.names() == tuple(registry.BUILT_IN)
