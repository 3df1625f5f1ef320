import hashlib
import subprocess
import sys
from itertools import pairwise

import neurokit2
import numpy as np
import pytest

from devices.emulator import dress, render
from devices.emulator.emulated_h10 import EmulatedH10
from devices.emulator.emulated_shimmer import GsrConverter
from devices.emulator.frames import generator, stamped
from devices.emulator.script import write_script
from devices.emulator.waveforms import Waveforms, simulate_waveforms

Session = dict[str, tuple[np.ndarray, np.ndarray]]
MINUTES = 10.0


@pytest.fixture(scope="module")
def waveforms() -> Waveforms:
    return simulate_waveforms()


@pytest.fixture(scope="module")
def faulty(waveforms: Waveforms) -> Session:
    return render(MINUTES, 5, waveforms=waveforms)


@pytest.fixture(scope="module")
def clean(waveforms: Waveforms) -> Session:
    return render(MINUTES, 5, False, waveforms=waveforms)


def test_the_shapes_peak_at_one_and_end_at_zero(waveforms: Waveforms) -> None:
    assert waveforms.beat_s[np.argmax(waveforms.beat)] == 0.0
    assert waveforms.beat.max() == waveforms.scr.max() == 1.0
    assert np.abs(waveforms.beat[[0, -1]]).max() < 1e-9
    assert waveforms.scr[0] == waveforms.scr[-1] == 0.0
    assert waveforms.scr.min() >= 0.0
    peak = int(np.argmax(waveforms.scr))
    assert waveforms.scr_s[peak] == pytest.approx(1.3)
    half_recovery_s = waveforms.scr_s[peak + int(np.argmax(waveforms.scr[peak:] < 0.5))] - 1.3
    assert 1.5 < half_recovery_s < 4.0


def test_six_streams_are_named_after_the_two_people(faulty: Session) -> None:
    assert list(faulty) == [
        f"{device} {code}{suffix}"
        for code in ("C07", "T02")
        for device, suffix in (("Polar H10", ""), ("Polar H10", " RR"), ("Shimmer GSR+", ""))
    ]


@pytest.mark.parametrize(("name", "rate_hz"), [("Polar H10 T02", 130.16), ("Shimmer GSR+ T02", 51.2256)])
def test_the_true_rate_differs_a_little_from_the_declared_one(
    faulty: Session, name: str, rate_hz: float
) -> None:
    stamps_s, _ = faulty[name]
    measured_hz = (len(stamps_s) - 1) / (stamps_s[-1] - stamps_s[0])
    assert measured_hz == pytest.approx(rate_hz, rel=2e-5)


def test_one_frame_of_73_samples_is_missing(faulty: Session, clean: Session) -> None:
    stamps_s, values = faulty["Polar H10 C07"]
    steps_s = np.diff(stamps_s)
    assert (steps_s > 0.05).sum() == 1
    assert steps_s.max() == pytest.approx(74 / 130.16, abs=2e-3)
    assert len(values) == len(clean["Polar H10 C07"][1]) - 73


def test_only_one_frame_is_lost_in_the_whole_session(faulty: Session) -> None:
    for name in ("Polar H10 T02", "Shimmer GSR+ C07", "Shimmer GSR+ T02"):
        assert np.diff(faulty[name][0]).max() < 0.05


def test_stamps_jitter_by_a_tenth_of_a_millisecond_and_ascend(faulty: Session) -> None:
    stamps_s, _ = faulty["Polar H10 T02"]
    error_s = stamps_s - np.arange(len(stamps_s)) / 130.16
    assert np.diff(stamps_s).min() > 0.0
    assert np.abs(error_s).max() < 1.31e-3
    assert np.std(np.diff(error_s)) == pytest.approx(np.sqrt(2) * 1e-4, rel=0.1)


def test_without_faults_stamps_are_exact(clean: Session) -> None:
    stamps_s, _ = clean["Polar H10 C07"]
    assert np.array_equal(stamps_s, np.arange(len(stamps_s)) / 130.16)
    untouched = np.array([1.0, 2.0])
    assert stamped(untouched, generator(0, "x"), 0.0, faulty=False) is untouched


