"""Real outlets with made-up hearts and skins, fed by one thread of the test."""

import threading
from collections.abc import Callable

import numpy as np
import pylsl

Signal = Callable[[np.ndarray], np.ndarray]


def heart(t: np.ndarray) -> np.ndarray:
    """A beat each second: a spike of 1 mV, and a little of everything else."""
    phase = np.mod(t, 1.0)
    return 1000.0 * np.exp(-(((phase - 0.3) / 0.012) ** 2)) + 150.0 * np.exp(-(((phase - 0.55) / 0.05) ** 2))


def skin(t: np.ndarray) -> np.ndarray:
    return 5.0 + 0.3 * np.sin(t / 3.0)


class Senders:
    """Outlets of this process, fed by one thread."""

    def __init__(self) -> None:
        self._outlets: dict[str, tuple[pylsl.StreamOutlet, float, Signal, list[float]]] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def add(self, name: str, kind: str, unit: str, hz: float, wave: Signal, declared_hz: float = 0.0) -> None:
        info = pylsl.StreamInfo(name, kind, 1, declared_hz or hz, "float32", f"{name}-id")
        info.set_channel_labels([kind])
        info.set_channel_units([unit])
        acquisition = info.desc().append_child("acquisition")
        acquisition.append_child_value("manufacturer", "Attune tests")
        self._outlets[name] = (pylsl.StreamOutlet(info), hz, wave, [pylsl.local_clock()])

    def _run(self) -> None:
        while not self._ending.wait(0.05):
            for outlet, hz, wave, sent in list(self._outlets.values()):
                n = int((pylsl.local_clock() - sent[0]) * hz)
                if n > 0:
                    t = sent[0] + np.arange(1, n + 1) / hz
                    sent[0] = float(t[-1])
                    outlet.push_chunk(wave(t).astype(np.float32).reshape(-1, 1), t.tolist())

    def end(self) -> None:
        self._ending.set()
        self._thread.join(5.0)
        self._outlets.clear()
