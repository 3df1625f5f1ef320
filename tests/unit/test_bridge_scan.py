"""What a scan prints of what it saw."""

import asyncio
import dataclasses
import json

import pytest

from devices import scan
from devices.driver import Link, Seen
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.radio import Radio
from devices.registry import KindWarning
from devices.scan import Found, scan_json, scan_table
from tests.fake_wearable import KIND, SERIAL_KIND, seen

KINDS = {kind.name: kind for kind in (KIND, SERIAL_KIND)}
STRAP = seen("Fake H10 1A2B3C4D", "F0:F1:F2:F3:F4:F5", -71)
OTHER = seen("Fake H10 9E8F7A6B", "F0:F1:F2:F3:F4:F6", -92)
PORT = Seen(link=Link.SERIAL, address="/dev/rfcomm0", name="Port of a thing")
NO_ADAPTER = DeviceError("No Bluetooth adapter. Plug one in.", Reason.NO_ADAPTER)


def looked(
    monkeypatch: pytest.MonkeyPatch,
    air: list[Seen] | DeviceError,
    ports: list[Seen] | DeviceError,
    *,
    everything: bool = False,
) -> Found:
    async def listen(radio: Radio, seconds: float, pace: Pace) -> list[Seen]:
        if isinstance(air, DeviceError):
            raise air
        return air

    def list_ports() -> list[Seen]:
        if isinstance(ports, DeviceError):
            raise ports
        return ports

    monkeypatch.setattr(scan, "scan", listen)
    monkeypatch.setattr(scan, "list_ports", list_ports)
    return asyncio.run(scan.look(KINDS, Radio(), Pace(), seconds=0.1, everything=everything))


def test_each_device_has_a_line_to_type_within_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    text = scan_table(looked(monkeypatch, [OTHER, STRAP], [PORT]))
    assert text.splitlines() == [
        "KIND         NAME               ADDRESS            SIGNAL",
        "fake         Fake H10 1A2B3C4D  F0:F1:F2:F3:F4:F5  -71 dBm, good",
        "fake         Fake H10 9E8F7A6B  F0:F1:F2:F3:F4:F6  -92 dBm, weak",
        "fake-serial  Port of a thing    /dev/rfcomm0",
        "",
        "To start one, type its line; --participant CODE says who wears it:",
        "",
        "  attune bridge fake 1A2B3C4D",
        "  attune bridge fake 9E8F7A6B",
        "  attune bridge fake-serial /dev/rfcomm0",
    ]


def test_a_name_two_devices_share_is_not_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    twin = seen(STRAP.name, OTHER.address)
    text = scan_table(looked(monkeypatch, [STRAP, twin], []))
    assert f"attune bridge fake {STRAP.address}" in text
    assert f"attune bridge fake {OTHER.address}" in text


def test_an_identifier_of_macos_still_fits_into_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    device = seen("Fake H10 1A2B3C4D", "6B29FC40-CA47-1067-B31D-00DD010662DA")
    assert max(map(len, scan_table(looked(monkeypatch, [device], [])).splitlines())) <= 80


def test_strangers_are_shown_when_asked_for_and_cannot_write_into_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stranger = seen("\x1b[2J\n" + "x" * 100, "AA:BB:CC:DD:EE:FF", None)
    assert scan_table(looked(monkeypatch, [stranger], [])) == f"{scan.NO_STRAP}\n\n{scan.NO_PORT}"
    text = scan_table(looked(monkeypatch, [stranger], [], everything=True))
    assert "?[2J?xxx" in text
    assert "\x1b" not in text
    assert "attune bridge  " not in text
    assert scan.NO_STRAP in text
    assert max(map(len, text.splitlines())) <= 80


def test_an_address_that_is_a_shell_command_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    port = Seen(link=Link.SERIAL, address="/dev/tty.$(reboot)", name="a port")
    assert "fake-serial '/dev/tty.$(reboot)'" in scan_table(looked(monkeypatch, [], [port]))


