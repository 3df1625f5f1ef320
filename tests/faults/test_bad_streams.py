"""No stream, contested roles, 64 channels: a message that names the stream, and nobody's numbers mixed."""

import numpy as np
import pytest

from monitor.core.pipeline import Pipeline
from monitor.core.results import Notice
from monitor.xdf.reader import read_events

HEART = ("hr_bpm", "ln_rmssd", "ln_rmssd_60s", "rmssd_ms", "sdnn_ms", "ln_hf_60s", "breathing_per_min")


def shifted(x, n):
    return np.roll(x, n)


def test_a_file_without_a_usable_stream_says_so(analyze, people) -> None:
    notes = people["ecg_b"].but(name="Notes", type="Accel", rate_hz=0.0, unit="")
    run = analyze([notes])
    assert run.code == 0
    assert "None of its streams is analysed ('Notes')" in run.text
    assert "--assign CODE=TEXT" in run.text
    assert run.table("markers") == []


def test_roles_that_fit_no_stream_are_told_with_the_streams_there_are(analyze, people) -> None:
    run = analyze(people.values(), "--assign", "A=elsewhere")
    assert run.code == 0
    assert "None of its streams is analysed" in run.text
    assert "'ECG of B'" in run.text
    assert run.table("markers") == []


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("headless_replay", [False, True])
def test_two_streams_that_claim_one_role_are_both_named(
    attune, record, people, tmp_path, own, headless_replay
) -> None:
    second = people["ecg_a"].but(name="ECG two of A")
    # As recorded roles they cannot both be stored: the user's --assign brings them together.
    path = record([*people.values(), second.but(name="ECG two of X")], own=own)
    roles = ("--assign", "A=ECG of A", "--assign", "A=two", "--assign", "B=of B")
    command = ("replay", path, "--headless", "--speed", "0") if headless_replay else ("analyze", path)
    out = () if headless_replay else ("--out", tmp_path / "out")
    run = attune(*command, *out, *roles)
    assert run.code == 1
    assert "'ECG of A'" in run.text
    assert "'ECG two of X'" in run.text
    assert "--assign A=" in run.text
    assert not list(tmp_path.glob("out/*.parquet"))


def test_a_stream_given_to_two_people_is_refused(analyze, people) -> None:
    run = analyze(people.values(), "--assign", "A=ECG", "--assign", "B=of B")
    assert run.code == 1
    assert "ECG of B fits A and B" in run.text


@pytest.mark.parametrize("own", [False, True])
def test_two_streams_of_one_identity_at_once_are_never_mixed(analyze, people, clean, own) -> None:
    double = people["ecg_a"].but(x=shifted(people["ecg_a"].x, 40))
    run = analyze([*people.values(), double], own=own)
    assert run.code == 0
    assert "already comes from stream 3 ('ECG of A')" in run.said("ECG of A")
    # The first goes on as if the second were not there.
    expected = clean if not own else analyze(people.values(), own=True)
    assert run.person("A") == expected.person("A")
    assert run.person("B") == expected.person("B")


def test_a_stream_that_follows_a_silent_one_of_its_identity_takes_over(analyze, people) -> None:
    ecg = people["ecg_a"]
    first, second = ecg.t < 5030.0, ecg.t > 5050.0
    parts = [ecg.but(t=ecg.t[part], x=ecg.x[part]) for part in (first, second)]
    run = analyze([people["ecg_b"], people["eda_b"], people["eda_a"], *parts])
    assert run.code == 0
    ends = {row["t_centre_s"] + row["window_s"] / 2 for row in run.values("A", "hr_bpm")}
    assert min(ends) < 30.0
    assert max(ends) > 80.0
    assert not {end for end in ends if 46.0 < end < 52.0}


@pytest.mark.parametrize("pause_s", [0.0, 20.0])
def test_who_has_a_role_does_not_depend_on_when_samples_are_processed(record, people, pause_s) -> None:
    ecg = people["ecg_a"]
    first = ecg.t < 5030.0 if pause_s else ecg.t > 0.0
    second = ecg.t > 5030.0 + pause_s
    parts = [ecg.but(t=ecg.t[part], x=ecg.x[part]) for part in (first, second)]
    path = record([people["eda_b"], *parts], own=True)
    results = []
    for eager in (False, True):
        pipeline = Pipeline(eager=eager)
        with path.open("rb") as file:
            rows = [row for event in read_events(file) for row in pipeline.push(event)]
        rows = [row for row in [*rows, *pipeline.finish()] if not isinstance(row, Notice)]
        results.append(sorted(repr(row) for row in rows))
    assert len(results[0]) > 1000
    assert results[0] == results[1]


@pytest.mark.parametrize("labels", ["none", "one", "all", "eeg"])
def test_of_a_stream_of_64_channels_only_a_bound_channel_is_analysed(analyze, people, clean, labels) -> None:
    rng = np.random.default_rng(5)
    ecg = people["ecg_a"]
    x = rng.standard_normal((ecg.t.size, 64)) * 50.0
    x[:, 0] = ecg.x
    names = {
        "none": (),
        "one": ("ECG", *(f"EMG{k}" for k in range(63))),
        "all": tuple(f"ECG{k}" for k in range(64)),
        "eeg": tuple(f"Fp{k}" for k in range(64)),
    }[labels]
    wide = ecg.but(x=x, labels=names)
    if labels == "eeg":
        wide = wide.but(type="EEG", name="EEG of A")
    run = analyze([people["ecg_b"], people["eda_b"], wide, people["eda_a"]])
    assert run.code == 0
    assert run.person("B") == clean.person("B")
    if labels in {"one", "all"}:
        assert run.person("A") == clean.person("A")
        reason = run.summary["roles"]["ECG of A"][0]
        assert "channel" in reason
        assert ("the first of 64 such channels" in reason) == (labels == "all")
        return
    assert run.values("A", *HEART) == []
    if labels == "none":
        assert "64 channels without labels; name the channel in room.toml" in run.said("ECG of A")
        assert "64 channels without labels" in run.text


def test_a_room_file_settles_which_of_64_channels_is_meant(analyze, people, clean, tmp_path) -> None:
    ecg = people["ecg_a"]
    x = np.zeros((ecg.t.size, 64))
    x[:, 7] = ecg.x
    room = tmp_path / "room.toml"
    room.write_text(
        '[[participant]]\ncode = "A"\n[[participant]]\ncode = "B"\n'
        '[[stream]]\nparticipant = "A"\nmatch = "ECG of A"\nmodality = "ecg"\nchannel = 7\nunit = "uV"\n'
        '[[stream]]\nparticipant = "A"\nmatch = "EDA of A"\n[[stream]]\nparticipant = "B"\nmatch = "of B"\n',
        encoding="utf-8",
    )
    wide = ecg.but(x=x)
    run = analyze([people["ecg_b"], people["eda_b"], wide, people["eda_a"]], "--room", room)
    assert run.code == 0
    assert run.person("A") == clean.person("A")
