"""What outlets tell of themselves: refused before anything is connected, read in every layout in use."""

from typing import Any

import pytest

from monitor.lsl.advert import Advert, changes, problem_of, stream_info
from monitor.lsl.succession import Succession


def advert(**more: Any) -> Any:
    given = {
        "uid": "u",
        "name": "Polar",
        "type": "ECG",
        "source_id": "s",
        "hostname": "h",
        "channel_count": 2,
        "nominal_rate_hz": 130.0,
        "channel_format": "float32",
        "handle": None,
        **more,
    }
    return Advert(**given)


@pytest.mark.parametrize("rate", [0.0, 0.1, 1.0, 51.2, 130.0, 10_000.0])
def test_a_rate_of_a_real_sensor_is_accepted(rate: Any) -> None:
    assert problem_of(advert(nominal_rate_hz=rate)) == ""


@pytest.mark.parametrize(
    "bad",
    [
        {"nominal_rate_hz": -0.5},
        {"nominal_rate_hz": float("nan")},
        {"nominal_rate_hz": float("inf")},
        {"nominal_rate_hz": 1e9},
        {"channel_count": 0},
        {"channel_count": -1},
        {"channel_count": 2_000_000_000},
        {"channel_format": "undefined"},
        {"channel_format": "format 99"},
        {"name": ""},
        {"name": "x" * 200},
        {"name": "a\nb"},
        {"type": "\x1b[31m"},
    ],
)
def test_a_malformed_declaration_is_refused_with_a_reason(bad: Any) -> None:
    assert problem_of(advert(**bad))


def header(channels: Any) -> str:
    return f"<?xml version='1.0'?><info><desc>{channels}</desc></info>"


@pytest.mark.parametrize(
    ("channels", "labels"),
    [
        ("", []),
        (
            "<channels><channel><label>ECG</label></channel><channel><name>RR</name></channel></channels>",
            ["ECG", "RR"],
        ),
        ("<channels>HR, RR</channels>", ["HR", "RR"]),
        ("<channels><channel>bpm</channel><channel>rr</channel></channels>", ["bpm", "rr"]),
        ("<channels><bpm/><rr/></channels>", ["bpm", "rr"]),
        ("<channels>" + "<channel><label>a</label></channel>" * 9 + "</channels>", ["a", "a"]),
    ],
)
def test_channel_labels_are_read_in_every_layout_in_use(channels: Any, labels: Any) -> None:
    assert [channel.label for channel in stream_info(advert(), header(channels), 1).channels] == labels


def test_a_sensor_tells_the_type_of_its_channel() -> None:
    xml = header(
        "<channels><channel><label>A1</label><sensor>ECG</sensor><unit>mV</unit></channel></channels>"
    )
    (channel,) = stream_info(advert(), xml, 1).channels
    assert (channel.label, channel.type, channel.unit) == ("A1", "ECG", "mV")


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<info>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><info>&a;</info>",
        "<info>" + "<a>" * 5000 + "</a>" * 5000 + "</info>",
        "<info>" + "x" * 2_000_000 + "</info>",
    ],
)
def test_a_header_that_is_no_header_is_refused(xml: Any) -> None:
    with pytest.raises(ValueError, match="header"):
        stream_info(advert(), xml, 1)


def test_every_change_of_a_stream_is_named() -> None:
    before = stream_info(advert(), header("<channels><channel><unit>uV</unit></channel></channels>"), 1)
    after = stream_info(
        advert(nominal_rate_hz=1000.0, channel_format="int32", hostname="g"),
        header("<channels><channel><unit>mV</unit></channel></channels>"),
        2,
    )
    assert changes(before, before) == ""
    assert changes(before, after) == (
        "host h to g, rate 130 Hz to 1000 Hz, format float32 to int32, units uV to mV"
    )


def test_only_a_single_newcomer_succeeds_a_stream() -> None:
    present = [advert(uid="first")]
    succession = Succession(present[0], lambda: present)
    assert succession.successor() is None
    present.append(advert(uid="second"))
    assert succession.successor() is present[1]
    present.append(advert(uid="third"))
    assert succession.successor() is None


def test_an_outlet_that_stood_beside_the_stream_never_succeeds_it() -> None:
    present = [advert(uid="first"), advert(uid="double")]
    succession = Succession(present[0], lambda: present)
    assert [rival.uid for rival in succession.new_rivals()] == ["double"]
    assert succession.new_rivals() == []
    del present[0]
    assert succession.successor() is None


def test_another_host_is_another_stream() -> None:
    present = [advert(), advert(uid="v", hostname="elsewhere")]
    assert Succession(present[0], lambda: present).others() == []
