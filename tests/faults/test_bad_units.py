"""A wrong unit gives no number, and a warning that names the stream and the next step."""

import numpy as np
import pytest

HEART = ("hr_bpm", "ln_rmssd", "ln_rmssd_60s", "rmssd_ms", "sdnn_ms", "ln_hf_60s", "breathing_per_min")
SKIN = ("scl_us", "scr_per_min", "scr_sum_us", "eda_phasic")


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(
    ("factor", "unit", "words"),
    [
        (1e-3, "microvolts", "looks like millivolts"),
        (1e-3, "", "looks like millivolts"),
        (1e-6, "microvolts", "looks like millivolts"),
        (1.0, "millivolts", "too much for an ECG"),
        (1e3, "microvolts", "too much for an ECG"),
    ],
)
def test_an_ecg_in_another_unit_than_declared_gives_no_number(
    analyze, people, clean, factor, unit, words, own
) -> None:
    people["ecg_a"] = people["ecg_a"].but(x=people["ecg_a"].x * factor, unit=unit)
    run = analyze(people.values(), own=own)
    assert run.values("A", *HEART) == []
    assert {row["reason"] for row in run.markers("A", "hr_bpm")} == {"no_data"}
    assert words in run.said("ECG of A")
    assert words in run.text
    assert "declare mV" in run.text or "correct the unit at the sender" in run.text
    if not own:
        assert run.person("B") == clean.person("B")


def test_declared_millivolts_are_converted_to_the_same_numbers(analyze, people, clean) -> None:
    people["ecg_a"] = people["ecg_a"].but(
        x=people["ecg_a"].x / 1000.0, unit="millivolts", channel_format="double64"
    )
    run = analyze(people.values())
    values = [[row["value"] for row in one.values("A", "hr_bpm")] for one in (run, clean)]
    np.testing.assert_allclose(*values, rtol=1e-5)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("unit", ["microsiemens", "", "kOhm"])
@pytest.mark.parametrize(("scale", "what"), [(1e3, "kilo-ohm"), (1e6, "ohm")])
def test_a_resistance_gives_no_skin_conductance(analyze, people, clean, scale, what, unit, own) -> None:
    people["eda_a"] = people["eda_a"].but(x=scale / people["eda_a"].x, unit=unit)
    run = analyze(people.values(), own=own)
    assert run.values("A", *SKIN) == []
    assert [row for row in run.table("scr") if row["participant"] == "A"] == []
    if not own:
        assert run.person("B") == clean.person("B")
    if unit == "kOhm":
        # Never bound: in our own recordings the live run wrote down why.
        words = "let the sender publish conductance in uS"
        assert own or words in run.said("EDA of A")
        assert own or words in run.text
        return
    assert f"looks like {what} or nanosiemens, not uS" in run.said("EDA of A")
    assert "Correct the unit at the sender" in run.text


@pytest.mark.parametrize("factor", [1e3, 1e-6])
def test_nanosiemens_and_siemens_declared_as_microsiemens_give_no_number(analyze, people, factor) -> None:
    people["eda_a"] = people["eda_a"].but(x=people["eda_a"].x * factor)
    run = analyze(people.values())
    assert run.values("A", *SKIN) == []
    assert "siemens, not uS" in run.said("EDA of A")
    assert "Correct the unit at the sender" in run.text


def test_intervals_in_seconds_declared_as_milliseconds_give_no_number(analyze, people, clean) -> None:
    rng = np.random.default_rng(9)
    rr = 850.0 + 40.0 * rng.standard_normal(100)
    t = 5000.01 + np.cumsum(rr) / 1000.0
    strap = people["ecg_a"].but(name="RR of A", type="RR", rate_hz=0.0, t=t, x=rr / 1000.0, unit="ms")
    run = analyze([people["ecg_b"], people["eda_b"], strap, people["eda_a"]])
    assert run.values("A", *HEART) == []
    assert "looks like seconds, not ms" in run.said("RR of A")
    assert run.person("B") == clean.person("B")
