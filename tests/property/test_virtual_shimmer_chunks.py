from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.emulator.byte_faults import ByteDamage, ByteFaults
from devices.emulator.script import write_script
from devices.emulator.shimmer_signals import ScriptedShimmer
from devices.emulator.waveforms import Waveforms
from devices.protocols import gsr

N = 3000
RATE_HZ = 51.202
# The range is switched where the electrode comes off and is put on again, and words are repeated for 4 samples.
ELECTRODE_OFF, ELECTRODE_ON = st.integers(1840, 1860), st.integers(1990, 2015)


def shapes() -> Waveforms:
    t_s = np.linspace(0.0, 1.0, 200)
    beat_s = np.linspace(-0.5, 0.5, 200)
    beat = np.exp(-((beat_s / 0.05) ** 2))
    beat[[0, -1]] = 0.0
    return Waveforms(beat_s=beat_s, beat=beat, scr_s=8.0 * t_s, scr=np.sin(np.pi * t_s))


def signal() -> ScriptedShimmer:
    script = write_script(1.0, 4)
    return ScriptedShimmer(script.therapist, script.duration_s, script.seed, shapes())


@pytest.fixture(scope="module")
def whole() -> dict[str, np.ndarray]:
    return {
        "words": signal().words(0, N, RATE_HZ, gsr.AUTO_RANGE),
        "fixed": signal().words(0, N, RATE_HZ, 1),
        "ppg": signal().ppg(0, N, RATE_HZ),
        "exg": signal().exg(0, N, RATE_HZ),
    }


def test_the_skin_crosses_a_range_and_the_pulse_beats(whole: dict[str, np.ndarray]) -> None:
    assert len(np.unique(gsr.ranges_of(whole["words"]))) > 1
    assert np.ptp(whole["ppg"]) > 100
    assert np.ptp(whole["exg"][:, 0]) > 5000


@settings(max_examples=15)
@given(cuts=st.lists(st.integers(1, N - 1) | ELECTRODE_OFF | ELECTRODE_ON, unique=True, max_size=30))
def test_the_scripted_body_is_the_same_in_any_pieces(whole: dict[str, np.ndarray], cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), N]
    body, fixed = signal(), signal()
    spans = [(a, b - a) for a, b in pairwise(edges)]
    pieces = {
        "words": [body.words(a, n, RATE_HZ, gsr.AUTO_RANGE) for a, n in spans],
        "fixed": [fixed.words(a, n, RATE_HZ, 1) for a, n in spans],
        "ppg": [body.ppg(a, n, RATE_HZ) for a, n in spans],
        "exg": [body.exg(a, n, RATE_HZ) for a, n in spans],
    }
    for name, parts in pieces.items():
        assert np.concatenate(parts).tobytes() == whole[name].tobytes(), name


@given(
    data=st.binary(max_size=300),
    cuts=st.lists(st.integers(0, 300), max_size=10),
    faults=st.builds(
        ByteFaults,
        drop_bytes=st.lists(st.integers(0, 300), max_size=4).map(tuple),
        insert_bytes=st.lists(st.integers(0, 300), max_size=4).map(tuple),
        flip_bits=st.lists(st.integers(0, 300), max_size=4).map(tuple),
        drop_rate=st.sampled_from((0.0, 0.3)),
        insert_rate=st.sampled_from((0.0, 0.3)),
        flip_rate=st.sampled_from((0.0, 0.3)),
        seed=st.integers(0, 9),
    ),
)
def test_damage_depends_on_the_position_alone(data: bytes, cuts: list[int], faults: ByteFaults) -> None:
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    line, other = ByteDamage(faults), ByteDamage(faults)
    pieces = b"".join(line.apply(data[a:b]) for a, b in pairwise(edges))
    assert pieces == other.apply(data)
    assert line.n_damaged == other.n_damaged
    assert line.position == len(data)


def test_each_kind_of_damage_does_what_it_says() -> None:
    data = bytes(range(100))
    assert ByteDamage(ByteFaults()).apply(data) == data
    assert ByteDamage(ByteFaults(drop_bytes=(3, 50))).apply(data) == data[:3] + data[4:50] + data[51:]
    longer = ByteDamage(ByteFaults(insert_bytes=(7,))).apply(data)
    assert (longer[:7], longer[8:]) == (data[:7], data[7:])
    flipped = ByteDamage(ByteFaults(flip_bits=(9,))).apply(data)
    changed = [a ^ b for a, b in zip(data, flipped, strict=True)]
    assert [i for i, bits in enumerate(changed) if bits] == [9]
    assert changed[9].bit_count() == 1
    assert len(ByteDamage(ByteFaults(drop_rate=0.1)).apply(bytes(20000))) == pytest.approx(18000, rel=0.02)


def test_a_rate_that_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.5 is not between"):
        ByteFaults(drop_rate=1.5)
