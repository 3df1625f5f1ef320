"""A sink that keeps everything a driver hands over."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import NDArray

from devices.spec import OutletSpec


class KeepingSink:
    """Keeps samples, losses and notices in the order they came; checks that stamps ascend."""

    def __init__(self) -> None:
        self.specs: dict[str, OutletSpec] = {}
        self.rejections: list[str] = []
        self.losses: list[tuple[str, int, float, float]] = []
        self.batteries: list[int | None] = []
        self.contacts: list[bool | None] = []
        self.delays: list[float] = []
        self._changed = asyncio.Event()
        self._values: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
        self._stamps: dict[str, list[NDArray[np.float64]]] = defaultdict(list)

    def declare(self, *specs: OutletSpec) -> None:
        self.specs |= {spec.source_id: spec for spec in specs}

    def push(self, source_id: str, values: NDArray[np.floating], stamps_s: NDArray[np.float64]) -> None:
        assert len(values) == len(stamps_s)
        self._values[source_id].append(np.asarray(values, dtype=np.float64).reshape(len(stamps_s), -1))
        self._stamps[source_id].append(np.array(stamps_s))
        self._changed.set()

    def lost(self, source_id: str, n_samples: int, start_s: float, stop_s: float) -> None:
        self.losses.append((source_id, n_samples, start_s, stop_s))
        self._changed.set()

    def rejected(self, what: str) -> None:
        self.rejections.append(what)
        self._changed.set()

    def battery(self, percent: int | None) -> None:
        self.batteries.append(percent)
        self._changed.set()

    def contact(self, worn: bool | None) -> None:
        if self.contacts[-1:] != [worn]:
            self.contacts.append(worn)
        self._changed.set()

    def delay(self, seconds: float) -> None:
        self.delays.append(seconds)

    async def until(self, there: Callable[[Self], bool]) -> None:
        """Wait until what is asked for has come."""
        while not there(self):
            self._changed.clear()
            await self._changed.wait()

    def pushed(self, ending: str) -> bool:
        """Whether anything came of the stream whose source id ends so."""
        return any(source_id.endswith(ending) for source_id in self._values)

    def values(self, ending: str) -> NDArray[np.float64]:
        parts = self._of(self._values, ending)
        return np.concatenate(parts) if parts else np.empty((0, 1))

    def stamps(self, ending: str) -> NDArray[np.float64]:
        return np.concatenate([np.empty(0), *self._of(self._stamps, ending)])

    def n_lost(self, ending: str) -> int:
        return sum(n for source_id, n, *_ in self.losses if source_id.endswith(ending))

    def _of(self, kept: dict[str, list[NDArray[np.float64]]], ending: str) -> list[NDArray[np.float64]]:
        return [part for source_id, parts in kept.items() if source_id.endswith(ending) for part in parts]