def test_neurokit_finds_the_true_r_peaks(clean: Session) -> None:
    script = write_script(MINUTES, 5, faults=False)
    for person in script.people:
        stamps_s, microvolts = clean[f"Polar H10 {person.code}"]
        found = neurokit2.ecg_peaks(
            neurokit2.ecg_clean(microvolts.astype(np.float64), sampling_rate=130), sampling_rate=130
        )[1]["ECG_R_Peaks"]
        found_s = stamps_s[np.asarray(found)]
        true_s = person.heart.r_peaks_s
        true_s = true_s[(true_s > 1.0) & (true_s < stamps_s[-1] - 1.0)]
        away_s = np.abs(found_s[None, :] - true_s[:, None]).min(axis=1)
        assert (away_s < 0.03).mean() >= 0.99
        assert len(found_s) - len(true_s) <= 4


def test_the_voltage_peaks_at_the_true_time_of_the_beat(clean: Session) -> None:
    script = write_script(MINUTES, 5, faults=False)
    stamps_s, microvolts = clean["Polar H10 C07"]
    index = np.searchsorted(stamps_s, script.client.heart.r_peaks_s[20:300])
    highest = np.array([np.argmax(microvolts[i - 6 : i + 6]) + i - 6 for i in index])
    assert np.abs(stamps_s[highest] - script.client.heart.r_peaks_s[20:300]).max() < 1.5 / 130.16


def test_ecg_values_are_whole_microvolts_of_a_14_bit_converter(faulty: Session) -> None:
    _, microvolts = faulty["Polar H10 C07"]
    assert microvolts.dtype == np.float32
    assert np.array_equal(microvolts, np.rint(microvolts))
    assert np.abs(microvolts).max() < 2**13 * 2.5


def test_without_contact_the_ecg_is_flat_and_then_noise(faulty: Session) -> None:
    stamps_s, microvolts = faulty["Polar H10 C07"]
    start_s = 0.29 * 60.0 * MINUTES
    assert np.all(microvolts[(stamps_s > start_s + 0.1) & (stamps_s < start_s + 5.9)] == 0.0)
    assert np.std(microvolts[(stamps_s > start_s + 6.1) & (stamps_s < start_s + 11.9)]) > 500.0


def test_rr_intervals_are_the_true_ones_in_steps_of_the_devices_clock(clean: Session) -> None:
    script = write_script(MINUTES, 5, faults=False)
    _, rr_ms = clean["Polar H10 C07 RR"]
    ticks = rr_ms * 1.024
    assert rr_ms.dtype == np.float64
    assert np.abs(ticks - np.rint(ticks)).max() < 1e-9
    true_s = script.client.heart.r_peaks_s
    true_ms = 1000.0 * np.diff(true_s)[true_s[:-1] >= 0.0][: len(rr_ms)]
    assert np.abs(rr_ms - true_ms).max() <= 1000.0 / 1024.0


def test_rr_intervals_arrive_late_and_up_to_four_at_a_time(clean: Session) -> None:
    script = write_script(MINUTES, 5, faults=False)
    for person in script.people:
        stamps_s, _ = clean[f"Polar H10 {person.code} RR"]
        true_s = person.heart.r_peaks_s
        late_s = stamps_s - true_s[1:][true_s[:-1] >= 0.0][: len(stamps_s)]
        assert late_s.min() >= 0.3
        assert late_s.max() <= 1.5
        at_s, counts = np.unique(stamps_s, return_counts=True)
        assert counts.max() <= 4
        assert np.diff(at_s).min() >= 0.8


def test_no_interval_bridges_the_loss_of_contact(faulty: Session) -> None:
    stamps_s, rr_ms = faulty["Polar H10 C07 RR"]
    start_s = 0.29 * 60.0 * MINUTES
    assert not ((stamps_s > start_s + 1.5) & (stamps_s < start_s + 12.3)).any()
    assert rr_ms.max() < 2000.0


def test_skin_conductance_passes_the_range_switch_with_little_error() -> None:
    true = np.concatenate((np.linspace(20.0, 0.4, 4000), np.linspace(0.4, 20.0, 4000)))
    reported = GsrConverter(51.2).convert(true)
    # During 80 ms after a switch the last value is repeated, on top of the resolution of 0.036.
    assert np.abs(reported - true).max() < 0.05
    assert len(np.unique(reported)) > 1000


