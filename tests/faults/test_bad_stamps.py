"""Disordered, double, wild stamps, a ten-minute gap, a wrong rate: counted, told, no number across them."""

import numpy as np
import pytest

HEART = ("hr_bpm", "ln_rmssd", "ln_rmssd_60s", "rmssd_ms", "sdnn_ms", "ln_hf_60s", "breathing_per_min")
SKIN = ("scl_us", "scr_per_min", "scr_sum_us", "eda_phasic")
N_BAD = 100


def picked(stream):
    rng = np.random.default_rng(4)
    return np.sort(rng.choice(np.arange(10, stream.t.size - 10, 3), N_BAD, replace=False))


def out_of_order(stream):
    t, at = stream.t.copy(), picked(stream)
    t[at], t[at + 1] = stream.t[at + 1], stream.t[at]
    return stream.but(t=t)


def doubled(stream):
    at = np.sort(np.concatenate((np.arange(stream.t.size), picked(stream))))
    return stream.but(t=stream.t[at], x=stream.x[at])


def unknown(stream):
    t = stream.t.copy()
    t[picked(stream)] = np.nan
    return stream.but(t=t)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("key", ["ecg_a", "eda_a"])
@pytest.mark.parametrize("spoil", [out_of_order, doubled, unknown])
def test_bad_stamps_are_counted_and_cost_only_their_samples(analyze, people, clean, spoil, key, own) -> None:
    people[key] = spoil(people[key])
    run = analyze(people.values(), own=own)
    assert run.stream(people[key].name)["n_rejected"] == N_BAD
    assert f"{N_BAD} samples" in run.said(people[key].name)
    assert f"{N_BAD} samples" in run.text
    marker = "hr_bpm" if key == "ecg_a" else "scl_us"
    sound = {row["t_centre_s"]: row["value"] for row in clean.markers("A", marker)}
    rows = run.values("A", marker)
    assert len(rows) > 50
    pairs = [(row["value"], sound[row["t_centre_s"]]) for row in rows if row["t_centre_s"] in sound]
    assert all(value == pytest.approx(before, rel=0.02) for value, before in pairs if before)
    if not own:
        assert run.person("B") == clean.person("B")


@pytest.mark.parametrize("own", [False, True])
def test_wild_stamps_hold_nothing_up(analyze, people, clean, own) -> None:
    t = people["ecg_a"].t.copy()
    t[[1000, 3000, 5000]] = 1e12, -1e12, 0.0
    people["ecg_a"] = people["ecg_a"].but(t=t)
    run = analyze(people.values(), own=own)
    assert run.code == 0
    assert run.stream("ECG of A")["n_rejected"] == 3
    assert run.summary["duration_s"] < 110.0
    assert len(run.values("A", "hr_bpm")) > 60


@pytest.mark.parametrize("own", [False, True])
def test_stamps_that_go_back_ten_seconds_for_a_while_are_a_gap(analyze, people, own) -> None:
    t = people["ecg_a"].t.copy()
    t[(t > 5040.0) & (t < 5045.0)] -= 10.0
    people["ecg_a"] = people["ecg_a"].but(t=t)
    run = analyze(people.values(), own=own)
    gaps = [(gap["start_s"], gap["stop_s"]) for gap in run.stream("ECG of A")["gaps"]]
    assert gaps == [(pytest.approx(40.0, abs=0.02), pytest.approx(45.0, abs=0.02))]
    assert run.stream("ECG of A")["n_rejected"] == 650
    beats = [beat["t_s"] for beat in run.table("beats") if beat["participant"] == "A"]
    assert not [t_s for t_s in beats if 40.05 < t_s < 44.95]
    assert beats == sorted(beats)


def test_a_stream_of_one_stamp_has_no_number(analyze, people, clean) -> None:
    people["ecg_a"] = people["ecg_a"].but(t=np.full(people["ecg_a"].t.size, 5001.0))
    run = analyze(people.values())
    assert run.values("A", *HEART) == []
    assert "check the sensor, and what its sender sends" in run.said("ECG of A")
    assert run.person("B") == clean.person("B")


