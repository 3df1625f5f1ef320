"""Emulated wearables of a scripted session: who wears what, and the whole of it as arrays."""

import numpy as np
from numpy.typing import NDArray

from devices.emulator.emulated_h10 import EmulatedH10
from devices.emulator.emulated_shimmer import EmulatedShimmer
from devices.emulator.frames import Frame, Wearable
from devices.emulator.script import Script, write_script
from devices.emulator.waveforms import Waveforms, simulate_waveforms


def dress(script: Script, waveforms: Waveforms) -> tuple[Wearable, ...]:
    """Put a chest strap and a skin conductance unit on each of the two people.

    Parameters
    ----------
    script : Script
        The session.
    waveforms : Waveforms
        Shapes of a beat and of a response.

    Returns
    -------
    tuple of Wearable
        Strap and unit of the client, then of the therapist.
    """
    return tuple(
        wearable(person, script.duration_s, script.seed, waveforms)
        for person in script.people
        for wearable in (EmulatedH10, EmulatedShimmer)
    )


def render(
    minutes: float,
    seed: int,
    faults: bool = True,
    *,
    client: str = "C07",
    therapist: str = "T02",
    waveforms: Waveforms | None = None,
) -> dict[str, tuple[NDArray[np.float64], NDArray[np.floating]]]:
    """Render a whole session at once, without any network.

    Parameters
    ----------
    minutes : float
        Length of the session.
    seed : int
        Seed, not negative.
    faults : bool, default True
        Whether the devices have faults.
    client, therapist : str
        Codes of the two people.
    waveforms : Waveforms, optional
        Shapes; simulated with NeuroKit2, whose import takes seconds, when not given.

    Returns
    -------
    dict of str to (ndarray of float64, ndarray)
        By stream name: stamps in seconds of script time, and values in the unit and number format of the
        stream, both of shape ``(n_samples,)``.

    Raises
    ------
    ValueError
        If an argument is outside its range.
    """
    script = write_script(minutes, seed, client=client, therapist=therapist, faults=faults)
    rendered = {}
    for wearable in dress(script, simulate_waveforms() if waveforms is None else waveforms):
        frames = wearable.next(np.inf)
        for spec in wearable.specs:
            mine = [frame for frame in frames if frame.source_id == spec.source_id]
            rendered[spec.name] = (_joined(mine), _joined_values(mine, spec.channel_format))
    return rendered


def _joined(frames: list[Frame]) -> NDArray[np.float64]:
    """All stamps, in order."""
    return np.concatenate([frame.stamps_s for frame in frames]) if frames else np.empty(0)


def _joined_values(frames: list[Frame], channel_format: str) -> NDArray[np.floating]:
    """All values, in order, in the number format of the stream."""
    if not frames:
        return np.empty(0, dtype=np.float32 if channel_format == "float32" else np.float64)
    return np.concatenate([frame.values for frame in frames])
