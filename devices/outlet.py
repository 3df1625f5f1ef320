"""Stream metadata and samples on the wire. The only importer of the LSL binding in this package."""

import os
from pathlib import Path

import numpy as np
import pylsl
from numpy.typing import NDArray

from devices.spec import OutletSpec

LOCAL_CONFIG = """\
[multicast]
ResolveScope = machine
AddressesOverride = {127.0.0.1, 224.0.0.183}
Interfaces = {127.0.0.1}
TTLOverride = 0
[ports]
IPv6 = disable
[lab]
SessionID = default
[log]
level = -2
"""
"""Streams are found on this computer only. The data ports listen on every interface all the same."""


def configure(path: Path | None = None) -> str:
    """Choose the configuration of liblsl; to be called before anything else here.

    Parameters
    ----------
    path : Path, optional
        Configuration file. Without it the file named by the environment variable ``LSLAPICFG`` counts, and
        without that `LOCAL_CONFIG`: this computer only.

    Returns
    -------
    str
        Where the configuration came from: ``file``, ``environment`` or ``local``.

    Raises
    ------
    FileNotFoundError
        If `path` does not exist; liblsl itself would silently fall back to its defaults.
    """
    if path is not None:
        if not path.is_file():
            raise FileNotFoundError(f"The LSL configuration {path} does not exist. Check --lsl-config.")
        pylsl.set_config_filename(str(path))
        return "file"
    if os.environ.get("LSLAPICFG"):
        return "environment"
    pylsl.set_config_content(LOCAL_CONFIG)
    return "local"


def local_clock() -> float:
    """Read the clock all LSL stamps of this computer are in.

    Returns
    -------
    float
        Seconds since an arbitrary moment, monotonic.
    """
    return float(pylsl.local_clock())


class Outlet:
    """A stream other programs can see, from construction until `close`.

    Parameters
    ----------
    spec : OutletSpec
        What the stream declares.
    """

    def __init__(self, spec: OutletSpec) -> None:
        self.spec = spec
        self._dtype: type[np.float32] | type[np.float64] = (
            np.float32 if spec.channel_format == "float32" else np.float64
        )
        self._outlet: pylsl.StreamOutlet | None = pylsl.StreamOutlet(_stream_info(spec))

    def push(self, values: NDArray[np.floating], stamps_s: NDArray[np.float64]) -> None:
        """Send samples, each with its own stamp.

        One stamp per chunk would make liblsl back-fill at the nominal rate, which hides lost frames and
        overlaps the chunks of a device that is slightly fast.

        Parameters
        ----------
        values : ndarray, shape (n_samples,) or (n_samples, n_channels)
            Samples in the unit the stream declares.
        stamps_s : ndarray of float64, shape (n_samples,)
            LSL time of each sample.

        Raises
        ------
        ValueError
            If the shapes do not agree, or the outlet is closed.
        """
        if self._outlet is None:
            raise ValueError(f"outlet {self.spec.name!r} is closed")
        samples = np.ascontiguousarray(values, dtype=self._dtype).reshape(-1, len(self.spec.channels))
        if len(samples) != len(stamps_s):
            raise ValueError(f"{len(samples)} samples but {len(stamps_s)} stamps for {self.spec.name!r}")
        if len(samples):
            self._outlet.push_chunk(samples, stamps_s.tolist())

    def has_consumers(self) -> bool:
        """Tell whether anyone is connected.

        Returns
        -------
        bool
            True while at least one inlet is open on this stream.
        """
        return self._outlet is not None and bool(self._outlet.have_consumers())

    def close(self) -> None:
        """Withdraw the stream; inlets see it as lost. May be called again."""
        self._outlet = None


class TextOutlet:
    """A stream of texts other programs can see, from construction until `close`.

    Parameters
    ----------
    spec : OutletSpec
        What the stream declares: one channel of format ``string``.

    Raises
    ------
    ValueError
        If the declaration is not that of one text per sample.
    """

    def __init__(self, spec: OutletSpec) -> None:
        if spec.channel_format != "string" or len(spec.channels) != 1:
            raise ValueError(f"stream {spec.name!r} does not declare one channel of texts")
        self.spec = spec
        self._outlet: pylsl.StreamOutlet | None = pylsl.StreamOutlet(_stream_info(spec))

    def push(self, text: str, stamp_s: float) -> None:
        """Send one text.

        Parameters
        ----------
        text : str
            What to send.
        stamp_s : float
            Its LSL time.

        Raises
        ------
        ValueError
            If the outlet is closed.
        """
        if self._outlet is None:
            raise ValueError(f"outlet {self.spec.name!r} is closed")
        self._outlet.push_sample([text], stamp_s)

    def has_consumers(self) -> bool:
        """Tell whether anyone is connected.

        Returns
        -------
        bool
            True while at least one inlet is open on this stream.
        """
        return self._outlet is not None and bool(self._outlet.have_consumers())

    def close(self) -> None:
        """Withdraw the stream; inlets see it as lost. May be called again."""
        self._outlet = None


def _stream_info(spec: OutletSpec) -> pylsl.StreamInfo:
    """Write the declaration in the layout of the XDF metadata pages."""
    info = pylsl.StreamInfo(
        spec.name,
        spec.type,
        len(spec.channels),
        spec.nominal_rate_hz,
        spec.channel_format,
        spec.source_id,
    )
    info.set_channel_labels([channel.label for channel in spec.channels])
    info.set_channel_units([channel.unit for channel in spec.channels])
    info.set_channel_types([channel.type for channel in spec.channels])
    acquisition = info.desc().append_child("acquisition")
    for key in ("manufacturer", "model", "serial_number", "firmware"):
        acquisition.append_child_value(key, getattr(spec, key))
    synchronization = info.desc().append_child("synchronization")
    synchronization.append_child_value("offset_mean", repr(spec.offset_mean_s))
    # Without this element readers re-time the recording over a gap, by up to half a second.
    synchronization.append_child_value("can_drop_samples", "true")
    return info
