"""How long a packet is on its way over a serial Bluetooth link: in bursts, late by chance, held back by stalls."""

from devices.emulator.frames import generator
from devices.emulator.shimmer_faults import ShimmerFaults


class SerialDelays:
    """Arrival times of packets, in order.

    Parameters
    ----------
    faults : ShimmerFaults
        Latency, jitter, bursts and stalls.
    power_on_s : float
        When the unit was switched on, on the bridge's clock.
    seed : int
        Seed of the jitter.
    name : str
        The unit, so that two have different delays.
    """

    def __init__(self, faults: ShimmerFaults, power_on_s: float, seed: int, name: str) -> None:
        self._faults = faults
        self._power_on_s = power_on_s
        self._rng = generator(seed, name, "serial delays")
        self._burst = -1
        self._due_s = power_on_s

    def due(self, sampled_s: float) -> float:
        """Tell when a packet arrives.

        Parameters
        ----------
        sampled_s : float
            When its sample was taken, not before that of the last call.

        Returns
        -------
        float
            On the same clock, never before the last one.
        """
        faults = self._faults
        since_s = sampled_s - self._power_on_s
        burst = int(since_s / faults.burst_s) if faults.burst_s > 0.0 else self._burst + 1
        if burst != self._burst:
            self._burst = burst
            leaves_s = (burst + 1) * faults.burst_s if faults.burst_s > 0.0 else since_s
            late_s = float(self._rng.exponential(faults.jitter_s)) if faults.jitter_s > 0.0 else 0.0
            arrives_s = leaves_s + faults.base_latency_s + late_s
            for start_s, length_s in faults.stalls:
                if start_s <= arrives_s < start_s + length_s:
                    arrives_s = start_s + length_s
            self._due_s = max(self._due_s, self._power_on_s + arrives_s)
        return self._due_s
