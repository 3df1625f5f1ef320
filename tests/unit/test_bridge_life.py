"""One device's life: states, back-off, watchdogs, and what ends it and what does not. Time is virtual."""

import asyncio
import logging

import numpy as np
import pytest

from devices.bridge import BACK_OFF_S
from devices.errors import DeviceError, Reason
from devices.status import State
from tests.bridge_fakes import (
    ECG,
    RR,
    Bench,
    FakeDriver,
    fails,
    hangs,
    in_virtual_time,
    link_lost,
    out_of_reach,
    stream,
    streams,
)


def lived(seconds, *connections, **options):
    """Run a bridge over a fake device for a while."""

    async def main(pace):
        driver = FakeDriver(pace, *connections)
        bench = Bench(driver, pace, **options)
        await bench.run_for(seconds)
        return bench, driver

    return in_virtual_time(main)


def test_a_device_goes_from_searching_over_waiting_to_streaming_and_stopped():
    bench, _ = lived(5.0, streams(60.0))
    assert bench.states() == ["searching", "waiting", "streaming", "stopped"]
    assert all(outlet.closed for outlet in bench.samples)
    assert bench.texts.closed


def test_a_device_never_found_is_looked_for_for_ever_with_growing_pauses():
    _, driver = lived(4000.0)
    pauses_s = np.diff(driver.began_s)
    assert pauses_s[:6] == pytest.approx(BACK_OFF_S, abs=0.01)
    assert pauses_s[6:] == pytest.approx(10.0, abs=0.01)
    assert len(driver.began_s) > 390


def test_a_search_that_took_long_is_repeated_at_once():
    async def long_search(sink, pace):
        await pace.sleep(20.0)
        raise out_of_reach()

    _, driver = lived(200.0, *[long_search] * 20)
    assert np.diff(driver.began_s) == pytest.approx(20.5, abs=0.01)


def test_ten_seconds_of_streaming_begin_the_back_off_anew():
    failing = [fails(link_lost())] * 5
    _, driver = lived(100.0, *failing, streams(11.0), fails(link_lost()), fails(link_lost()))
    pauses_s = np.diff(driver.began_s)
    assert pauses_s[4] == pytest.approx(8.0, abs=0.01)
    assert pauses_s[5] == pytest.approx(11.5, abs=0.01)
    assert pauses_s[6:8] == pytest.approx([1.0, 2.0], abs=0.01)


def test_streaming_for_a_moment_only_does_not_begin_the_back_off_anew():
    _, driver = lived(60.0, *[streams(1.0)] * 8)
    assert np.diff(driver.began_s)[:6] == pytest.approx([1.5, 1.5, 2.0, 4.0, 8.0, 10.0], abs=0.01)


def test_the_reason_and_the_cure_stay_until_the_device_is_connected():
    bench, _ = lived(2.0, fails(out_of_reach()), hangs)
    trying = bench.statuses[-2]
    assert trying.state is State.SEARCHING
    assert trying.reason is Reason.NOT_FOUND
    assert "Bring it nearer" in trying.text
    bench, _ = lived(4.0, fails(out_of_reach()), streams(60.0))
    waiting = next(status for status in bench.statuses if status.state is State.WAITING)
    assert (waiting.text, waiting.reason) == ("", None)


def test_a_lost_device_says_since_when_it_is_lost_not_since_the_last_attempt():
    async def main(pace):
        bench = Bench(FakeDriver(pace, streams(2.0)), pace)
        task = asyncio.create_task(bench.bridge.run())
        start_s = pace.now()
        await pace.sleep(100.0)
        since_s = bench.bridge.status.since_s - start_s
        task.cancel()
        await asyncio.wait({task})
        return since_s

    assert in_virtual_time(main) == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(
    "error", [ValueError("odd"), IndexError("x"), OSError(5, "I/O"), EOFError(), KeyError("k")]
)
def test_an_unexpected_error_of_a_driver_is_logged_and_the_device_connected_again(error, caplog):
    with caplog.at_level(logging.ERROR):
        bench, driver = lived(5.0, fails(error), streams(60.0))
    assert bench.states() == ["searching", "lost", "searching", "waiting", "streaming", "stopped"]
    lost = next(status for status in bench.statuses if status.state is State.LOST)
    assert type(error).__name__ in lost.text
    assert lost.reason in {Reason.LINK_LOST, Reason.GARBAGE}
    assert type(error).__name__ in caplog.text
    assert len(driver.began_s) == 2


def test_a_device_error_within_a_task_group_is_found():
    async def grouped(sink, pace):
        async with asyncio.TaskGroup() as group:
            group.create_task(fails(link_lost())(sink, pace))
            group.create_task(hangs(sink, pace))

    bench, _ = lived(0.2, grouped)
    assert bench.statuses[1].reason is Reason.LINK_LOST
    assert bench.statuses[1].text == str(link_lost())