def test_an_open_circuit_reads_as_almost_nothing() -> None:
    converter = GsrConverter(51.2)
    converter.convert(np.full(100, 3.0))
    reported = converter.convert(np.zeros(100))
    assert reported[0] < 3.0
    assert np.all(reported[20:] < 0.001)
    assert abs(converter.convert(np.full(100, 3.0))[-1] - 3.0) < 0.005


def test_the_converter_carries_its_range_over_the_cut() -> None:
    true = 4.3 + 2.0 * np.sin(np.arange(3000) / 90.0)
    whole = GsrConverter(51.2).convert(true)
    converter = GsrConverter(51.2)
    parts = [converter.convert(part) for part in np.split(true, [1, 1, *range(8, 3000, 7)])]
    assert np.array_equal(np.concatenate(parts), whole)


def test_the_movement_is_sharp_and_the_electrode_falls_off_once(faulty: Session, clean: Session) -> None:
    stamps_s, moved = faulty["Shimmer GSR+ C07"]
    apart = np.abs(moved - clean["Shimmer GSR+ C07"][1]) > 0.1
    start_s = 0.56 * 60.0 * MINUTES
    assert stamps_s[apart][0] >= start_s - 0.05
    assert stamps_s[apart][-1] <= start_s + 4.2
    assert np.abs(np.diff(moved)).max() > 1.0
    stamps_s, off = faulty["Shimmer GSR+ T02"]
    assert np.ptp(stamps_s[off < 0.05]) == pytest.approx(9.0, abs=0.5)


def test_truth_responses_are_visible_in_the_conductance(clean: Session) -> None:
    script = write_script(MINUTES, 5, faults=False)
    stamps_s, microsiemens = clean["Shimmer GSR+ C07"]
    skin = script.client.skin
    alone = np.diff(skin.scr_onsets_s, append=np.inf) > 5.0
    alone &= skin.scr_amplitudes_microsiemens > 0.2
    rise = np.interp(skin.scr_onsets_s + 1.3, stamps_s, microsiemens)
    rise -= np.interp(skin.scr_onsets_s, stamps_s, microsiemens)
    assert alone.sum() > 5
    assert np.corrcoef(rise[alone], skin.scr_amplitudes_microsiemens[alone])[0, 1] > 0.9


def test_the_same_seed_gives_the_same_bits(faulty: Session, waveforms: Waveforms) -> None:
    again = render(MINUTES, 5, waveforms=waveforms)
    for name, (stamps_s, values) in faulty.items():
        assert again[name][0].tobytes() == stamps_s.tobytes()
        assert again[name][1].tobytes() == values.tobytes()


def test_another_process_gives_the_same_bits(waveforms: Waveforms) -> None:
    program = (
        "import hashlib;from devices.emulator import render;"
        "print(hashlib.sha256(b''.join(a.tobytes() for s in render(0.5, 9).values() for a in s)).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    here = hashlib.sha256(
        b"".join(
            array.tobytes() for stream in render(0.5, 9, waveforms=waveforms).values() for array in stream
        )
    ).hexdigest()
    assert done.stdout.strip() == here


def test_the_device_clock_drifts_by_40_ppm(waveforms: Waveforms) -> None:
    script = write_script(MINUTES, 5)
    frames = [
        frame
        for frame in EmulatedH10(script.therapist, script.duration_s, 5, waveforms).next(np.inf)
        if frame.source_id.endswith("ecg")
    ]
    device_s = 1e-9 * (frames[-1].device_time - frames[0].device_time)
    passed_s = frames[-1].stamps_s[-1] - frames[0].stamps_s[-1]
    assert device_s / passed_s - 1.0 == pytest.approx(40e-6, abs=6e-6)
    assert all(len(frame.values) == 73 for frame in frames)


def test_no_frame_arrives_before_its_last_sample_was_taken(waveforms: Waveforms) -> None:
    for wearable in dress(write_script(1.0, 2), waveforms):
        frames = wearable.next(np.inf)
        assert all(frame.due_s >= frame.stamps_s[-1] for frame in frames)
        assert all(a.due_s <= b.due_s for a, b in pairwise(frames))
