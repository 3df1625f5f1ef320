"""Exact methods of synchrony against what the R packages SUSY and rMEA and R's lm and cor give.

The made series come from a linear congruential generator, so that R and Python start from the same bits; the
real ones are ten minutes of motion energy of a patient and a therapist (kleinbub/rMEA, 200_01).
Everything agrees to 1e-9, and to the last printed digit: measured at worst 5e-11 (SUSY), 4e-11 (rMEA), 1.3e-10
(Marci: a sum of 157 printed with nine decimals) and 1.7e-11 (its index).
"""

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from monitor.core.results import Reason, Status
from monitor.core.synchrony.marci import MARCI, marci
from monitor.core.synchrony.pair import Choices, Pair
from monitor.core.synchrony.susy import SUSY, Susy, susy
from monitor.core.synchrony.windowed import RMEA, WindowedCorrelation, summarise, windowed_cross_correlation

pytestmark = [pytest.mark.accuracy, pytest.mark.slow]

Array = NDArray[np.float64]
TOLERANCE = 1e-9

NAMES = {
    "Z": "z",
    "Z_pseudo": "z_pseudo",
    "SD_Z": "sd_z",
    "SD_Z_pseudo": "sd_z_pseudo",
    "pct_gt_pseudo": "percent_above_pseudo",
    "ES": "es",
    "Z_lead1": "z_lead1",
    "Z_lead2": "z_lead2",
    "ES_lead1": "es_lead1",
    "ES_lead2": "es_lead2",
    "meanZ_in_phase": "z_in_phase",
    "meanZ_anti_phase": "z_anti_phase",
    "n_in_phase": "n_in_phase",
    "n_anti_phase": "n_anti_phase",
    "Z_noAbs": "z_no_abs",
    "Z_pseudo_noAbs": "z_pseudo_no_abs",
    "pct_gt_pseudo_noAbs": "percent_above_pseudo_no_abs",
    "ES_noAbs": "es_no_abs",
    "n_data": "n_data",
    "n_lags": "n_lags",
    "n_segments": "n_segments",
}
TABLES = {
    "meanccorrReal": "real_r",
    "meanccorrPseudo": "pseudo_r",
    "meanccorrRealZ": "real_z",
    "meanccorrRealZNotAbs": "real_z_no_abs",
    "meanccorrPseudoZ": "pseudo_z",
    "meanccorrPseudoZNotAbs": "pseudo_z_no_abs",
}


class Made(NamedTuple):
    """The made series: y follows x by 1.5 s, y2 has nothing to do with it; 2 Hz."""

    x: Array
    y: Array
    y2: Array


@pytest.fixture(scope="module")
def references(data_dir: Path) -> dict[str, Any]:
    path = data_dir.parent / "refs" / "reference_values.json"
    if not path.is_file():
        pytest.skip(f"no reference values at {path}")
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


@pytest.fixture(scope="module")
def movement(data_dir: Path) -> tuple[Array, Array]:
    path = data_dir / "rmea_therapy_movement" / "normal" / "200_01.txt"
    patient, therapist = np.loadtxt(path, skiprows=1).T
    return patient.copy(), therapist.copy()


def draws(seed: int, n: int) -> Array:
    state, out = seed, np.empty(n)
    for i in range(n):
        state = (16807 * state) % 2147483647
        out[i] = state / 2147483647 - 0.5
    return out


@pytest.fixture(scope="module")
def made(references: dict[str, Any]) -> Made:
    made_by = references["generator"]
    t = np.arange(made_by["N"])
    e1, e2 = draws(made_by["e1_seed"], t.size), draws(made_by["e2_seed"], t.size)
    x = np.sin(2 * np.pi * t / 23) + 0.5 * np.sin(2 * np.pi * t / 7.3 + 1) + 0.8 * e1
    y = 0.6 * x[np.maximum(0, t - 3)] + 0.4 * np.cos(2 * np.pi * t / 31) + 0.9 * e2
    y2 = np.cos(2 * np.pi * t / 31) + 0.5 * np.sin(2 * np.pi * t / 9.1) + 0.9 * e2
    assert_allclose(x[:3], made_by["check_x_0_2"], atol=1e-11)
    assert_allclose(y[:3], made_by["check_y_0_2"], atol=1e-11)
    return Made(x, y, y2)


