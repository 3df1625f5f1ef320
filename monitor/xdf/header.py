"""Stream headers: XML to `StreamInfo` and roles, and back."""

from collections.abc import Iterable
from math import isfinite
from typing import Final
from xml.etree.ElementTree import Element

from monitor.core.model import Binding, ChannelInfo, Modality, StreamInfo, StreamKey
from monitor.xdf.chunks import MAX_CHANNELS, VALUE_DTYPES
from monitor.xdf.xmltext import XmlError, append_text, child, clean, parse, serialise

OWN_PATH: Final = "desc/attune"
"""Where attune keeps what it adds to a header."""

_FORMATS = {"float64": "double64", "double": "double64", "float": "float32"}
_MAX_RATE_HZ = 1e7


def _text(parent: Element, *tags: str) -> str:
    """Find the first non-empty text of the named children."""
    return next((found for tag in tags if (found := parent.findtext(tag))), "")


def _word(parent: Element, tag: str) -> str:
    """Find the text of a child, without the blanks around it."""
    return _text(parent, tag).strip()


def _channels(root: Element, count: int) -> tuple[ChannelInfo, ...]:
    """Read the channel metadata: as many as channels, or none at all."""
    nodes = root.findall("desc/channels/channel")[:count]
    if not nodes:
        return ()
    # Bridges disagree on the element that names a channel: Polar bridges write name, OpenSignals sensor.
    found = [
        ChannelInfo(
            label=_text(node, "label", "name", "sensor"), unit=_text(node, "unit"), type=_text(node, "type")
        )
        for node in nodes
    ]
    return tuple(found) + (ChannelInfo(),) * (count - len(found))


def _rate(text: str) -> float:
    """Read a rate; 0.0 (irregular) when it is missing or no rate."""
    try:
        rate = float(text)
    except ValueError:
        return 0.0
    return rate if isfinite(rate) and 0.0 < rate <= _MAX_RATE_HZ else 0.0


def stream_info(xml: str, stream_id: int) -> StreamInfo:
    """Read a stream header.

    Parameters
    ----------
    xml : str
        The header, as from ``inlet.info().as_xml()`` or a StreamHeader chunk.
    stream_id : int
        Number of the stream within this session or file.

    Returns
    -------
    StreamInfo
        What the header declares. A rate that is missing, negative or not finite is read as 0.0.

    Raises
    ------
    XmlError
        If the text is not XML, or declares no usable channel count or value type.
    """
    return _info(parse(xml), xml, stream_id)


def _info(root: Element, xml: str, stream_id: int) -> StreamInfo:
    declared = _word(root, "channel_count")
    try:
        count = int(declared)
    except ValueError:
        raise XmlError(f"channel count {declared[:40]!r} is no number") from None
    if not 0 <= count <= MAX_CHANNELS:
        raise XmlError(f"{count} channels")
    channel_format = _word(root, "channel_format")
    channel_format = _FORMATS.get(channel_format, channel_format)
    if channel_format != "string" and channel_format not in VALUE_DTYPES:
        raise XmlError(f"value type {channel_format[:40]!r} is unknown")
    return StreamInfo(
        stream_id=stream_id,
        name=_text(root, "name"),
        type=_text(root, "type"),
        source_id=_text(root, "source_id"),
        hostname=_text(root, "hostname"),
        uid=_text(root, "uid"),
        channel_count=count,
        nominal_rate_hz=_rate(_word(root, "nominal_srate")),
        channel_format=channel_format,
        channels=_channels(root, count),
        xml=xml,
    )


def _binding(node: Element) -> Binding:
    key = StreamKey(node.findtext("participant") or "", Modality(_word(node, "modality")))
    return Binding(
        channel=int(_word(node, "channel")),
        key=key,
        unit=node.findtext("unit") or "",
        scale=float(_word(node, "scale")),
        reason=node.findtext("reason") or "",
    )


