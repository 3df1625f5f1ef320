"""Results of a small synthetic session, kept: a change of numbers must be meant, and said in the changelog.

Regenerate with ``python tests/golden/test_golden.py`` after reading the difference.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import Binding, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.results import BeatRow, MarkerRow, ScrRow

FILE = Path(__file__).with_name("session-150s.json")
SECONDS = 150
EVERY_S = 10


def signals() -> dict[Modality, tuple[float, np.ndarray, np.ndarray]]:
    """ECG with respiratory modulation and one early beat; EDA with a response every 17 s. No random numbers."""
    t = np.arange(0.0, SECONDS, 1.0 / 130.0)
    beats, now = [], 0.4
    while now < SECONDS:
        beats.append(now)
        now += 0.85 + 0.05 * np.sin(2 * np.pi * 0.24 * now) - (0.25 if len(beats) == 60 else 0.0)
    ecg = 20.0 * np.sin(2 * np.pi * 0.24 * t) + 3.0 * np.sin(t * 97.0)
    for beat in beats:
        height = 900.0 + 90.0 * np.sin(2 * np.pi * 0.24 * beat)
        near = np.abs(t - beat) < 0.3
        ecg[near] += height * np.exp(-0.5 * ((t[near] - beat) / 0.011) ** 2)
        ecg[near] -= 0.2 * height * np.exp(-0.5 * ((t[near] - beat - 0.03) / 0.012) ** 2)
    s = np.arange(0.0, SECONDS, 1.0 / 32.0)
    since = s % 17.0
    eda = 5.0 - s / 200.0 + 0.4 * (np.exp(-since / 2.0) - np.exp(-since / 0.75)) + 1e-4 * np.sin(s * 31.0)
    return {Modality.ECG: (130.0, t, ecg), Modality.EDA: (32.0, s, eda)}


def results() -> dict[str, object]:
    """Run the session and keep every tenth second, all beats and all responses."""
    pipeline, out = Pipeline(), []
    sources = signals()
    for i, (modality, (rate, _, _)) in enumerate(sources.items(), start=1):
        info = StreamInfo(
            stream_id=i,
            name=modality,
            type="",
            channel_count=1,
            nominal_rate_hz=rate,
            channel_format="double64",
        )
        key = StreamKey("A", modality)
        pipeline.push(StreamOpened(info, (Binding(channel=0, key=key, unit="", scale=1.0, reason=""),)))
        pipeline.push(ClockOffset(i, 0.0, 0.0))
    for second in range(SECONDS):
        for i, (_, t, x) in enumerate(sources.values(), start=1):
            here = (t >= second) & (t < second + 1)
            pipeline.push(Chunk(i, t[here], x[here].reshape(-1, 1)))
        out += pipeline.push(Tick(second + 1.0, float("nan")))
    out += pipeline.finish()
    markers = {
        f"{row.marker} {row.t_centre_s + row.window_s / 2:.0f}": [
            None if np.isnan(row.value) else row.value,
            None if np.isnan(row.se) else row.se,
            row.status.value,
            row.reason.value,
        ]
        for row in out
        if isinstance(row, MarkerRow) and round(row.t_centre_s + row.window_s / 2) % EVERY_S == 0
    }
    beats = [[row.t_s, row.beat_class.value] for row in out if isinstance(row, BeatRow)]
    scrs = [list(row[1:5]) for row in out if isinstance(row, ScrRow)]
    return {"markers": markers, "beats": beats, "scrs": scrs}


def test_the_numbers_are_those_that_were_kept() -> None:
    kept, now = json.loads(FILE.read_text(encoding="utf-8")), results()
    assert now["markers"].keys() == kept["markers"].keys()
    for name, (value, se, status, reason) in kept["markers"].items():
        found = now["markers"][name]
        assert found[2:] == [status, reason], name
        assert (found[0] is None, found[1] is None) == (value is None, se is None), name
        if value is not None:
            assert found[0] == pytest.approx(value, rel=1e-9), name
    assert [row[1] for row in now["beats"]] == [row[1] for row in kept["beats"]]
    np.testing.assert_allclose([r[0] for r in now["beats"]], [r[0] for r in kept["beats"]], rtol=1e-9)
    np.testing.assert_allclose(now["scrs"], kept["scrs"], rtol=1e-9)


def test_the_session_holds_what_it_was_made_to_hold() -> None:
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    rate, _, status, _ = kept["markers"]["hr_bpm 100"]
    assert (round(rate), status) == (71, "OK")
    assert kept["markers"]["breathing_per_min 100"][0] == pytest.approx(0.24 * 60, abs=0.6)
    assert sum(name != "normal" for _, name in kept["beats"]) <= 6
    assert 7 <= len(kept["scrs"]) <= 9


if __name__ == "__main__":
    FILE.write_text(json.dumps(results(), indent=1) + "\n", encoding="utf-8")
