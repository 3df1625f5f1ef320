"""What may be asked for, on the command line and in a file of devices."""

from argparse import Namespace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.device_file import DeviceFileError, read_device_file
from devices.driver import Wish
from devices.orders import Order, OrderError, check_address, orders_from_options, refuse_twins
from tests.fake_wearable import KIND, SERIAL_KIND, distribution

MAC = "F0:F1:F2:F3:F4:F5"


def options(addresses: list[str], participants: list[str]) -> Namespace:
    return Namespace(addresses=addresses, participants=participants, **vars(KIND.defaults()))


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    distribution(
        tmp_path,
        "acme-wear",
        fake="tests.fake_wearable:KIND",
        fake_serial="tests.fake_wearable:SERIAL_KIND",
    )
    return tmp_path / "devices.toml"


def test_codes_and_addresses_are_paired_in_order() -> None:
    orders = orders_from_options(KIND, options(["1A2B", MAC], ["C07", "T02"]))
    assert [(order.wish.address, order.wish.participant) for order in orders] == [
        ("1A2B", "C07"),
        (MAC, "T02"),
    ]
    assert orders[0].wish.options == KIND.defaults()


def test_without_an_address_one_device_is_meant() -> None:
    (order,) = orders_from_options(KIND, options([], ["C07"]))
    assert (order.wish.address, order.wish.participant, order.title) == ("", "C07", "fake")


@pytest.mark.parametrize(
    ("addresses", "codes", "why"),
    [
        (["1A2B", "3C4D"], ["C07"], "1 code for 2 devices"),
        ([], ["C07", "T02"], "2 codes for 1 device"),
        (["1A2B", "3C4D"], ["C07", "C07"], "the same code C07"),
        (["1A2B", "1a2b"], [], "given twice"),
        (["1A2B", "1A2B3C4D"], [], "one is part of the other"),
        (["1A2B3C4D", "1A2B"], [], "one is part of the other"),
        (["1A2B", "/dev/rfcomm0"], [], "is a serial port"),
        (["COM5"], [], "is a serial port"),
        (["F0:F1:F2:F3:F4"], [], "six pairs"),
        (["F0:F1:F2:F3:F4:FG"], [], "six pairs"),
        (["  "], [], "is no address"),
        (["Polar\x1b[2J"], [], "is no address"),
        (["x" * 500], [], "is no address"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(addresses: list[str], codes: list[str], why: str) -> None:
    with pytest.raises(OrderError, match=why):
        orders_from_options(KIND, options(addresses, codes))


def test_a_serial_port_need_not_be_there_yet_and_a_bluetooth_address_is_none() -> None:
    for port in ("COM5", "/dev/rfcomm7", "/dev/tty.Shimmer3-92E8", "socket://localhost:7"):
        assert check_address(port, SERIAL_KIND) == port
    with pytest.raises(OrderError, match="is a Bluetooth address"):
        check_address(MAC, SERIAL_KIND)


def test_an_order_without_address_beside_another_over_the_same_link_is_refused() -> None:
    alone, other = Order(KIND, Wish(address="")), Order(KIND, Wish(address="1A2B"))
    with pytest.raises(OrderError, match="each needs its address"):
        refuse_twins([other, alone])
    refuse_twins([alone, Order(SERIAL_KIND, Wish(address=""))])


@given(
    st.lists(
        st.sampled_from(["1A2B", "1a2b", "1A2B3C4D", "", MAC, "Verity"]), min_size=2, max_size=3, unique=True
    )
)
@settings(max_examples=150)
def test_orders_that_pass_name_each_device_once(addresses: list[str]) -> None:
    orders = [Order(KIND, Wish(address=address)) for address in addresses]
    try:
        refuse_twins(orders)
    except OrderError:
        return
    lowered = [address.casefold() for address in addresses]
    for place, address in enumerate(lowered):
        assert not any(address in other for other in lowered[:place] + lowered[place + 1 :])


def test_a_file_names_devices_of_several_kinds_with_their_options(file: Path) -> None:
    file.write_text(
        '[[device]]\nkind = "fake"\naddress = "1A2B3C4D"\nparticipant = "C07"\nrate = 51.2\nno-light = true\n'
        '[[device]]\nkind = "fake-serial"\naddress = "/dev/rfcomm0"\nparticipant = "C07"\nsensor = "right"\n'
        "no_light = false\n"
    )
    strap, unit = read_device_file(file)
    assert (strap.title, strap.wish.participant) == ("fake 1A2B3C4D", "C07")
    assert strap.wish.options == Namespace(rate=51.2, sensor="left", no_light=True, fails="")
    assert (unit.kind, unit.wish.options.sensor, unit.wish.options.no_light) == (SERIAL_KIND, "right", False)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names no device"),
        ("device = 3", "names no device"),
        ("[device]\nkind = 'fake'", "names no device"),
        ("[[devices]]\nkind = 'fake'", "unknown key `devices`"),
        ("[[device]\n", "is no TOML"),
        (f"device = {'[' * 100_000}", "is nested too deeply"),
        ("[[device]]\naddress = '1A'", r"device 1 \(line 1\): kind is None. Valid kinds: polar-h10"),
        ("\n\n[[device]]\nkind = 'h10'", r"device 1 \(line 3\): kind is 'h10'"),
        (
            "[[device]]\nkind = 'fake'\nspeed = 3",
            "unknown key `speed`. Valid keys for fake: kind, address, participant, rate, sensor, no-light",
        ),
        ("[[device]]\nkind = 'fake'\nrate = 'fast'", "invalid float value: 'fast'"),
        ("[[device]]\nkind = 'fake'\nrate = [1]", "`rate` must be a number or a text"),
        ("[[device]]\nkind = 'fake'\nsensor = 'up'", "invalid choice: 'up'"),
        ("[[device]]\nkind = 'fake'\nno-light = 1", "`no-light` must be true or false"),
        ("[[device]]\nkind = 'fake'\naddress = 12", 'address must be text in quotes, such as address = "12"'),
        ("[[device]]\nkind = 'fake'\nparticipant = 'Anna B.'", "may hold letters"),
        ("[[device]]\nkind = 'fake'\naddress = 'COM3'", "is a serial port"),
        ("[[device]]\nkind='fake'\naddress='1A'\n[[device]]\nkind='fake'\naddress='1a'", "given twice"),
        ("[[device]]\nkind='fake'\n[[device]]\nkind='fake'\naddress='1a'", "each needs its address"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_place_and_reason(file: Path, text: str, why: str) -> None:
    file.write_text(text)
    with pytest.raises(DeviceFileError, match=why) as told:
        read_device_file(file)
    assert str(file) in str(told.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeviceFileError, match="cannot be read: No such file"):
        read_device_file(tmp_path / "none.toml")
    with pytest.raises(DeviceFileError, match="cannot be read"):
        read_device_file(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DeviceFileError, match="no UTF-8"):
        read_device_file(tmp_path / "bytes.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * (1 << 21))
    with pytest.raises(DeviceFileError, match="larger"):
        read_device_file(tmp_path / "large.toml")


def test_a_file_saved_on_windows_is_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf[[device]]\r\nkind = 'fake'\r\n")
    assert read_device_file(file)[0].kind is KIND
