"""Headers keep what was received, and gain what a reader needs."""

from xml.etree.ElementTree import fromstring

import pytest

from monitor.core.model import Binding, ChannelInfo, Modality, StreamInfo, StreamKey
from monitor.xdf.header import recorded_stream, recorded_xml, stream_info
from monitor.xdf.xmltext import XmlError

RECEIVED = """<?xml version="1.0"?>
<info>
\t<name>Polar H10 8A2F</name>
\t<type>ECG</type>
\t<channel_count>1</channel_count>
\t<channel_format>float32</channel_format>
\t<source_id>polar-8A2F</source_id>
\t<nominal_srate>130.0000000000000</nominal_srate>
\t<version>1.100000000000000</version>
\t<uid>f0</uid>
\t<hostname>room-1</hostname>
\t<desc>
\t\t<acquisition firmware="3.1"><model>H10</model></acquisition><!-- kept -->
\t\t<channels><channel><name>ECG</name><unit>\u00b5V</unit><type>ECG</type></channel></channels>
\t</desc>
</info>
"""
ROLE = Binding(channel=0, key=StreamKey("C07", Modality.ECG), unit="uV", scale=1.0, reason="type ECG")


def test_a_received_header_is_read() -> None:
    info = stream_info(RECEIVED, 3)
    assert info == StreamInfo(
        stream_id=3,
        name="Polar H10 8A2F",
        type="ECG",
        source_id="polar-8A2F",
        hostname="room-1",
        uid="f0",
        channel_count=1,
        nominal_rate_hz=130.0,
        channel_format="float32",
        channels=(ChannelInfo(label="ECG", unit="\u00b5V", type="ECG"),),
        xml=RECEIVED,
    )


def test_a_recorded_header_keeps_everything_that_was_received() -> None:
    recorded = recorded_xml(stream_info(RECEIVED, 1), (ROLE,))
    root = fromstring(recorded)
    assert root.findtext("desc/synchronization/can_drop_samples") == "true"
    assert "<!-- kept -->" in recorded
    assert root.findtext("nominal_srate") == "130.0000000000000"
    for path in ("desc/synchronization", "desc/attune"):
        root.find("desc").remove(root.find(path))  # type: ignore[union-attr,arg-type]
    text = [("".join(node.itertext()).strip(), node.tag, node.attrib) for node in root.iter()]
    assert text == [("".join(n.itertext()).strip(), n.tag, n.attrib) for n in fromstring(RECEIVED).iter()]


def test_roles_come_back_and_replace_those_of_an_earlier_recording() -> None:
    info, roles = recorded_stream(recorded_xml(stream_info(RECEIVED, 1), (ROLE,)), 1)
    assert roles == (ROLE,)
    assert recorded_stream(recorded_xml(info), 1)[1] == ()


def test_a_stream_that_forbids_dropping_is_recorded_as_one_that_may_drop() -> None:
    told = "<can_drop_samples>false</can_drop_samples><offset_mean>1</offset_mean>"
    xml = RECEIVED.replace("<desc>", f"<desc><synchronization>{told}</synchronization>")
    root = fromstring(recorded_xml(stream_info(xml, 1)))
    assert root.findtext("desc/synchronization/can_drop_samples") == "true"
    assert root.findtext("desc/synchronization/offset_mean") == "1"


@pytest.mark.parametrize("xml", ["", "no xml", "<info><a></info>", "<!DOCTYPE a []><info/>"])
def test_a_header_that_cannot_be_kept_is_written_anew_and_the_old_one_stored(xml: str) -> None:
    info = StreamInfo(
        stream_id=1,
        name="x\x00y",
        type="ECG",
        channel_count=2,
        nominal_rate_hz=0.1,
        channel_format="int64",
        channels=(ChannelInfo(label="a"), ChannelInfo()),
        xml=xml,
    )
    text = recorded_xml(info)
    back, _ = recorded_stream(text, 1)
    assert (back.name, back.nominal_rate_hz, back.channel_format) == ("x\ufffdy", 0.1, "int64")
    assert back.channels == info.channels
    assert (fromstring(text).findtext("desc/received/xml") or "") == xml


def test_comma_lists_and_missing_channels_are_no_channels() -> None:
    info = stream_info(
        RECEIVED.replace("<channels><channel>", "<channels>HR,RR<other>").replace("</channel>", "</other>"), 1
    )
    assert info.channels == ()


def test_deep_and_long_texts_are_refused() -> None:
    with pytest.raises(XmlError, match="deeper"):
        stream_info("<a>" * 5000, 1)
    with pytest.raises(XmlError, match="characters"):
        stream_info("a" * (17 << 20), 1)
