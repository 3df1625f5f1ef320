"""What an outlet tells of itself: checked before anything is connected, because anyone can say anything."""

import math
import re
from typing import NamedTuple
from xml.etree import ElementTree as ET

from monitor.core.model import ChannelInfo, StreamInfo

FORMATS = ("undefined", "float32", "double64", "string", "int32", "int16", "int8", "int64")
"""Names of the channel formats by their number on the wire."""

MAX_CHANNELS = 256
MANY_CHANNELS = 64
"""More channels are taken, with a note: a whole amplifier is rarely meant."""

_MIN_RATE_HZ = 0.1
_MAX_RATE_HZ = 10_000.0
_MAX_NAME = 128
_MAX_HEADER_BYTES = 1 << 20
_MAX_DEPTH = 64


class Advert(NamedTuple):
    """The short declaration of an outlet.

    Parameters
    ----------
    uid : str
        Unique per start of the outlet.
    name, type, source_id, hostname : str
        As declared.
    channel_count : int
        Number of channels.
    nominal_rate_hz : float
        Declared rate; 0.0 means irregular.
    channel_format : str
        Name of the format.
    handle : object
        What the binding needs to connect.
    """

    uid: str
    name: str
    type: str
    source_id: str
    hostname: str
    channel_count: int
    nominal_rate_hz: float
    channel_format: str
    handle: object

    @property
    def title(self) -> str:
        """How the stream is named in messages."""
        return f"{self.name} @ {self.hostname}"

    @property
    def label(self) -> tuple[str, str, str, str]:
        """Name, type, source id and host: what a restarted outlet has again."""
        return (self.name, self.type, self.source_id, self.hostname)


def problem_of(advert: Advert) -> str:
    """Say why a stream must not be connected.

    Parameters
    ----------
    advert : Advert
        The declaration.

    Returns
    -------
    str
        The problem and what to do; empty when there is none.
    """
    rate = advert.nominal_rate_hz
    if not math.isfinite(rate) or (rate != 0.0 and not _MIN_RATE_HZ <= rate <= _MAX_RATE_HZ):
        return f"declares {rate:g} Hz; valid are 0 (irregular) and {_MIN_RATE_HZ:g} to {_MAX_RATE_HZ:g} Hz"
    if not 1 <= advert.channel_count <= MAX_CHANNELS:
        return f"declares {advert.channel_count} channels; at most {MAX_CHANNELS} are taken: send fewer"
    if advert.channel_format not in FORMATS[1:]:
        return f"declares {advert.channel_format}, which is no sample format"
    for what, text in (("name", advert.name), ("type", advert.type), ("source id", advert.source_id)):
        if len(text) > _MAX_NAME or not text.isprintable():
            return f"has a {what} that is too long or not printable: rename it at the sender"
    if not advert.name:
        return "has no name: give it one at the sender"
    return ""


def stream_info(advert: Advert, xml: str, stream_id: int) -> StreamInfo:
    """Make the declared identity of a stream from its complete header.

    Parameters
    ----------
    advert : Advert
        The checked short declaration; what it says counts, whatever the header says.
    xml : str
        The header as received.
    stream_id : int
        Number of the stream within the session.

    Returns
    -------
    StreamInfo
        With channel metadata as far as they can be read.

    Raises
    ------
    ValueError
        If the header is too large, too deep, no XML or carries a document type.
    """
    return StreamInfo(
        stream_id=stream_id,
        name=advert.name,
        type=advert.type,
        source_id=advert.source_id,
        hostname=advert.hostname,
        uid=advert.uid,
        channel_count=advert.channel_count,
        nominal_rate_hz=advert.nominal_rate_hz,
        channel_format=advert.channel_format,
        channels=_channels(_parse(xml), advert.channel_count),
        xml=xml,
    )


def device_of(info: StreamInfo) -> str:
    """Tell which device a stream comes from.

    Parameters
    ----------
    info : StreamInfo
        The stream, made by `stream_info`.

    Returns
    -------
    str
        Manufacturer and model as declared; empty where they are not.
    """
    if not info.xml:
        return ""
    root = _parse(info.xml)
    words: list[str] = []
    for name in ("manufacturer", "model"):
        found = (root.findtext(f"desc/{path}{name}", "").strip() for path in ("acquisition/", "", "device/"))
        word = next((text for text in found if text), "")
        if word and word.isprintable() and word not in words:
            words.append(word[:_MAX_NAME])
    return " ".join(words)


def _parse(xml: str) -> ET.Element:
    if len(xml) > _MAX_HEADER_BYTES:
        raise ValueError(f"a header of {len(xml)} characters; at most {_MAX_HEADER_BYTES} are taken")
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise ValueError("a header with a document type")
    depth = 0
    for token in re.finditer(r"<(/?)[A-Za-z_][^<>]*?(/?)>", xml):
        depth += -1 if token[1] else 0 if token[2] else 1
        if depth > _MAX_DEPTH:
            raise ValueError("a header that is nested too deep")
    try:
        return ET.fromstring(xml)  # noqa: S314 - size, depth and document types were checked above
    except ET.ParseError as error:
        raise ValueError(f"a header that is no XML ({error})") from error


def _channels(root: ET.Element, n_channels: int) -> tuple[ChannelInfo, ...]:
    """Read the channel metadata in the layouts that are in use."""
    block = root.find("desc/channels")
    if block is None:
        return ()
    children = list(block)
    if not children:
        # Some scripts write the labels as one text, separated by commas.
        labels = [label.strip() for label in (block.text or "").split(",") if label.strip()]
        return tuple(ChannelInfo(label=label[:_MAX_NAME]) for label in labels[:n_channels])
    return tuple(_channel(child) for child in children[:n_channels])


def _channel(element: ET.Element) -> ChannelInfo:
    def text(*names: str) -> str:
        found = (element.findtext(name, "").strip() for name in names)
        return next((value for value in found if value), "")[:_MAX_NAME]

    bare = (element.text or "").strip()[:_MAX_NAME] or ("" if element.tag == "channel" else element.tag)
    return ChannelInfo(
        label=text("label", "name", "sensor") or bare, unit=text("unit"), type=text("type", "sensor")
    )


def changes(pinned: StreamInfo, now: StreamInfo) -> str:
    """Say in which way a stream came back as another one.

    Parameters
    ----------
    pinned : StreamInfo
        The stream as it was first accepted.
    now : StreamInfo
        The stream after a restart.

    Returns
    -------
    str
        Each change with the old and the new value; empty when there is none.
    """
    pairs: list[tuple[str, object, object]] = [
        ("host", pinned.hostname, now.hostname),
        ("rate", f"{pinned.nominal_rate_hz:g} Hz", f"{now.nominal_rate_hz:g} Hz"),
        ("format", pinned.channel_format, now.channel_format),
        ("channels", pinned.channel_count, now.channel_count),
        ("units", _units(pinned), _units(now)),
        (
            "labels",
            [channel.label for channel in pinned.channels],
            [channel.label for channel in now.channels],
        ),
    ]
    return ", ".join(f"{what} {old} to {new}" for what, old, new in pairs if old != new)


def _units(info: StreamInfo) -> str:
    return ", ".join(channel.unit or "none" for channel in info.channels) or "none"