def test_a_stream_stamped_by_another_clock_is_left_out_by_name(analyze, people, clean) -> None:
    people["ecg_a"] = people["ecg_a"].but(t=people["ecg_a"].t + 1e6, offsets=())
    run = analyze(people.values())
    assert run.values("A", *HEART) == []
    assert "'ECG of A' is stamped by another clock" in run.text
    assert "record it again with its clock synchronised" in run.text
    assert run.person("B") == clean.person("B")


@pytest.mark.parametrize("ahead_s", [30.0, 3600.0])
def test_samples_stamped_in_the_future_enter_no_number(analyze, people, ahead_s) -> None:
    late = people["ecg_a"]
    people["ecg_a"] = late.but(t=late.t + ahead_s, arrival=late.t)
    run = analyze(people.values(), own=True)
    assert run.values("A", *HEART) == []
    assert "ahead of the session clock" in run.said("ECG of A")
    assert "Check the clock of the computer that sends this stream" in run.text
    assert run.stream("ECG of A")["n_rejected"] == late.t.size
    assert run.values("B", "hr_bpm")


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("everybody", [False, True])
def test_no_value_spans_a_ten_minute_gap(analyze, long_people, own, everybody) -> None:
    for key, stream in long_people.items():
        if everybody or key.endswith("a"):
            kept = (stream.t < 5060.0) | (stream.t > 5660.0)
            long_people[key] = stream.but(t=stream.t[kept], x=stream.x[kept])
    run = analyze(long_people.values(), own=own)
    assert run.code == 0
    for name in ("ECG of A", "EDA of A"):
        gaps = [(gap["start_s"], gap["stop_s"]) for gap in run.stream(name)["gaps"]]
        assert gaps == [(pytest.approx(60.0, abs=0.03), pytest.approx(660.0, abs=0.03))]
    for row in run.values("A"):
        start_s, end_s = row["t_centre_s"] - row["window_s"] / 2, row["t_centre_s"] + row["window_s"] / 2
        assert not (start_s < 59.5 and end_s > 660.5), row
        # Nor one made of less than half of its window.
        assert row["coverage"] >= 0.5 or row["marker"] in {"scr_per_min", "scr_sum_us", "eda_phasic"}, row
    ends = [row["t_centre_s"] + row["window_s"] / 2 for row in run.values("A", "hr_bpm", "scl_us")]
    assert not [end for end in ends if 75.0 < end < 662.0]
    assert [end for end in ends if end > 700.0]
    for beat in run.table("beats"):
        # The interval over the gap is no interval.
        assert beat["rr_ms"] is None or beat["rr_ms"] < 3000.0 or not beat["nn"]
    late = [beat for beat in run.table("beats") if beat["participant"] == "A" and beat["t_s"] > 660.0]
    assert late
    assert len(run.values("B", "hr_bpm")) > (150 if not everybody else 50)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize(("key", "declared_hz"), [("ecg_a", 250.0), ("ecg_a", 100.0), ("eda_a", 10.0)])
def test_a_wrong_nominal_rate_is_told_with_both_rates(analyze, people, key, declared_hz, own) -> None:
    real_hz = people[key].rate_hz
    people[key] = people[key].but(rate_hz=declared_hz)
    run = analyze(people.values(), own=own)
    said = f"declared {declared_hz:g} Hz, measured {real_hz:g} Hz"
    assert said in run.said(people[key].name)
    assert said in run.text
    assert "correct the rate at the sender" in run.text
    assert run.values("A", *(HEART if key == "ecg_a" else SKIN)) == []
    assert run.values("B", "hr_bpm")


@pytest.mark.parametrize("declared_hz", [0.0, -5.0, float("nan"), 1e9])
def test_a_nonsense_nominal_rate_gives_no_number_and_a_message(analyze, people, declared_hz) -> None:
    people["ecg_a"] = people["ecg_a"].but(rate_hz=declared_hz, arrival=people["ecg_a"].t)
    run = analyze(people.values())
    assert run.code == 0
    assert run.values("A", *HEART) == []
    assert "ECG of A" in run.text
    assert run.values("B", "hr_bpm")