def recorded_stream(xml: str, stream_id: int) -> tuple[StreamInfo, tuple[Binding, ...]]:
    """Read a stream header of a recording, with the roles that were stored in it.

    Parameters
    ----------
    xml : str
        Content of a StreamHeader chunk.
    stream_id : int
        Number of the stream in the file.

    Returns
    -------
    info : StreamInfo
        What the header declares.
    bindings : tuple of Binding
        The stored roles; empty when there are none.

    Raises
    ------
    XmlError
        If the header cannot be used.
    """
    root = parse(xml)
    info = _info(root, xml, stream_id)
    nodes = root.findall(f"{OWN_PATH}/binding")
    try:
        bindings = tuple(map(_binding, nodes))
    except ValueError as error:
        raise XmlError(f"stored roles cannot be read: {error}") from error
    if any(not 0 <= binding.channel < info.channel_count for binding in bindings):
        raise XmlError("a stored role names a channel that the stream does not have")
    return info, bindings


def _root(info: StreamInfo) -> Element:
    """Take the received header, or a new one when nothing usable was received."""
    try:
        root = parse(info.xml)
    except XmlError:
        root = Element("info")
        if info.xml:
            append_text(child(child(root, "desc"), "received"), "xml", info.xml)
    return root


def _put(root: Element, tag: str, text: str) -> None:
    """Set the text of a child, unless it says so already."""
    node = child(root, tag)
    if (node.text or "") != text:
        node.text = clean(text)


def _put_channels(root: Element, info: StreamInfo) -> None:
    desc = child(root, "desc")
    for old in desc.findall("channels"):
        desc.remove(old)
    channels = child(desc, "channels")
    for channel in info.channels:
        node = append_text(channels, "channel", "")
        for tag, text in (("label", channel.label), ("unit", channel.unit), ("type", channel.type)):
            append_text(node, tag, text)


def recorded_xml(info: StreamInfo, bindings: Iterable[Binding] = (), *, own: str = "") -> str:
    """Header of a stream as it is recorded.

    The received header stays as it was. Added are ``desc/synchronization/can_drop_samples``, without
    which readers draw one straight line through the stamps on both sides of a gap, and the roles.

    Parameters
    ----------
    info : StreamInfo
        The stream. Where its fields and its XML disagree, the fields are written.
    bindings : iterable of Binding, optional
        Roles to store.
    own : str, optional
        What a stream made by attune itself holds, such as ``ticks``.

    Returns
    -------
    str
        The header.
    """
    root = _root(info)
    for tag in ("name", "type", "source_id", "hostname", "uid"):
        _put(root, tag, str(getattr(info, tag)))
    if _word(root, "channel_format") != info.channel_format:
        _put(root, "channel_format", info.channel_format)
    if _word(root, "channel_count") != str(info.channel_count):
        _put(root, "channel_count", str(info.channel_count))
    if root.find("nominal_srate") is None or _rate(_word(root, "nominal_srate")) != info.nominal_rate_hz:
        _put(root, "nominal_srate", repr(info.nominal_rate_hz))
    if _channels(root, info.channel_count) != info.channels:
        _put_channels(root, info)
    desc = child(root, "desc")
    _put(child(desc, "synchronization"), "can_drop_samples", "true")
    for old in desc.findall("attune"):
        desc.remove(old)
    attune = Element("attune")
    if own:
        append_text(attune, "own", own)
    for binding in bindings:
        node = append_text(attune, "binding", "")
        append_text(node, "channel", str(binding.channel))
        append_text(node, "participant", binding.key.participant)
        append_text(node, "modality", binding.key.modality.value)
        append_text(node, "unit", binding.unit)
        append_text(node, "scale", repr(binding.scale))
        append_text(node, "reason", binding.reason)
    if len(attune):
        desc.append(attune)
    return serialise(root)


def own_kind(xml: str) -> str:
    """Tell what a stream written by attune itself holds.

    Parameters
    ----------
    xml : str
        A header that was read before.

    Returns
    -------
    str
        ``ticks``, ``events``, or nothing for every other stream.
    """
    return "" if "<own>" not in xml else (parse(xml).findtext(f"{OWN_PATH}/own") or "")
