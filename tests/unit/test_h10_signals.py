"""Bodies under an emulated strap: samples by number and beats by time, however they are asked for."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.emulator.emulated_h10 import TRUE_RATE_HZ
from devices.emulator.h10_faults import H10Faults, OffBody, within
from devices.emulator.h10_signals import (
    COUNTER_MODULUS,
    RR_TICKS_HZ,
    CounterSignal,
    H10Signal,
    ScriptedSignal,
)
from devices.emulator.script import FaultKind, PersonScript, write_script
from devices.emulator.waveforms import Waveforms, simulate_waveforms
from devices.emulator.worn import Worn

SEED = 7


@pytest.fixture(scope="module")
def waveforms() -> Waveforms:
    return simulate_waveforms()


@pytest.fixture(scope="module")
def person() -> PersonScript:
    return write_script(4.0, SEED).client


@pytest.fixture(scope="module")
def scripted(person: PersonScript, waveforms: Waveforms) -> ScriptedSignal:
    return ScriptedSignal(person, 240.0, SEED, waveforms)


def pieces(signal: H10Signal, first: int, sizes: list[int], rate_hz: float) -> np.ndarray:
    """The ECG, asked for in pieces."""
    parts = []
    for size in sizes:
        parts.append(signal.ecg(first, size, rate_hz))
        first += size
    return np.concatenate(parts)


@given(sizes=st.lists(st.integers(1, 3000), min_size=1, max_size=6), first=st.integers(0, 20_000))
@settings(max_examples=25)
def test_samples_do_not_depend_on_how_they_are_asked_for(
    scripted: ScriptedSignal, sizes: list[int], first: int
) -> None:
    whole = scripted.ecg(first, sum(sizes), TRUE_RATE_HZ)
    assert np.array_equal(pieces(scripted, first, sizes, TRUE_RATE_HZ), whole)
    counter = CounterSignal()
    assert np.array_equal(pieces(counter, first, sizes, 130.0), counter.ecg(first, sum(sizes), 130.0))


@given(cuts=st.lists(st.floats(0.0, 300.0), max_size=8))
@settings(max_examples=25)
def test_every_beat_comes_once_wherever_the_time_is_cut(scripted: ScriptedSignal, cuts: list[float]) -> None:
    for signal in (scripted, CounterSignal()):
        edges = [0.0, *sorted(cuts), 300.0]
        beats = [beat for low, high in itertools.pairwise(edges) for beat in signal.beats(low, high)]
        assert beats == list(signal.beats(0.0, 300.0))


def test_a_counter_begins_anew_before_its_samples_overflow() -> None:
    values = CounterSignal().ecg(COUNTER_MODULUS - 2, 4, 130.0)
    assert values.tolist() == [COUNTER_MODULUS - 2, COUNTER_MODULUS - 1, 0, 1]
    acc = CounterSignal().acc(40_000, 2, 50.0)
    assert (acc[:, 0] + (acc[:, 1] << 15)).tolist() == [40_000, 40_001]


def test_counted_beats_are_as_far_apart_as_their_interval_says() -> None:
    signal = CounterSignal(clock_drift=0.0)
    beats = signal.beats(3000.0, 4000.0)
    assert len(beats) > 1000
    steps = np.diff([beat.t_s for beat in beats]) * RR_TICKS_HZ
    assert np.allclose(steps, [beat.rr_1024 for beat in beats[1:]])
    assert beats[0].t_s > 3000.0


def test_a_scripted_heart_is_seen_in_the_ecg_where_its_beats_are(
    scripted: ScriptedSignal, person: PersonScript
) -> None:
    ecg = scripted.ecg(0, round(60.0 * TRUE_RATE_HZ), TRUE_RATE_HZ)
    beats = list(scripted.beats(1.0, 59.0))
    for beat in beats:
        middle = round(beat.t_s * TRUE_RATE_HZ)
        assert ecg[middle - 2 : middle + 3].max() > 600
    true_s = person.heart.r_peaks_s
    for earlier, later in itertools.pairwise(beats):
        assert later.rr_1024 == pytest.approx((later.t_s - earlier.t_s) * RR_TICKS_HZ, abs=1.0)
    assert {beat.t_s for beat in beats} <= set(true_s.tolist())


def test_after_the_script_there_is_neither_ecg_nor_beat(scripted: ScriptedSignal) -> None:
    first = round(239.0 * TRUE_RATE_HZ)
    ecg = scripted.ecg(first, 500, TRUE_RATE_HZ)
    assert np.ptp(ecg[:100]) > 0
    assert not ecg[200:].any()
    assert not scripted.beats(240.0, 400.0)


def test_the_faults_of_the_script_become_faults_of_the_strap(
    scripted: ScriptedSignal, person: PersonScript
) -> None:
    faults = scripted.faults(H10Faults(mtu=185))
    assert faults.mtu == 185
    assert faults.contact_lost == person.spans(FaultKind.CONTACT_LOSS)
    assert faults.lost_at_s == tuple(start_s for start_s, _ in person.spans(FaultKind.LOST_FRAME))
    off_s = faults.contact_lost[0]
    assert not scripted.beats(*off_s)


def test_without_contact_the_electrodes_show_nothing_of_the_heart() -> None:
    faults = H10Faults(contact_lost=((1.0, 2.0),), off_body=OffBody.FLAT)
    values = Worn(CounterSignal(), faults).ecg(100, 300, 100.0)
    assert values[:100].tolist() == [0] * 100
    assert values[100:].tolist() == list(range(200, 400))
    noisy = Worn(CounterSignal(), H10Faults(contact_lost=((1.0, 2.0),))).ecg(100, 100, 100.0)
    assert noisy.min() < -1000
    assert noisy.max() > 1000
    kept = Worn(CounterSignal(), H10Faults(contact_lost=((1.0, 2.0),), off_body=OffBody.KEPT))
    assert kept.ecg(100, 3, 100.0).tolist() == [100, 101, 102]


@pytest.mark.parametrize(
    "wrong", [{"rate_hz": 0.0}, {"mtu": 22}, {"lost_share": -0.1}, {"lost_share": 0.6, "swapped_share": 0.6}]
)
def test_faults_no_device_could_have_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"outside|at least"):
        H10Faults(**wrong)


def test_spans_are_half_open() -> None:
    assert within(((1.0, 2.0),), 1.0)
    assert not within(((1.0, 2.0),), 2.0)


def test_a_missing_bumble_is_said_with_the_line_that_installs_it() -> None:
    code = (
        "import sys; sys.modules['bumble'] = None\n"
        "from devices.errors import DeviceError\n"
        "try:\n    import devices.emulator.virtual_h10\n"
        "except DeviceError as error:\n    print(error.reason, error)\n"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("missing_library ")
    assert "pip install 'attune-monitor[emulator]'" in done.stdout