def test_a_driver_that_ends_without_a_word_or_cancels_itself_is_run_again():
    async def ends(sink, pace):
        return

    async def cancels(sink, pace):
        raise asyncio.CancelledError

    _, driver = lived(3.0, ends, cancels, streams(60.0))
    assert len(driver.began_s) == 3


@pytest.mark.parametrize("reason", [Reason.NO_ADAPTER, Reason.NO_PERMISSION, Reason.MISSING_LIBRARY])
def test_a_computer_that_cannot_reach_any_device_ends_the_bridge_with_the_error(reason):
    async def main(pace):
        bench = Bench(FakeDriver(pace, fails(DeviceError("Plug one in.", reason))), pace)
        with pytest.raises(DeviceError, match="Plug one in"):
            await bench.bridge.run()
        return bench

    bench = in_virtual_time(main)
    assert bench.statuses[-1].state is State.STOPPED
    assert bench.statuses[-1].text == "Plug one in."
    assert bench.texts.closed


def test_an_adapter_switched_off_or_gone_later_is_waited_for():
    off = DeviceError("Switch it on.", Reason.ADAPTER_OFF)
    gone = DeviceError("Plug one in.", Reason.NO_ADAPTER)
    bench, _ = lived(40.0, fails(off), streams(1.0), fails(gone), fails(gone), streams(60.0))
    assert bench.states()[-2:] == ["streaming", "stopped"]
    assert bench.bridge.status.n_connections == 2


def test_a_device_that_is_connected_but_falls_silent_is_given_up_after_ten_seconds_and_connected_again():
    bench, driver = lived(30.0, streams(3.0, then=hangs), streams(60.0))
    assert driver.began_s[1] - driver.began_s[0] == pytest.approx(13.5, abs=1.1)
    lost = next(status for status in bench.statuses if status.state is State.LOST)
    assert lost.reason is Reason.SILENT
    assert bench.states()[-2:] == ["streaming", "stopped"]


def test_a_strap_that_is_not_worn_may_be_silent_for_a_minute():
    async def off_body(sink, pace):
        sink.contact(False)
        await asyncio.Event().wait()

    _, driver = lived(120.0, streams(3.0, then=off_body), streams(600.0))
    assert driver.began_s[1] - driver.began_s[0] == pytest.approx(63.5, abs=1.1)


def test_a_strap_that_goes_on_telling_that_it_is_not_worn_stays_connected():
    async def off_body(sink, pace):
        while True:
            sink.contact(False)
            await pace.sleep(1.0)

    bench, driver = lived(600.0, streams(3.0, then=off_body))
    assert len(driver.began_s) == 1
    assert bench.bridge.status.n_connections == 1


def test_a_silence_is_told_as_long_as_it_was():
    async def off_body(sink, pace):
        sink.contact(False)
        await asyncio.Event().wait()

    bench, _ = lived(70.0, streams(3.0, then=off_body))
    texts = [status.text for status in bench.statuses if status.reason is Reason.SILENT]
    assert "has sent nothing for 60 s" in texts[0]


def test_an_adapter_unplugged_while_a_device_is_still_looked_for_is_waited_for():
    gone = DeviceError("Plug one in.", Reason.NO_ADAPTER)
    bench, _ = lived(40.0, fails(out_of_reach()), fails(gone), fails(gone), streams(60.0))
    assert bench.states()[-2:] == ["streaming", "stopped"]


def test_a_connect_that_hangs_is_given_up_after_a_minute():
    bench, driver = lived(130.0, hangs, streams(600.0))
    assert driver.began_s[1] - driver.began_s[0] == pytest.approx(60.5, abs=1.1)
    assert any(status.reason is Reason.TIMEOUT for status in bench.statuses)


def test_a_device_that_never_sends_a_first_sample_is_given_up_after_a_minute():
    async def declares(sink, pace):
        sink.declare(ECG)
        await asyncio.Event().wait()

    bench, driver = lived(130.0, declares, streams(600.0))
    assert driver.began_s[1] - driver.began_s[0] == pytest.approx(60.5, abs=1.1)
    assert any(status.reason is Reason.SILENT for status in bench.statuses)


