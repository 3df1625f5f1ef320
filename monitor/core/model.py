"""Who is measured, with what: participants, modalities, streams and the roles that bind them."""

from dataclasses import dataclass
from enum import StrEnum


class Modality(StrEnum):
    """What a channel measures."""

    ECG = "ecg"
    RR = "rr"
    HR = "hr"
    PPG = "ppg"
    EDA = "eda"
    RESP = "resp"
    TEMP = "temp"
    ACC = "acc"
    SPEECH = "speech"
    MARKERS = "markers"


CANONICAL_UNIT: dict[Modality, str] = {
    Modality.ECG: "uV",
    Modality.RR: "ms",
    Modality.HR: "bpm",
    Modality.EDA: "uS",
}
"""Unit in which the pipeline takes each analysed modality."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInfo:
    """What the metadata say of one channel; empty strings where they say nothing."""

    label: str = ""
    unit: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamInfo:
    """The declared identity of one stream.

    Parameters
    ----------
    stream_id : int
        Number of the stream within this session and its recording, from 1. A restarted outlet gets a new one.
    name, type, source_id, hostname, uid : str
        As declared by the outlet.
    channel_count : int
        Number of channels.
    nominal_rate_hz : float
        Declared rate; 0.0 means irregular.
    channel_format : str
        One of ``float32, double64, string, int8, int16, int32, int64``.
    channels : tuple of ChannelInfo
        Channel metadata, one per channel, possibly empty.
    xml : str
        The complete header as received.
    """

    stream_id: int
    name: str
    type: str
    source_id: str = ""
    hostname: str = ""
    uid: str = ""
    channel_count: int
    nominal_rate_hz: float
    channel_format: str
    channels: tuple[ChannelInfo, ...] = ()
    xml: str = ""

    @property
    def title(self) -> str:
        """How the stream is named in messages: its name and host."""
        return f"{self.name} @ {self.hostname}" if self.hostname else self.name


@dataclass(frozen=True, slots=True, order=True)
class StreamKey:
    """The role of a channel: whose, and what."""

    participant: str
    modality: Modality


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One channel of a stream bound to a role.

    Parameters
    ----------
    channel : int
        Channel index, from 0.
    key : StreamKey
        The role.
    unit : str
        Unit as declared, normalised (``uV, mV, V, ms, s, bpm, uS``; empty when undeclared).
    scale : float
        Factor from the declared unit to the canonical unit of the modality.
    reason : str
        Why this channel was taken for this role, in words for the user.
    """

    channel: int
    key: StreamKey
    unit: str
    scale: float
    reason: str
