"""Serial ports: why one does not open, and a real pseudo-terminal that comes, talks and goes."""

import asyncio
import contextlib
import errno
import os
import sys
import threading

import pytest

from devices.driver import Link, Seen
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.serial_port import SerialLink, list_ports
from devices.serial_words import open_error

PORT = "/dev/rfcomm0"
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")


@pytest.mark.parametrize(
    ("number", "reason", "cure"),
    [
        (errno.ENOENT, Reason.NOT_FOUND, "PIN 1234"),
        (errno.EBUSY, Reason.BUSY, "Consensys"),
        (errno.EAGAIN, Reason.BUSY, "Another program"),
        (errno.ECONNREFUSED, Reason.PAIRING, "PIN"),
        (errno.EHOSTDOWN, Reason.TIMEOUT, "switched on"),
        (errno.ETIMEDOUT, Reason.TIMEOUT, "PIN 1234"),
    ],
)
def test_each_reason_has_its_cure(number, reason, cure):
    error = open_error(PORT, OSError(number, os.strerror(number)), [])
    assert error.reason is reason
    assert error.code == number
    assert PORT in str(error)
    assert cure in str(error)


@pytest.mark.parametrize(("platform", "reason"), [("linux", Reason.NO_PERMISSION), ("win32", Reason.BUSY)])
def test_what_is_forbidden_on_linux_is_in_use_on_windows(monkeypatch, platform, reason):
    monkeypatch.setattr(sys, "platform", platform)
    assert open_error("COM5", PermissionError(errno.EACCES, "Access is denied"), []).reason is reason


def test_the_group_is_named_where_permission_is_missing(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert "usermod -aG dialout" in str(open_error(PORT, PermissionError(errno.EACCES, "no"), []))


def test_windows_says_the_number_in_words_only():
    text = "could not open port 'COM9': FileNotFoundError(2, 'Not found', None, 2)"
    assert open_error("COM9", OSError(text), []).reason is Reason.NOT_FOUND


def test_the_ports_there_are_get_listed():
    seen = Seen(link=Link.SERIAL, address="COM3", name="USB Serial Port")
    assert "COM3 (USB Serial Port)" in str(open_error("COM9", FileNotFoundError(errno.ENOENT, "x"), [seen]))


def test_listing_the_ports_of_this_computer_gives_serial_ports():
    assert all(seen.link is Link.SERIAL and seen.address for seen in list_ports())


def test_a_port_that_does_not_exist():
    async def go() -> None:
        with pytest.raises(DeviceError, match="There is no serial port") as caught:
            await SerialLink.open("/dev/attune-has-no-such-port", Pace())
        assert caught.value.reason is Reason.NOT_FOUND

    asyncio.run(go())


@contextlib.contextmanager
def terminal():
    """Give both ends of a pseudo-terminal, raw: a descriptor and a port."""
    import tty

    ours, theirs = os.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    ends = [ours, theirs]
    try:
        yield ends, os.ttyname(theirs)
    finally:
        for end in ends:
            os.close(end)


async def until_refused(link):
    """Write until the port takes no more."""
    for _ in range(100):
        await link.write(b"\x20")
        await asyncio.sleep(0)


async def until_lost(link):
    """Read until there is no more."""
    while True:
        await link.read()


@posix
def test_bytes_go_both_ways_and_are_stamped_when_they_come():
    async def go() -> None:
        with terminal() as (ends, port):
            pace = Pace()
            link = await SerialLink.open(port, pace)
            try:
                await link.write(b"\x01")
                assert await asyncio.to_thread(os.read, ends[0], 10) == b"\x01"
                before_s = pace.now()
                os.write(ends[0], b"abc")
                data = b""
                while len(data) < 3:
                    piece, arrival_s = await link.read()
                    data += piece
                    assert before_s <= arrival_s <= pace.now()
                assert data == b"abc"
            finally:
                await link.close()

    asyncio.run(go())


@posix
def test_a_port_that_vanishes_gives_what_came_and_then_the_error():
    async def go() -> None:
        with terminal() as (ends, port):
            link = await SerialLink.open(port, Pace())
            os.write(ends[0], b"last words")
            data = b""
            while len(data) < 10:
                data += (await link.read())[0]
            os.close(ends.pop(0))
            with pytest.raises(DeviceError, match="was lost") as caught:
                await link.read()
            assert caught.value.reason is Reason.LINK_LOST
            with pytest.raises(DeviceError):
                await until_refused(link)
            await link.close()
            await link.close()

    asyncio.run(go())


@posix
def test_a_port_in_use_is_busy():
    async def go() -> None:
        with terminal() as (_, port):
            link = await SerialLink.open(port, Pace())
            try:
                with pytest.raises(DeviceError, match="Another program uses") as caught:
                    await SerialLink.open(port, Pace())
                assert caught.value.reason is Reason.BUSY
            finally:
                await link.close()

    asyncio.run(go())


@posix
def test_what_nobody_reads_is_dropped_counted_and_becomes_an_error(monkeypatch):
    monkeypatch.setattr("devices.serial_port._MOST_WAITING_BYTES", 64)

    async def go() -> None:
        with terminal() as (ends, port):
            link = await SerialLink.open(port, Pace())
            try:
                while not link.n_dropped_bytes:
                    os.write(ends[0], bytes(100))
                    await asyncio.sleep(0.001)
                with pytest.raises(DeviceError, match="did not keep up"):
                    await until_lost(link)
            finally:
                await link.close()

    asyncio.run(go())


@posix
def test_a_closed_port_is_free_again():
    async def go() -> None:
        with terminal() as (_, port):
            for _ in range(3):
                link = await SerialLink.open(port, Pace())
                await link.close()
            with pytest.raises(DeviceError, match="is closed"):
                await link.write(b"\x01")

    asyncio.run(go())


@posix
@pytest.mark.parametrize("path", ["/dev/null", "/dev"])
def test_what_is_no_serial_port_is_called_so(path):
    async def go() -> None:
        with pytest.raises(DeviceError, match=f"{path} is no serial port") as caught:
            await SerialLink.open(path, Pace())
        assert caught.value.reason is Reason.NOT_FOUND

    asyncio.run(go())


@posix
def test_an_error_of_the_terminal_is_an_error_of_the_device(monkeypatch):
    import termios

    def refuses(*_, **__):
        raise termios.error(errno.EIO, "Input/output error")

    monkeypatch.setattr("devices.serial_port.serial.serial_for_url", refuses)

    async def go() -> None:
        async with asyncio.timeout(5.0):
            with pytest.raises(DeviceError, match="Nobody answers behind") as caught:
                # A port of its own: a thread of another test may still be about to let go of the usual one.
                await SerialLink.open("/dev/rfcomm7", Pace())
        assert caught.value.code == errno.EIO

    asyncio.run(go())


def test_attempts_that_hang_in_the_system_do_not_pile_up_threads(monkeypatch):
    monkeypatch.setattr("devices.serial_port._OPEN_TIMEOUT_S", 0.05)
    awake = threading.Event()

    def hangs(*_, **__):
        awake.wait(10.0)
        raise OSError(errno.EHOSTDOWN, "Host is down")

    monkeypatch.setattr("devices.serial_port.serial.serial_for_url", hangs)

    async def go() -> None:
        before = threading.active_count()
        for _ in range(4):
            with pytest.raises(DeviceError) as caught:
                await SerialLink.open(PORT, Pace())
            assert caught.value.reason is Reason.TIMEOUT
            assert threading.active_count() <= before + 1

    try:
        asyncio.run(go())
    finally:
        awake.set()
