import numpy as np
import pytest

from devices.emulator.script import FaultKind, PhaseName, Script, write_script
from devices.emulator.script_skin import FOLLOW_S


@pytest.fixture(scope="module")
def script() -> Script:
    return write_script(50.0, 3)


def rmssd_ms(script: Script, name: PhaseName, *, client: bool) -> float:
    person = script.client if client else script.therapist
    phase = script.phase(name)
    peaks_s, ectopic = person.heart.r_peaks_s, person.heart.ectopic
    rr_ms = 1000.0 * np.diff(peaks_s)
    rr_ms[ectopic[1:] | ectopic[:-1]] = np.nan
    inside = (peaks_s[2:] > phase.start_s + 30.0) & (peaks_s[2:] < phase.stop_s)
    return float(np.sqrt(np.nanmean(np.diff(rr_ms)[inside] ** 2)))


def mean_bpm(script: Script, name: PhaseName) -> float:
    phase = script.phase(name)
    peaks_s = script.client.heart.r_peaks_s
    return (
        60.0
        * float(((peaks_s > phase.start_s) & (peaks_s < phase.stop_s)).sum())
        / (phase.stop_s - phase.start_s)
    )


def scr_per_min(script: Script, name: PhaseName) -> float:
    phase = script.phase(name)
    onsets_s = script.client.skin.scr_onsets_s
    inside = (onsets_s >= phase.start_s) & (onsets_s < phase.stop_s)
    return 60.0 * float(inside.sum()) / (phase.stop_s - phase.start_s)


def test_the_phases_fill_the_session_without_gaps(script: Script) -> None:
    assert [phase.name for phase in script.phases] == list(PhaseName)
    assert script.phases[0].start_s == 0.0
    assert script.phases[-1].stop_s == script.duration_s == 3000.0
    for before, after in zip(script.phases[:-1], script.phases[1:], strict=True):
        assert before.stop_s == after.start_s


@pytest.mark.parametrize("client", [True, False])
@pytest.mark.parametrize("name", list(PhaseName))
def test_variability_stays_in_the_range_of_healthy_adults(
    script: Script, name: PhaseName, client: bool
) -> None:
    assert 22.0 < rmssd_ms(script, name, client=client) < 60.0


def test_in_the_rupture_the_heart_speeds_up_and_its_variability_falls(script: Script) -> None:
    assert mean_bpm(script, PhaseName.RUPTURE) > mean_bpm(script, PhaseName.BASELINE) + 12.0
    fall = np.log(
        rmssd_ms(script, PhaseName.BASELINE, client=True) / rmssd_ms(script, PhaseName.RUPTURE, client=True)
    )
    assert fall > 0.4


def test_in_the_rupture_responses_of_the_skin_are_frequent(script: Script) -> None:
    assert scr_per_min(script, PhaseName.RUPTURE) > 1.8 * scr_per_min(script, PhaseName.BASELINE)


def test_breathing_stays_between_12_and_16_per_minute(script: Script) -> None:
    for person in script.people:
        per_min = 60.0 * np.diff(person.heart.breath_phase) / np.diff(person.heart.grid_s) / (2 * np.pi)
        assert per_min.min() > 11.9
        assert per_min.max() < 16.1


def test_ectopic_beats_are_rare_and_far_apart(script: Script) -> None:
    for person in script.people:
        at_s = person.heart.r_peaks_s[person.heart.ectopic]
        assert 1 <= len(at_s) <= 20
        assert np.diff(at_s).min(initial=np.inf) >= 15.0
        assert np.diff(person.heart.r_peaks_s).min() > 0.35


def test_response_amplitudes_lie_between_a_twentieth_and_three_microsiemens(script: Script) -> None:
    for person in script.people:
        amplitudes = person.skin.scr_amplitudes_microsiemens
        assert amplitudes.min() >= 0.05
        assert amplitudes.max() <= 3.0
        assert 0.18 < np.median(amplitudes) < 0.35
        assert np.diff(person.skin.scr_onsets_s).min() >= 1.8


def followed(script: Script, name: PhaseName) -> float:
    phase = script.phase(name)
    leading_s = script.client.skin.scr_onsets_s
    leading_s = leading_s[(leading_s >= phase.start_s) & (leading_s < phase.stop_s - 5.0)]
    lags_s = script.therapist.skin.scr_onsets_s[None, :] - leading_s[:, None]
    return float((np.abs(lags_s - FOLLOW_S) < 0.75).any(axis=1).mean())


def test_the_therapist_follows_in_about_60_percent_in_the_coupling_and_not_before(script: Script) -> None:
    assert 0.45 < followed(script, PhaseName.COUPLING) < 0.75
    assert followed(script, PhaseName.TALK) < 0.25


def test_slow_changes_of_the_skin_are_shared_two_seconds_later_in_the_coupling_only(script: Script) -> None:
    grid_s = script.client.skin.grid_s
    later = np.interp(grid_s - FOLLOW_S, grid_s, script.client.skin.slow_microsiemens)
    own = script.therapist.skin.slow_microsiemens
    coupled = (grid_s > script.phase(PhaseName.COUPLING).start_s + 20.0) & (grid_s < script.duration_s)
    assert np.allclose(own[coupled], later[coupled])
    before = (grid_s > 0.0) & (grid_s < script.phase(PhaseName.COUPLING).start_s)
    assert abs(np.corrcoef(own[before], later[before])[0, 1]) < 0.3


def test_each_fault_happens_once_and_none_in_the_baseline(script: Script) -> None:
    faults = script.client.faults + script.therapist.faults
    assert sorted(fault.kind for fault in faults) == sorted(FaultKind)
    assert min(fault.start_s for fault in faults) >= script.phase(PhaseName.BASELINE).stop_s
    assert script.client.spans(FaultKind.CONTACT_LOSS) == (pytest.approx((870.0, 882.0)),)


def test_without_faults_bodies_do_the_same(script: Script) -> None:
    clean = write_script(50.0, 3, faults=False)
    assert clean.client.faults == clean.therapist.faults == ()
    assert np.array_equal(clean.client.heart.r_peaks_s, script.client.heart.r_peaks_s)
    assert np.array_equal(clean.therapist.skin.scr_onsets_s, script.therapist.skin.scr_onsets_s)


def test_another_seed_is_another_session(script: Script) -> None:
    other = write_script(50.0, 4)
    assert len(other.client.skin.scr_onsets_s) != len(script.client.skin.scr_onsets_s) or not np.array_equal(
        other.client.skin.scr_onsets_s, script.client.skin.scr_onsets_s
    )


@pytest.mark.parametrize("minutes", [0.1, 0.5, 7.3])
def test_a_short_session_has_every_phase(minutes: float) -> None:
    short = write_script(minutes, 0)
    assert short.duration_s == pytest.approx(60.0 * minutes)
    assert all(phase.stop_s > phase.start_s for phase in short.phases)
    assert all(fault.stop_s <= short.duration_s for person in short.people for fault in person.faults)


def test_arguments_outside_their_range_are_refused() -> None:
    with pytest.raises(ValueError, match="greater than zero"):
        write_script(0.0, 1)
    with pytest.raises(ValueError, match="greater than zero"):
        write_script(float("nan"), 1)
    with pytest.raises(ValueError, match="negative"):
        write_script(1.0, -1)
    with pytest.raises(ValueError, match="letters, digits"):
        write_script(1.0, 1, client="Anna B.")
    with pytest.raises(ValueError, match="same code"):
        write_script(1.0, 1, client="P01", therapist="P01")
