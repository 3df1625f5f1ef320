"""The first seconds of data against what the stream declares."""

from typing import Any

import numpy as np
import pytest

from monitor.core.model import Modality
from monitor.core.plausibility import Judgement, Plausibility, measured_rate

PLAUSIBLE, IMPLAUSIBLE, UNDECIDED = Judgement.PLAUSIBLE, Judgement.IMPLAUSIBLE, Judgement.UNDECIDED


def ecg_uv(n: Any, rate: Any = 130.0) -> Any:
    t = np.arange(n) / rate
    return 1000.0 * np.exp(-(((t % 0.8) - 0.4) ** 2) / 0.0004) + 20.0 * np.sin(t)


def judge(
    modality: Any,
    values: Any,
    rate: Any = 0.0,
    unit: Any = "",
    integer: Any = False,
    true_rate: Any = None,
    scale: Any = 1.0,
) -> Any:
    stamps = 100.0 + np.arange(len(values)) / (true_rate or rate or 1.0)
    return Plausibility(modality, unit, integer, rate, scale).push(stamps, np.asarray(values, dtype=float))


@pytest.mark.parametrize(
    ("values", "unit", "integer", "judgement", "word"),
    [
        (4.2, "uS", False, PLAUSIBLE, "median"),
        (4.2, "", False, PLAUSIBLE, "median"),
        (412.0, "uS", False, IMPLAUSIBLE, "looks like kilo-ohm"),
        (412.0, "", False, IMPLAUSIBLE, "no unit declared"),
        (70.0, "", False, IMPLAUSIBLE, "kilo-ohm"),
        (250000.0, "uS", False, IMPLAUSIBLE, "ohm"),
        (16500.0, "", True, IMPLAUSIBLE, "raw 16-bit words"),
        (4e-6, "uS", False, IMPLAUSIBLE, "siemens"),
    ],
)
def test_skin_conductance_in_another_unit_is_named(
    values: Any, unit: Any, integer: Any, judgement: Any, word: Any
) -> None:
    ripple = 1.0 + 0.01 * np.sin(np.arange(400))
    verdict = judge(Modality.EDA, values * ripple, 51.2, unit, integer)
    assert verdict.judgement is judgement
    assert word in verdict.text


@pytest.mark.parametrize(
    ("modality", "value", "judgement"),
    [
        (Modality.RR, 812.0, PLAUSIBLE),
        (Modality.RR, 0.812, IMPLAUSIBLE),
        (Modality.RR, 72000.0, IMPLAUSIBLE),
        (Modality.HR, 72.0, PLAUSIBLE),
        (Modality.HR, 812.0, IMPLAUSIBLE),
        (Modality.HR, 1.2, IMPLAUSIBLE),
        (Modality.RR, 0.0, UNDECIDED),
    ],
)
def test_beats_in_another_unit_are_named(modality: Any, value: Any, judgement: Any) -> None:
    assert judge(modality, np.full(12, value)).judgement is judgement


def test_zeros_between_intervals_are_placeholders() -> None:
    values = np.tile([0.0, 812.0], 10)
    assert judge(Modality.RR, values).judgement is PLAUSIBLE


def test_an_ecg_in_microvolts_is_plausible() -> None:
    assert judge(Modality.ECG, ecg_uv(700), 130.0, "uV").judgement is PLAUSIBLE


def test_millivolts_sold_as_microvolts_are_refused() -> None:
    verdict = judge(Modality.ECG, ecg_uv(700) / 1e3, 130.0, "uV")
    assert verdict.judgement is IMPLAUSIBLE
    assert "millivolts" in verdict.text


def test_millivolts_declared_as_such_are_plausible() -> None:
    assert judge(Modality.ECG, ecg_uv(700) / 1e3, 130.0, "mV", scale=1e3).judgement is PLAUSIBLE


def test_microvolts_sold_as_millivolts_are_refused() -> None:
    assert judge(Modality.ECG, ecg_uv(700), 130.0, "mV", scale=1e3).judgement is IMPLAUSIBLE


def test_a_thousand_hertz_declared_as_130_is_told() -> None:
    verdict = judge(Modality.ECG, ecg_uv(5200, 1000.0), 130.0, "uV", true_rate=1000.0)
    assert verdict.judgement is IMPLAUSIBLE
    assert "declared 130 Hz, measured 1000 Hz" in verdict.text


def test_a_slow_ecg_is_refused() -> None:
    assert judge(Modality.ECG, ecg_uv(300, 50.0), 50.0, "uV").judgement is IMPLAUSIBLE


def test_a_rate_off_by_two_percent_is_the_crystal() -> None:
    assert judge(Modality.ECG, ecg_uv(800), 130.0, "uV", true_rate=132.5).judgement is PLAUSIBLE


def test_a_lost_frame_is_not_a_wrong_rate() -> None:
    stamps = np.delete(np.arange(800) / 130.0, slice(200, 273))
    verdict = Plausibility(Modality.ECG, "uV", False, 130.0).push(stamps, ecg_uv(stamps.size))
    assert verdict is not None
    assert verdict.judgement is PLAUSIBLE
    assert verdict.measured_rate_hz == pytest.approx(130.0, rel=0.01)


def test_one_stamp_per_chunk_still_gives_the_rate() -> None:
    stamps = np.repeat(np.arange(12) * 0.5, 65)
    assert measured_rate(stamps, 130.0) == pytest.approx(130.0)


def test_a_flat_line_is_undecided_until_the_strap_is_worn() -> None:
    check = Plausibility(Modality.ECG, "uV", False, 130.0)
    first = check.push(np.arange(700) / 130.0, np.zeros(700))
    second = check.push(np.arange(700, 2100) / 130.0, ecg_uv(1400))
    assert first is not None
    assert first.judgement is UNDECIDED
    assert second is not None
    assert second.judgement is PLAUSIBLE
    assert check.done


def test_missing_values_are_not_judged() -> None:
    values = np.where(np.arange(400) % 4, np.nan, 4.2)
    assert judge(Modality.EDA, values, 51.2, "uS").judgement is UNDECIDED


def test_stamps_that_never_advance_are_judged_in_the_end() -> None:
    check = Plausibility(Modality.EDA, "uS", False, 51.2)
    verdicts = [check.push(np.zeros(1000), 4.0 + 0.01 * np.arange(1000.0)) for _ in range(12)]
    assert any(verdicts)


def test_stamps_that_are_no_numbers_do_no_harm() -> None:
    check = Plausibility(Modality.EDA, "uS", False, 51.2)
    assert check.push(np.full(50, np.nan), np.full(50, 4.0)) is None


def test_samples_in_bursts_under_nearly_one_stamp_are_named_as_such() -> None:
    arrivals = 0.57 * np.arange(14)
    stamps = (arrivals[:, None] + 1e-5 * np.arange(74)).ravel()
    x = 800.0 * np.sin(np.arange(stamps.size) / 7.0)
    verdict = Plausibility(Modality.ECG, "uV", False, 130.0).push(stamps, x)
    assert verdict is not None
    assert verdict.judgement is Judgement.IMPLAUSIBLE
    assert "bursts" in verdict.text