def test_a_driver_that_does_not_let_go_is_abandoned_and_its_late_samples_are_not_used(caplog):
    late = []

    async def clings(sink, pace):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await pace.sleep(20.0)
        stamps_s = np.array([pace.now()])
        sink.push(ECG.source_id, np.array([666.0]), stamps_s)
        sink.battery(1)
        late.append(stamps_s[0])

    bench, driver = lived(60.0, streams(3.0, then=clings), streams(600.0))
    assert "abandoned" in caplog.text
    assert driver.began_s[1] - driver.began_s[0] == pytest.approx(3.0 + 10.0 + 6.0 + 0.5, abs=1.1)
    assert late
    assert 666.0 not in bench.samples[0].values
    assert bench.bridge.rejects["late"] == 2
    assert bench.bridge.status.battery_percent is None


def test_what_a_driver_still_holds_when_it_is_stopped_is_sent():
    async def holds(sink, pace):
        try:
            await asyncio.Event().wait()
        finally:
            sink.push(ECG.source_id, np.array([7.0]), np.array([pace.now()]))

    bench, _ = lived(3.0, streams(2.0, then=holds))
    assert bench.samples[0].values[-1] == 7.0


def test_stopping_waits_for_the_driver_to_let_go():
    let_go = []

    async def polite(sink, pace):
        try:
            await asyncio.Event().wait()
        finally:
            await pace.sleep(4.0)
            let_go.append(True)

    lived(3.0, streams(2.0, then=polite))
    assert let_go == [True]


def test_a_loop_that_was_held_up_does_not_make_a_device_silent():
    async def main(pace):
        delivered = asyncio.Event()

        async def delayed(sink, connection_pace):
            await delivered.wait()
            await streams(600.0)(sink, connection_pace)

        bench = Bench(FakeDriver(pace, streams(4.0, then=delayed)), pace)
        task = asyncio.create_task(bench.bridge.run())
        await pace.sleep(5.0)
        asyncio.get_running_loop()._virtual.now_s += 30.0
        await pace.sleep(1.5)
        delivered.set()
        await pace.sleep(5.0)
        task.cancel()
        await asyncio.wait({task})
        return bench

    assert in_virtual_time(main).states() == ["searching", "waiting", "streaming", "stopped"]


def test_the_outlets_stay_when_the_link_goes():
    bench, _ = lived(10.0, streams(2.0), streams(60.0))
    assert len(bench.samples) == 1
    assert np.all(np.diff(bench.samples[0].stamps_s) > 0.0)


def test_new_firmware_keeps_the_outlet_and_another_rate_opens_a_new_one():
    updated = stream("ECG", firmware="2.0")
    faster = stream("ECG", rate_hz=200.0)
    bench, _ = lived(20.0, streams(2.0), streams(2.0, spec=updated), streams(2.0, spec=faster))
    assert [outlet.spec for outlet in bench.samples] == [ECG, faster]
    (event,) = bench.texts.events("stream")
    assert "130 Hz" in event["text"]
    assert "200 Hz" in event["text"]


def test_samples_of_an_undeclared_stream_are_a_fault_of_the_driver():
    async def undeclared(sink, pace):
        sink.declare(ECG)
        sink.push(RR.source_id, np.zeros(1), np.array([pace.now()]))

    bench, _ = lived(0.2, undeclared)
    assert "ValueError" in bench.statuses[2].text


def test_samples_that_do_not_ascend_are_dropped_and_counted():
    async def jumbled(sink, pace):
        sink.declare(ECG)
        start_s = pace.now()
        sink.push(ECG.source_id, np.arange(5.0), start_s + np.array([0.0, 2.0, 1.0, 2.0, 3.0]))
        sink.push(ECG.source_id, np.array([5.0, 6.0, 7.0]), start_s + np.array([3.0, np.nan, 4.0]))
        sink.push(ECG.source_id, np.zeros(0), np.zeros(0))
        await asyncio.Event().wait()

    bench, _ = lived(1.0, jumbled)
    assert bench.samples[0].values == [0.0, 1.0, 4.0, 7.0]
    assert bench.bridge.rejects == {"backwards": 4}
    assert bench.bridge.status.n_rejected == 4


def test_rates_are_measured_by_stamps_over_the_last_ten_seconds():
    bench, _ = lived(30.0, streams(600.0))
    streaming = [status for status in bench.statuses if status.state is State.STREAMING]
    assert streaming[-1].rates_hz["ECG"] == pytest.approx(100.0, rel=1e-3)
    assert streaming[-1].declared_hz == {"ECG": 130.0}
    assert bench.statuses[-1].rates_hz == {}


def test_figures_alone_are_told_at_most_twice_a_second():
    bench, _ = lived(100.0, streams(600.0))
    assert len(bench.statuses) <= 2 * 100 + 10


def test_a_bridge_runs_once():
    async def main(pace):
        bench = Bench(FakeDriver(pace, streams(60.0)), pace)
        await bench.run_for(1.0)
        with pytest.raises(RuntimeError, match="once"):
            await bench.bridge.run()

    in_virtual_time(main)
