"""The door to liblsl: the only importer of its binding in this package, typed and with its traps closed."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import numpy as np
import pylsl
import pylsl.util
from numpy.typing import NDArray

from monitor.core.events import Samples
from monitor.errors import SettingsError
from monitor.lsl.advert import FORMATS, Advert

_LOCAL_CONFIG = """\
[multicast]
ResolveScope = machine
AddressesOverride = {{127.0.0.1, 224.0.0.183}}
Interfaces = {{127.0.0.1}}
TTLOverride = 0
[ports]
IPv6 = disable
[lab]
SessionID = {session}
[tuning]
ContinuousResolveInterval = 0.2
TimeProbeInterval = 0.02
[log]
level = -3
"""
"""On one computer answers take microseconds, so a restarted outlet is found and its clock measured faster."""

_LAB_CONFIG = """\
[lab]
SessionID = {session}
[log]
level = -3
"""

_BUFFER_S = 120
_MAX_TEXT = 4096


class LostError(Exception):
    """The outlet is gone."""


class NotInTimeError(Exception):
    """The answer did not come in time."""


def configure(*, lab: bool = False, session_id: str | None = None) -> str:
    """Choose who can be seen; to be called before anything else of this package.

    Without `lab` only streams of this computer are found. That is not a protection: the data ports of liblsl
    listen on every interface all the same.

    Parameters
    ----------
    lab : bool, default False
        Look for streams in the whole local network.
    session_id : str, optional
        Only streams with the same session id see each other; default ``default``.

    Returns
    -------
    str
        Where the configuration came from: ``environment``, ``local`` or ``lab``.

    Raises
    ------
    SettingsError
        If the session id holds anything but letters, digits, ``_``, ``-`` and ``.``.
    """
    if session_id is not None and not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", session_id):
        raise SettingsError(f"Session id {session_id!r} cannot be used. Take letters, digits, _, - and dots.")
    if os.environ.get("LSLAPICFG"):
        return "environment"
    if lab:
        # Without a session id the laboratory's own configuration file must keep its say (known peers, ports).
        if session_id is not None:
            pylsl.set_config_content(_LAB_CONFIG.format(session=session_id))
        return "lab"
    pylsl.set_config_content(_LOCAL_CONFIG.format(session=session_id or "default"))
    return "local"


def local_clock() -> float:
    """Read the clock in which all stamps of this computer are.

    Returns
    -------
    float
        Seconds since an arbitrary moment, monotonic.
    """
    return float(pylsl.local_clock())


def library() -> str:
    """Name the version of liblsl in use.

    Returns
    -------
    str
        Version and build.
    """
    return f"liblsl {pylsl.library_version()} ({pylsl.library_info()})"


class Resolver:
    """Looks for streams continuously, in threads of liblsl.

    Parameters
    ----------
    forget_after_s : float
        How long a stream that no longer answers is still listed, in seconds.
    """

    __slots__ = ("_resolver",)

    def __init__(self, forget_after_s: float) -> None:
        self._resolver: pylsl.ContinuousResolver | None = pylsl.ContinuousResolver(
            forget_after=forget_after_s
        )

    def results(self) -> list[Advert]:
        """List the streams now present.

        Returns
        -------
        list of Advert
            Short declarations, as received: not yet to be trusted.
        """
        return [] if self._resolver is None else [_advert(handle) for handle in self._resolver.results()]

    def close(self) -> None:
        """Stop looking."""
        self._resolver = None


class Inlet:
    """One connection to one outlet: raw stamps, no recovery, every wait limited.

    Parameters
    ----------
    advert : Advert
        Short declaration that passed `monitor.lsl.advert.problem_of`; liblsl takes memory by it.
    """

    __slots__ = ("_inlet", "_is_text", "_max_samples")

    def __init__(self, advert: Advert) -> None:
        self._inlet: pylsl.StreamInlet | None = pylsl.StreamInlet(
            cast("pylsl.StreamInfo", advert.handle),
            max_buflen=_BUFFER_S,
            recover=False,
            processing_flags=0,
            as_numpy=True,
        )
        self._is_text = advert.channel_format == "string"
        self._max_samples = max(64, min(1024, 65536 // advert.channel_count))

    def open(self, timeout_s: float) -> None:
        """Subscribe: from now on samples are buffered.

        Parameters
        ----------
        timeout_s : float
            Longest wait in seconds.

        Raises
        ------
        LostError
            If the outlet is gone.
        NotInTimeError
            If there was no answer.
        """
        with _translated():
            self._connected().open_stream(timeout_s)

    def header(self, timeout_s: float) -> str:
        """Fetch the complete declaration.

        Parameters
        ----------
        timeout_s : float
            Longest wait in seconds.

        Returns
        -------
        str
            XML as received.

        Raises
        ------
        LostError
            If the outlet is gone.
        NotInTimeError
            If there was no answer.
        """
        with _translated():
            return str(self._connected().info(timeout_s).as_xml())

    def time_correction(self, timeout_s: float) -> float:
        """Fetch the newest measured clock offset.

        Parameters
        ----------
        timeout_s : float
            Longest wait in seconds; 0 returns what was measured in the background.

        Returns
        -------
        float
            What must be added to a stamp, in seconds; equal to the last one while there is no newer.

        Raises
        ------
        LostError
            If the outlet is gone.
        NotInTimeError
            If no offset is known.
        """
        with _translated():
            return float(self._connected().time_correction(timeout_s))

    def pull(self, timeout_s: float) -> tuple[NDArray[np.float64], Samples]:
        """Wait for samples and take all that are there.

        Parameters
        ----------
        timeout_s : float
            Longest wait for the first sample, in seconds.

        Returns
        -------
        stamps : ndarray of float64, shape (n,)
            Raw stamps; empty when nothing came.
        values : Samples
            Samples in the stream's own type. Texts are cut at 4096 characters.

        Raises
        ------
        LostError
            If the outlet is gone and everything it sent was taken.
        """
        with _translated():
            values, stamps = self._connected().pull_chunk(timeout_s, self._max_samples, min_samples=1)
        if not self._is_text:
            return stamps, values
        return stamps, tuple(tuple(_text(item) for item in row) for row in values)

    def close(self) -> None:
        """Disconnect; only to be called when no other thread uses the inlet."""
        self._inlet = None

    def _connected(self) -> pylsl.StreamInlet:
        if self._inlet is None:
            raise LostError
        return self._inlet


class Outlet:
    """A stream other programs can see, irregular, with one stamp per push.

    Parameters
    ----------
    name, type_ : str
        Name and content type.
    source_id : str
        Explicit source id, the same after a restart.
    labels, units : sequence of str
        One per channel.
    channel_format : str
        ``double64`` or ``string``.
    """

    __slots__ = ("_outlet",)

    def __init__(
        self,
        name: str,
        type_: str,
        source_id: str,
        labels: Sequence[str],
        units: Sequence[str],
        channel_format: str,
    ) -> None:
        info = pylsl.StreamInfo(name, type_, len(labels), pylsl.IRREGULAR_RATE, channel_format, source_id)
        info.set_channel_labels(list(labels))
        info.set_channel_units(list(units))
        synchronization = info.desc().append_child("synchronization")
        synchronization.append_child_value("can_drop_samples", "true")
        self._outlet: pylsl.StreamOutlet | None = pylsl.StreamOutlet(info)

    def push(self, sample: Sequence[float] | Sequence[str], stamp_s: float) -> None:
        """Send one sample.

        Parameters
        ----------
        sample : sequence of float or of str
            One value per channel.
        stamp_s : float
            LSL time in seconds.
        """
        if self._outlet is not None:
            self._outlet.push_sample(list(sample), stamp_s)

    def close(self) -> None:
        """Withdraw the stream."""
        self._outlet = None


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the errors of the binding, which are awkward to reach, into ours."""
    try:
        yield
    except pylsl.util.LostError as error:
        raise LostError from error
    except pylsl.util.TimeoutError as error:
        raise NotInTimeError from error


def _advert(handle: pylsl.StreamInfo) -> Advert:
    number = int(handle.channel_format())
    return Advert(
        uid=str(handle.uid()),
        name=str(handle.name()),
        type=str(handle.type()),
        source_id=str(handle.source_id()),
        hostname=str(handle.hostname()),
        channel_count=int(handle.channel_count()),
        nominal_rate_hz=float(handle.nominal_srate()),
        channel_format=FORMATS[number] if 0 <= number < len(FORMATS) else f"format {number}",
        handle=handle,
    )


def _text(item: bytes) -> str:
    return item[: 4 * _MAX_TEXT].decode("utf-8", errors="replace")[:_MAX_TEXT]
