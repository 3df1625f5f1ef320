"""The methods paragraph says what was done, with the values that were used."""

from pathlib import Path
from typing import Any

import pytest

from calibration import excursions
from monitor.core import ecg_design, eda
from monitor.core.kernels import ecg_quality, eda_scr, rr
from monitor.core.synchrony import coupling, prepare, signals
from monitor.core.synchrony.methods import METHODS
from monitor.report import parameters
from monitor.report.methods import method_blocks, method_parts
from monitor.report.reading import Material
from monitor.report.references import OF_METHOD, REFERENCES, reference_lines
from monitor.report.tables import Tables
from tests.report_session import summary_of

ROOT = Path(__file__).parents[2]


def material(**changes: Any) -> Material:
    summary = summary_of({"C07": "client", "T02": "therapist"}) | changes
    return Material(name="s", summary=summary, tables=Tables(), noted=(), incidents=(), told=())


def text_of(**changes: Any) -> str:
    return "\n".join(part.text for part in method_parts(material(**changes)))


def settings(section: str, **values: Any) -> dict[str, Any]:
    found = summary_of({"C07": "client"})["settings"]
    return found | {section: found[section] | values}


@pytest.mark.parametrize(
    ("section", "values", "said"),
    [
        ("windows", {"lateness_s": 7.0}, "closed 7 s after their end"),
        ("synchrony", {"segment_s": 40.0}, "segments of 40 s"),
        ("synchrony", {"lag_s": 3.0}, "lags of up to ±3 s"),
        ("synchrony", {"n_surrogates": 499}, "compared with 499 permutations"),
        ("synchrony", {"seed": 12}, "seed 12)"),
        (
            "synchrony",
            {"methods": ["coherence"]},
            "Also computed over the whole session: Cross-wavelet coherence.",
        ),
    ],
)
def test_another_setting_is_another_text(section: str, values: dict[str, Any], said: str) -> None:
    assert said not in text_of()
    assert said in text_of(settings=settings(section, **values))


def test_defaults_are_said_as_they_are() -> None:
    text = text_of()
    for said in (
        "closed 3 s after their end",
        "segments of 30 s at lags of up to ±5 s",
        "compared with 999 permutations",
        "Heart rate was averaged over 15 s; ln RMSSD was computed over 30 s",
        "p ≥ 0.8 for 20 s and left at p < 0.5 for 10 s",
        "prior 2.5 ± 0.5 and -2.5 ± 0.75 reference SD".replace("-", "−"),
        "C07: 4.8 valid min; T02: 4.8 valid min",
        "C07: 0 marks above, 4 below",
        "pooled with those of earlier calibrations",
        "attune 0.1.0 (python 3.11.0, numpy 2.4.0)",
        "ECG (measured 130.2 Hz) of 2 persons was recorded",
    ):
        assert said in text, said


def test_what_was_not_done_is_not_said() -> None:
    plain = text_of(calibration={}, zones={}, synchrony={})
    assert "arousal index" not in plain
    assert "Synchrony" not in plain
    assert "EDA" not in plain
    assert "R peaks" in plain
    streams = [{"modality": "hr", "measured_rate_hz": None}]
    beats = text_of(calibration={}, zones={}, synchrony={}, streams=streams)
    assert "R peaks" not in beats
    assert "they allow no measure of variability" in beats


def test_a_file_of_another_program_is_said_to_be_one() -> None:
    assert "ticks of the program" not in text_of()
    assert "made from the data, one per second" in text_of(ticks="made from the data")


def test_unknown_settings_are_said_to_be_unknown() -> None:
    text = text_of(settings={})
    assert "closed (not known) s after their end" in text
    assert "segments of (not known) s" in text


def test_tables_of_another_version_are_a_warning() -> None:
    def said(**changes: Any) -> str:
        return " ".join(getattr(block, "text", "") for block in method_blocks(material(**changes)))

    assert "The tables were made by" not in said()
    assert "The tables were made by attune 0.0.9, this page by attune 0.1.0" in said(
        versions={"attune-monitor": "0.0.9"}
    )


def test_every_source_is_one_of_the_documentation() -> None:
    docs = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    for reference in REFERENCES.values():
        assert reference.rpartition("doi:")[2] in docs
    assert set(OF_METHOD) == set(METHODS)
    assert reference_lines(["zhao", "amico", "zhao"]) == (REFERENCES["amico"], REFERENCES["zhao"])


def test_sources_are_those_of_what_was_said() -> None:
    keys = [key for part in method_parts(material()) for key in part.keys]
    assert "tschacher" in keys
    assert "grinsted" not in keys
    more = material(settings=settings("synchrony", methods=["coherence"]))
    assert "grinsted" in [key for part in method_parts(more) for key in part.keys]


def test_repeated_values_are_those_of_the_computation() -> None:
    assert parameters.FIDUCIAL_HZ == ecg_design.FIDUCIAL_HZ
    assert (parameters.MIN_BSQI, parameters.MIN_TEMPLATE_R) == (
        ecg_quality.MIN_BSQI,
        ecg_quality.MIN_TEMPLATE_R,
    )
    assert parameters.WINDOW_BEATS == rr.WINDOW_BEATS
    assert parameters.EDA_LOWPASS_HZ == eda.LOWPASS_HZ
    assert (parameters.THRESHOLD_US, parameters.THRESHOLD_NOISES) == (
        eda_scr.THRESHOLD_US,
        eda_scr.THRESHOLD_NOISES,
    )
    assert parameters.FLOOR_S == excursions.FLOOR_S
    assert parameters.GRID_HZ == signals.GRID_HZ
    assert parameters.SLOPE_S == 2 * prepare.SLOPE_HALF_S
    assert parameters.TREND_S == 2 * prepare.TREND_HALF_S
    assert signals.BY_NAME["ln_rmssd"].segment_factor == parameters.LN_RMSSD_FACTOR
    assert coupling.CHANCE == parameters.CHANCE
    assert dict(parameters.METHOD_TITLES) == {name: method.title for name, method in METHODS.items()}