def test_without_an_adapter_the_ports_are_listed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    found = looked(monkeypatch, NO_ADAPTER, [PORT])
    assert found.looked
    assert found.troubles == (NO_ADAPTER,)
    assert "/dev/rfcomm0" in scan_table(found)
    assert scan.NO_STRAP not in scan_table(found)


def test_where_nothing_can_be_looked_at_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = looked(monkeypatch, NO_ADAPTER, [])
    assert not found.looked
    assert scan_table(found) == scan.NO_PORT
    broken = DeviceError("pyserial is missing.", Reason.MISSING_LIBRARY)
    assert looked(monkeypatch, NO_ADAPTER, broken).troubles == (NO_ADAPTER, broken)


def test_a_port_that_does_not_say_what_it_is_may_be_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = Seen(link=Link.SERIAL, address="COM5", name="Standard Serial over Bluetooth link (COM5)")
    found = looked(monkeypatch, NO_ADAPTER, [silent])
    assert found.looked
    assert scan_table(found) == (
        "These serial ports do not say what is behind them:\n\n"
        "  attune bridge fake-serial COM5  (Standard Serial over Bluetooth link (COM5))"
    )
    assert [device["address"] for device in json.loads(scan_json(found))["devices"]] == ["COM5"]


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        ([], "There is none on this computer. Give it: `attune bridge fake-serial PORT`"),
        ([Seen(link=Link.SERIAL, address="COM5", name="")], "There are: COM5. Give it"),
        ([PORT, PORT], "There are: /dev/rfcomm0, /dev/rfcomm0. Give it"),
    ],
)
def test_without_a_port_only_one_that_says_what_it_is_will_do(
    monkeypatch: pytest.MonkeyPatch, ports: list[Seen], told: str
) -> None:
    monkeypatch.setattr(scan, "list_ports", lambda: ports)
    with pytest.raises(DeviceError, match=told):
        scan.only_port(SERIAL_KIND)
    monkeypatch.setattr(scan, "list_ports", lambda: [*ports[:1], PORT] if ports != [PORT, PORT] else [PORT])
    assert scan.only_port(SERIAL_KIND) == "/dev/rfcomm0"


def test_a_program_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    read = json.loads(scan_json(looked(monkeypatch, [STRAP], DeviceError("gone", Reason.NO_PERMISSION))))
    assert read == {
        "devices": [
            {
                "kind": "fake",
                "link": "ble",
                "name": STRAP.name,
                "address": STRAP.address,
                "rssi_dbm": -71,
                "command": "attune bridge fake 1A2B3C4D",
            }
        ],
        "troubles": [{"reason": "no_permission", "text": "gone"}],
    }


def test_the_first_kind_that_recognises_a_device_names_it() -> None:
    both = seen("fake port", "AA:BB:CC:DD:EE:FF")
    assert scan.recognised(both, KINDS) == "fake"
    assert scan.recognised(seen("watch", "AA:BB:CC:DD:EE:FF"), KINDS) == ""
    assert scan.recognised(Seen(link=Link.SERIAL, address="COM1", name="fake"), KINDS) == ""


def test_a_kind_that_fails_at_a_device_does_not_spoil_the_scan() -> None:
    def fails(device: Seen) -> bool:
        raise LookupError("no such key")

    broken = dataclasses.replace(KIND, name="broken", recognises=fails)
    with pytest.warns(KindWarning, match="'broken' cannot tell what is in reach: LookupError: no such key"):
        assert scan.recognised(STRAP, {"broken": broken, "fake": KIND}) == "fake"


def test_an_endless_name_is_not_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    endless = seen(f"Fake {'A1' * 150}", "F0:F1:F2:F3:F4:F7")
    assert "attune bridge fake F0:F1:F2:F3:F4:F7" in scan_table(looked(monkeypatch, [endless], []))
