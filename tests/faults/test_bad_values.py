"""NaN, infinity, constant and saturated signals: a status in the output, never a number made of them."""

import numpy as np
import pytest

HEART = ("hr_bpm", "ln_rmssd", "ln_rmssd_60s", "rmssd_ms", "sdnn_ms", "ln_hf_60s", "breathing_per_min")
SKIN = ("scl_us", "scr_per_min", "scr_sum_us", "eda_phasic")
CONTACT = {
    "gap",
    "lead_off",
    "saturated",
    "flatline",
    "noise",
    "no_data",
    "too_few_beats",
    "motion",
    "warmup",
}
SIGNAL = {"ecg_a": ("hr_bpm", HEART, 5.0), "eda_a": ("scl_us", SKIN, 5.0)}


def put(value, start_s=0.0, stop_s=1e9):
    def change(t, x):
        x[(t >= start_s) & (t < stop_s)] = value

    return change


def ends(rows):
    return [row["t_centre_s"] + row["window_s"] / 2 for row in rows]


@pytest.mark.parametrize("key", ["ecg_a", "eda_a"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e38])
def test_unbelievable_values_are_left_out_counted_and_cost_only_themselves(
    analyze, people, clean, key, value
) -> None:
    people[key] = people[key].where(put(value, 40.0, 50.0))
    run = analyze(people.values())
    n_bad = int(np.count_nonzero((people[key].t >= 5040.0) & (people[key].t < 5050.0)))
    assert run.stream(people[key].name)["n_rejected"] == pytest.approx(n_bad, abs=1)
    assert "no believable number" in run.said(people[key].name)
    assert run.person("B") == clean.person("B")
    marker, _, _ = SIGNAL[key]
    by_end = {
        round(end): row
        for row, end in zip(run.markers("A", marker), ends(run.markers("A", marker)), strict=True)
    }
    assert by_end[49]["reason"] in CONTACT
    assert by_end[49]["status"] != "OK"
    # Nothing sticks: a window after the fault has a value again, close to the one of the clean run.
    sound = {
        round(row["t_centre_s"] + row["window_s"] / 2): row["value"] for row in clean.markers("A", marker)
    }
    later = [end for end in by_end if end > 85.0 and by_end[end]["value"] is not None]
    assert later
    assert all(by_end[end]["value"] == pytest.approx(sound[end], rel=0.05) for end in later if sound[end])


@pytest.mark.parametrize("key", ["ecg_a", "eda_a"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_stream_of_nothing_else_has_no_number_and_says_what_to_check(
    analyze, people, clean, key, value
) -> None:
    people[key] = people[key].where(put(value))
    run = analyze(people.values())
    marker, markers, _ = SIGNAL[key]
    assert run.values("A", *markers) == []
    assert {row["reason"] for row in run.markers("A", marker)} == {"no_data"}
    assert "check the sensor" in run.said(people[key].name)
    assert f"{people[key].name}: " in run.text
    assert run.person("B") == clean.person("B")


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(("key", "value"), [("ecg_a", 0.0), ("ecg_a", 312.0), ("eda_a", 5.0), ("eda_a", 0.0)])
def test_a_constant_signal_has_no_number_and_names_the_stream(analyze, people, key, value, own) -> None:
    people[key] = people[key].where(put(value))
    run = analyze(people.values(), own=own)
    _, markers, _ = SIGNAL[key]
    assert run.values("A", *markers) == []
    assert run.values("B", *markers)
    assert "check" in run.said(people[key].name)
    assert f"{people[key].name}: " in run.text


@pytest.mark.parametrize("value", [0.0, 17.0, 32767.0, -32768.0])
def test_an_ecg_that_goes_flat_or_to_the_rail_loses_its_rate_within_seconds(
    analyze, people, clean, value
) -> None:
    people["ecg_a"] = people["ecg_a"].where(put(value, 40.0))
    run = analyze(people.values())
    assert max(ends(run.values("A", "hr_bpm"))) < 40.0 + 12.0
    late = [row for row in run.markers("A", "hr_bpm") if row["t_centre_s"] + row["window_s"] / 2 > 60.0]
    assert {row["status"] for row in late} == {"NA"}
    assert {row["reason"] for row in late} <= {"flatline", "saturated", "gap", "no_data"}
    assert max(beat["t_s"] for beat in run.table("beats") if beat["participant"] == "A") < 41.0
    assert run.person("B") == clean.person("B")


def clipped(t, x):
    np.clip(1000.0 * x, -500.0, 500.0, out=x)


def railed(t, x):
    x[:] = np.where(t % 2.0 < 1.0, 20000.0, -20000.0)


@pytest.mark.parametrize("spoil", [clipped, railed])
def test_a_saturated_ecg_has_no_rate(analyze, people, clean, spoil) -> None:
    people["ecg_a"] = people["ecg_a"].where(spoil)
    run = analyze(people.values())
    assert run.values("A", *HEART) == []
    assert {row["reason"] for row in run.markers("A", "hr_bpm")} & {"saturated", "flatline", "noise"}
    assert run.person("B") == clean.person("B")


@pytest.mark.parametrize(("value", "reason"), [(5.0, "flatline"), (100.0, "saturated"), (0.0, "lead_off")])
def test_skin_conductance_that_sticks_loses_its_numbers(analyze, people, clean, value, reason) -> None:
    people["eda_a"] = people["eda_a"].where(put(value, 40.0))
    run = analyze(people.values())
    assert max(ends(run.values("A", "scl_us"))) < 40.0 + 12.0
    late = [row for row in run.markers("A", "scl_us") if row["t_centre_s"] + row["window_s"] / 2 > 75.0]
    assert {row["status"] for row in late} == {"NA"}
    assert reason in {row["reason"] for row in late}
    assert [row for row in run.table("scr") if row["participant"] == "A" and row["t_peak_s"] > 41.0] == []
    assert run.person("B") == clean.person("B")