def assert_table(found: Susy, expected: dict[str, Any]) -> None:
    known = {name: value for name, value in expected.items() if name != "data"}
    assert len(known) >= 10
    for name, value in known.items():
        assert getattr(found, NAMES[name]) == pytest.approx(value, rel=TOLERANCE, abs=TOLERANCE), name


def test_susy_of_a_coupled_pair_is_the_table_of_the_package(references: dict[str, Any], made: Made) -> None:
    found = susy(made.x, made.y, rate_hz=2.0)
    assert set(references["susy"]["xy"]) == set(NAMES)
    assert_table(found, references["susy"]["xy"])
    assert set(references["susy"]["xy_lag_table"]) == set(TABLES)
    for name, expected in references["susy"]["xy_lag_table"].items():
        assert_allclose(getattr(found, TABLES[name]), expected, atol=TOLERANCE, err_msg=name)


def test_susy_of_an_independent_pair_has_the_effect_size_that_traps(
    references: dict[str, Any], made: Made
) -> None:
    found = susy(made.x, made.y2, rate_hz=2.0)
    assert_table(found, references["susy"]["xy2_independent"])
    assert found.es_no_abs > 5.0


def test_susy_of_a_real_session_is_the_table_of_the_package(
    references: dict[str, Any], movement: tuple[Array, Array]
) -> None:
    found = susy(*movement, rate_hz=25.0)
    assert_table(found, references["susy"]["rMEA_200_01(segment30,Hz25,maxlag5)"])


def rmea(x: Array, y: Array, *, rate_hz: float, window_s: float, step_s: float) -> WindowedCorrelation:
    return windowed_cross_correlation(
        x, y, rate_hz=rate_hz, window_s=window_s, step_s=step_s, lag_s=5.0, variant="rmea"
    )


def test_windows_of_a_coupled_pair_are_those_of_rmea(references: dict[str, Any], made: Made) -> None:
    expected = references["rMEA_MEAccf"]["xy(lag5,win30,inc10,2Hz,r2Z,ABS=F)"]
    correlation = rmea(made.x, made.y, rate_hz=2.0, window_s=30.0, step_s=10.0)
    found = summarise(correlation)
    assert found.n_windows == expected["n_win"]
    assert found.grand_average == pytest.approx(expected["grandAver"], abs=TOLERANCE)
    assert found.best_lag_s[:10].tolist() == expected["bestLag_s_first10"]
    assert_allclose(np.arctanh(correlation.r[0]), expected["window1_Z_lag-5..5"], atol=TOLERANCE)
    assert_allclose(found.lag_zero[:5], expected["lag_zero_first5"], atol=TOLERANCE)
    assert_allclose(found.first_earlier[:5], expected["s1_lead_first5"], atol=TOLERANCE)
    assert_allclose(found.second_earlier[:5], expected["s2_lead_first5"], atol=TOLERANCE)


def test_windows_of_a_real_session_are_those_of_rmea_with_absolute_values(
    references: dict[str, Any], movement: tuple[Array, Array]
) -> None:
    expected = references["rMEA_MEAccf"]["200_01(lag5,win60,inc30,25Hz,r2Z,ABS=T)"]
    found = summarise(rmea(*movement, rate_hz=25.0, window_s=60.0, step_s=30.0), absolute=True)
    assert found.n_windows == expected["n_win"]
    assert found.grand_average == pytest.approx(expected["grandAver"], abs=TOLERANCE)
    assert_allclose(found.by_window[:5], expected["all_lags_first5"], atol=TOLERANCE)
    assert_allclose(found.lag_zero[:5], expected["lag_zero_first5"], atol=TOLERANCE)
    assert_allclose(found.best_lag_s[:8], expected["bestLag_first8"], atol=TOLERANCE)


def test_windows_of_a_real_session_are_those_of_rmea_with_signs(
    references: dict[str, Any], movement: tuple[Array, Array]
) -> None:
    expected = references["rMEA_MEAccf"]["200_01(lag5,win30,inc10,25Hz,r2Z,ABS=F)"]
    found = summarise(rmea(*movement, rate_hz=25.0, window_s=30.0, step_s=10.0))
    assert found.n_windows == expected["n_win"]
    assert found.grand_average == pytest.approx(expected["grandAver"], abs=TOLERANCE)
    assert_allclose(found.lag_zero[:5], expected["lag_zero_first5"], atol=TOLERANCE)


