"""The outlets of one device: opened at their first declaration, kept over reconnects."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from devices.spec import OutletSpec
from devices.tracking import StreamTrack


class Samples(Protocol):
    """An outlet for samples, as `devices.outlet.Outlet` is one."""

    def push(self, values: NDArray[np.floating], stamps_s: NDArray[np.float64]) -> None:
        """Send samples.

        Parameters
        ----------
        values : ndarray, shape (n_samples, n_channels)
            Samples.
        stamps_s : ndarray of float64, shape (n_samples,)
            Their stamps.
        """
        ...

    def close(self) -> None:
        """Withdraw the stream."""
        ...


OpenSamples = Callable[[OutletSpec], Samples]


class Pushed(NamedTuple):
    """What became of samples handed over.

    Parameters
    ----------
    n_sent : int
        How many went out.
    n_dropped : int
        How many did not, because their stamps do not ascend.
    first_s : float
        Stamp of the first that went out; NaN when none did.
    gap_start_s : float or None
        Stamp of the last sample before the gap these end; None without a gap.
    """

    n_sent: int
    n_dropped: int
    first_s: float
    gap_start_s: float | None


class Outlets:
    """The streams of one device.

    Parameters
    ----------
    open_samples : callable
        Makes an outlet.
    """

    def __init__(self, open_samples: OpenSamples) -> None:
        self._open_samples = open_samples
        self._streams: dict[str, tuple[StreamTrack, Samples]] = {}

    def declare(self, specs: tuple[OutletSpec, ...]) -> list[tuple[OutletSpec, OutletSpec]]:
        """Open the outlets that are not there yet.

        A stream that changed its form is withdrawn and opened anew, so that its readers read its declaration
        again. Serial number, firmware and offset alone are no such change.

        Parameters
        ----------
        specs : tuple of OutletSpec
            What the device sends.

        Returns
        -------
        list of tuple of OutletSpec
            The old and the new declaration of each stream that changed its form.
        """
        changed = []
        for spec in specs:
            known = self._streams.get(spec.source_id)
            if known is None:
                self._streams[spec.source_id] = (StreamTrack(spec), self._open_samples(spec))
            elif _form(known[0].spec) != _form(spec):
                known[1].close()
                changed.append((known[0].spec, spec))
                self._streams[spec.source_id] = (known[0].redeclared(spec), self._open_samples(spec))
        return changed

    def push(self, source_id: str, values: NDArray[np.floating], stamps_s: NDArray[np.float64]) -> Pushed:
        """Send samples on, without those whose stamps do not ascend.

        Parameters
        ----------
        source_id : str
            Of a declared stream.
        values : ndarray, shape (n_samples,) or (n_samples, n_channels)
            Samples.
        stamps_s : ndarray of float64, shape (n_samples,)
            Their stamps.

        Returns
        -------
        Pushed
            What became of them.
        """
        track, outlet = self._streams[source_id]
        samples, stamps = track.admit(values, stamps_s)
        n_dropped = int(np.size(stamps_s)) - len(stamps)
        if not len(stamps):
            return Pushed(0, n_dropped, float("nan"), None)
        outlet.push(samples, stamps)
        return Pushed(len(stamps), n_dropped, float(stamps[0]), track.end_gap())

    def label(self, source_id: str) -> str:
        """Name a stream the short way.

        Parameters
        ----------
        source_id : str
            Of a declared stream.

        Returns
        -------
        str
            Its type, such as ``ECG``; its whole name when the device has two of the type.
        """
        spec = self._streams[source_id][0].spec
        twins = sum(track.spec.type == spec.type for track, _ in self._streams.values())
        return spec.type if twins == 1 else spec.name

    def declared_hz(self) -> dict[str, float]:
        """Collect the declared rates.

        Returns
        -------
        dict of str to float
            Hertz by label; 0.0 means irregular.
        """
        return {self.label(key): track.spec.nominal_rate_hz for key, (track, _) in self._streams.items()}

    def rates_hz(self, now_s: float) -> dict[str, float]:
        """Collect the measured rates.

        Parameters
        ----------
        now_s : float
            Time now.

        Returns
        -------
        dict of str to float
            Hertz by label; streams that cannot be measured yet are left out.
        """
        rates = {self.label(key): track.rate_hz(now_s) for key, (track, _) in self._streams.items()}
        return {label: rate_hz for label, rate_hz in rates.items() if rate_hz is not None}

    def break_off(self) -> float | None:
        """Note that the link is gone.

        Returns
        -------
        float or None
            Newest stamp of any stream; None when nothing ever came.
        """
        for track, _ in self._streams.values():
            track.break_off()
        newest_s = max((track.last_s for track, _ in self._streams.values()), default=-np.inf)
        return float(newest_s) if np.isfinite(newest_s) else None

    def close(self) -> None:
        """Withdraw all streams."""
        for _, outlet in self._streams.values():
            outlet.close()
        self._streams.clear()


def _form(spec: OutletSpec) -> tuple[object, ...]:
    """Give what a reader relies on until it reads the declaration again."""
    return (spec.name, spec.type, spec.channels, spec.nominal_rate_hz, spec.channel_format)
