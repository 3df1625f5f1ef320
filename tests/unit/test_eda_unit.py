"""The guard against a wrong unit, and the check for skin that does not respond."""

import numpy as np
import pytest

from monitor.core.eda_unit import EdaUnit, judge_eda_unit, responder


@pytest.mark.parametrize("declared", ["uS", "µS", "microsiemens", " us "])
def test_declared_and_plausible_microsiemens_are_accepted(declared: str) -> None:
    verdict = judge_eda_unit(np.full(100, 4.2), declared, False)
    assert verdict == (True, EdaUnit.MICROSIEMENS, "")


@pytest.mark.parametrize(
    ("value", "integer", "looks_like"),
    [
        (200.0, False, EdaUnit.KILO_OHM),
        (238_000.0, False, EdaUnit.OHM),
        (4200.0, False, EdaUnit.NANOSIEMENS),
        (0.0042, False, EdaUnit.MILLISIEMENS),
        (4.2e-6, False, EdaUnit.SIEMENS),
        (18_000.0, True, EdaUnit.RAW_WORDS),
    ],
)
def test_another_unit_under_the_name_of_microsiemens_is_refused(
    value: float, integer: bool, looks_like: EdaUnit
) -> None:
    verdict = judge_eda_unit(np.full(100, value), "uS", integer)
    assert not verdict.accepted
    assert verdict.looks_like is looks_like
    assert str(looks_like) in verdict.message
    assert "declare" in verdict.message


@pytest.mark.parametrize("declared", ["kOhm", "kΩ", "nS", "Ohm", "counts", "furlongs"])
def test_a_declared_other_unit_is_refused_even_where_the_numbers_fit(declared: str) -> None:
    verdict = judge_eda_unit(np.full(100, 20.0), declared, False)
    assert not verdict.accepted
    assert repr(declared) in verdict.message
    assert "?" in verdict.message


def test_an_undeclared_unit_is_a_question() -> None:
    verdict = judge_eda_unit(np.full(100, 5.0), "", False)
    assert not verdict.accepted
    assert verdict.looks_like is EdaUnit.MICROSIEMENS
    assert "Declare" in verdict.message


def test_no_finite_sample_is_no_verdict_on_the_unit() -> None:
    verdict = judge_eda_unit(np.full(3, np.nan), "uS", False)
    assert not verdict.accepted
    assert verdict.looks_like is EdaUnit.UNKNOWN


@pytest.mark.parametrize(
    ("scl_us", "n_scr", "expected"),
    [(5.0, 3, True), (1.0, 1, True), (0.9, 3, False), (5.0, 0, False), (float("nan"), 3, False)],
)
def test_skin_that_does_not_respond_carries_no_information(scl_us: float, n_scr: int, expected: bool) -> None:
    assert responder(scl_us, n_scr) is expected
