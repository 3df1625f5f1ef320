"""Several bridges in one process, and what ends them."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest

from devices.errors import DeviceError, Reason
from devices.fleet import run_fleet
from devices.status import State
from tests.bridge_fakes import Bench, FakeDriver, fails, in_virtual_time, streams

NO_ADAPTER = DeviceError("Plug one in.", Reason.NO_ADAPTER)


def bench_of(pace, name, *connections):
    return Bench(FakeDriver(pace, *connections, name=name, key=name.lower().replace(" ", "-")), pace)


async def fleet_for(seconds, pace, *benches):
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, stop.set)
    await run_fleet([bench.bridge for bench in benches], stop)


def test_a_stop_ends_all_devices():
    async def main(pace):
        benches = [bench_of(pace, f"Fake {index}", streams(600.0)) for index in range(6)]
        await fleet_for(20.0, pace, *benches)
        return benches

    for bench in in_virtual_time(main):
        assert bench.states() == ["searching", "waiting", "streaming", "stopped"]
        assert bench.texts.closed


def test_a_device_that_cannot_begin_does_not_end_another():
    async def main(pace):
        good, bad = bench_of(pace, "Good", streams(600.0)), bench_of(pace, "Bad", fails(NO_ADAPTER))
        with pytest.raises(ExceptionGroup) as caught:
            await fleet_for(20.0, pace, good, bad)
        return good, caught.value.exceptions

    good, errors = in_virtual_time(main)
    assert errors == (NO_ADAPTER,)
    assert len(good.samples[0].values) > 1500


def test_a_fleet_of_which_none_can_begin_ends_by_itself_with_the_errors_of_all():
    async def main(pace):
        benches = [bench_of(pace, f"Fake {index}", fails(NO_ADAPTER)) for index in range(3)]
        with pytest.raises(ExceptionGroup, match="3 of 3 devices") as caught:
            await run_fleet([bench.bridge for bench in benches], asyncio.Event())
        return caught.value.exceptions

    assert len(in_virtual_time(main)) == 3


def test_a_fleet_that_is_cancelled_stops_its_devices():
    async def main(pace):
        bench = bench_of(pace, "Fake 1", streams(600.0))
        task = asyncio.create_task(run_fleet([bench.bridge], asyncio.Event()))
        await pace.sleep(5.0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return bench

    assert in_virtual_time(main).statuses[-1].state is State.STOPPED


def test_a_driver_that_clings_does_not_keep_the_fleet_from_ending():
    async def clings(sink, pace):
        until_s = pace.now() + 300.0
        while pace.now() < until_s:
            with contextlib.suppress(asyncio.CancelledError):
                await pace.sleep(until_s - pace.now())

    async def main(pace):
        bench = bench_of(pace, "Fake 1", streams(1.0, then=clings))
        began_s = pace.now()
        await fleet_for(3.0, pace, bench)
        took_s = pace.now() - began_s
        # Let the abandoned driver end, so that the loop can be closed.
        await pace.sleep(400.0)
        return took_s, bench

    took_s, bench = in_virtual_time(main)
    assert took_s <= 3.0 + 7.5
    assert bench.texts.closed


def test_the_same_device_twice_is_refused():
    async def main(pace):
        benches = [bench_of(pace, "Fake 1"), bench_of(pace, "Fake 1")]
        with pytest.raises(ValueError, match="fake-1"):
            await run_fleet([bench.bridge for bench in benches], asyncio.Event())

    in_virtual_time(main)


CHILD = """
import asyncio, sys, time
from devices.fleet import install_signals, stop_when_input_closes

async def main():
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    received = install_signals(loop, stop)
    stop_when_input_closes(lambda: loop.call_soon_threadsafe(stop.set))
    print("ready", flush=True)
    await stop.wait()
    print("stopping", *received, flush=True)
    if "hang" in sys.argv:
        await asyncio.sleep(60.0)

asyncio.run(main())
"""


def child(*arguments):
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_stops_in_order(name):
    number = getattr(signal, name)
    with child() as process:
        process.send_signal(number)
        assert process.stdout.readline() == f"stopping {number.value}\n"
        assert process.wait(20.0) == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
def test_a_second_interrupt_ends_at_once():
    with child("hang") as process:
        process.send_signal(signal.SIGINT)
        process.stdout.readline()
        time.sleep(0.35)
        process.send_signal(signal.SIGINT)
        assert process.wait(20.0) == 130


@pytest.mark.slow
def test_the_end_of_the_parent_stops_it():
    with child() as process:
        process.stdin.close()
        assert process.stdout.readline() == "stopping\n"
        assert process.wait(20.0) == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
def test_under_nohup_a_bridge_outlives_its_terminal():
    command = [sys.executable, "-c", f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{CHILD}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == f"stopping {signal.SIGTERM.value}\n"
        assert process.wait(20.0) == 0