def test_concordance_of_a_coupled_pair_is_that_of_the_formula_and_marked(
    references: dict[str, Any], made: Made
) -> None:
    expected = references["marci_concordance"]["xy"]
    found = marci(made.x, made.y, rate_hz=2.0)
    assert found.slopes_x.size == found.slopes_y.size == expected["n_slopes"]
    assert_allclose(found.slopes_x[:4], expected["slopes_x_0_3"], atol=TOLERANCE)
    assert_allclose(found.slopes_y[:4], expected["slopes_y_0_3"], atol=TOLERANCE)
    assert found.r.size == expected["n_r"]
    assert_allclose(found.r[:4], expected["r_first4"], atol=TOLERANCE)
    assert found.r[-1] == pytest.approx(expected["r_last"], abs=TOLERANCE)
    assert found.sum_positive == pytest.approx(expected["sum_pos"], abs=TOLERANCE)
    assert found.sum_negative == pytest.approx(expected["sum_neg"], abs=TOLERANCE)
    assert found.index == pytest.approx(expected["CI"], abs=TOLERANCE)
    assert found.one_sided


def test_concordance_without_opposite_windows_is_infinite_and_marked(
    references: dict[str, Any], made: Made
) -> None:
    expected = references["marci_concordance"]["xy"]
    assert expected["CI_step15"].startswith("+Inf")
    assert expected["CI_y_lag1s"] == "+Inf"
    for found in (
        marci(made.x, made.y, rate_hz=2.0, window_step_s=15.0),
        marci(made.x, made.y, rate_hz=2.0, lag_s=1.0),
    ):
        assert found.index == np.inf
        assert found.one_sided


def test_concordance_of_an_independent_pair_is_that_of_the_formula(
    references: dict[str, Any], made: Made
) -> None:
    expected = references["marci_concordance"]["xy2"]
    found = marci(made.x, made.y2, rate_hz=2.0)
    assert found.sum_positive == pytest.approx(expected["sum_pos"], abs=TOLERANCE)
    assert found.sum_negative == pytest.approx(expected["sum_neg"], abs=TOLERANCE)
    assert found.index == pytest.approx(expected["CI"], abs=TOLERANCE)
    assert found.mean_z == pytest.approx(expected["mean_FisherZ"], abs=TOLERANCE)
    assert not found.one_sided


def made_pair(made: Made, y: Array) -> Pair:
    return Pair("C07", "T02", "eda", 2.0, 0.0, made.x, y, made.x, y)


def test_the_methods_give_the_same_numbers_with_lags_in_our_sign(
    references: dict[str, Any], made: Made
) -> None:
    pair = made_pair(made, made.y)
    result = SUSY.compute(pair, Choices())
    assert (result.status, result.reason) == (Status.LOW, Reason.TOO_FEW_SEGMENTS)
    assert result.values["es"] == pytest.approx(references["susy"]["xy"]["ES"], abs=TOLERANCE)
    table = references["susy"]["xy_lag_table"]["meanccorrRealZ"]
    assert_allclose(result.series["real_z"], table[::-1], atol=TOLERANCE)
    assert result.series["lag_s"][result.series["real_z"].argmax()] == 1.5
    windows = RMEA.compute(pair, Choices(segment_s=15.0))
    assert windows.values["z_first_earlier"] > windows.values["z_second_earlier"]
    assert windows.series["lag_s"][windows.series["z_by_lag"].argmax()] == 1.5


def test_the_method_withholds_a_concordance_that_exploded(references: dict[str, Any], made: Made) -> None:
    exploded = MARCI.compute(made_pair(made, made.y), Choices())
    assert (exploded.status, exploded.reason, exploded.values) == (Status.NA, Reason.TOO_FEW_SEGMENTS, {})
    given = MARCI.compute(made_pair(made, made.y2), Choices())
    assert given.values["index"] == pytest.approx(references["marci_concordance"]["xy2"]["CI"], abs=TOLERANCE)
