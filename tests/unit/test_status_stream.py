"""What the status stream of a device says, and how often."""

import asyncio
import json

import numpy as np
import pytest

from devices.errors import DeviceError, Reason
from devices.status import REASON_WORDS
from devices.status_texts import LONGEST_TEXT, StatusTexts
from tests.bridge_fakes import (
    ECG,
    RR,
    Bench,
    FakeDriver,
    KeptTexts,
    fails,
    in_virtual_time,
    out_of_reach,
    streams,
)


def told(seconds, *connections, before=lambda bench: None):
    async def main(pace):
        bench = Bench(FakeDriver(pace, *connections), pace)
        before(bench)
        await bench.run_for(seconds)
        return bench

    return in_virtual_time(main)


def battery(*percents):
    async def connection(sink, pace):
        sink.declare(ECG)
        for percent in percents:
            sink.battery(percent)
            await pace.sleep(1.0)
        await asyncio.Event().wait()

    return connection


def test_a_unit_that_must_be_doubted_is_said_and_not_counted_as_rejected():
    async def connection(sink, pace):
        sink.declare(RR)
        sink.rejected("rr_scale")
        sink.rejected("malformed")
        await asyncio.Event().wait()

    bench = told(3.0, connection)
    (said,) = bench.texts.events("stream")
    assert said["doubt"] == "rr_scale"
    assert said["stream"] == "RR"
    assert "milliseconds" in said["text"]
    assert bench.bridge.status.n_rejected == 1
    assert bench.bridge.rejects["rr_scale"] == 1


def test_each_state_is_told_with_its_reason():
    bench = told(3.0, streams(1.0), streams(60.0))
    states = [(event["state"], event["reason"]) for event in bench.texts.events("state")]
    assert states == [
        ("searching", None),
        ("waiting", None),
        ("streaming", None),
        ("lost", "link_lost"),
        ("waiting", None),
        ("streaming", None),
        ("stopped", None),
    ]
    assert bench.texts.events("state")[3]["text"] == "lost, trying again: the link broke"


def test_what_a_message_quotes_does_not_get_onto_the_wire():
    error = DeviceError("There is no serial port. There are: /dev/tty.AnnasUnit (Anna).", Reason.NOT_FOUND)
    bench = told(3.0, fails(error))
    assert any("Anna" in status.text for status in bench.statuses)
    assert not any("Anna" in text for _, text in bench.texts.texts)


def test_every_reason_has_words_for_the_status_stream():
    assert set(REASON_WORDS) == set(Reason)


def test_the_stamps_of_the_texts_ascend():
    bench = told(30.0, streams(1.0), battery(50, 20, 10), streams(3.0))
    stamps_s = [stamp_s for stamp_s, _ in bench.texts.texts]
    assert np.all(np.diff(stamps_s) > 0.0)


def test_a_device_that_stays_out_of_reach_is_told_of_once_a_minute():
    bench = told(3600.0)
    lost = [event for event in bench.texts.events("state") if event["state"] == "lost"]
    assert 50 <= len(lost) <= 61
    assert {event["state"] for event in bench.texts.events("state")} == {"searching", "lost", "stopped"}


def test_another_reason_is_told_at_once():
    async def unplugged(sink, pace):
        raise OSError(19, "No such device")

    bench = told(1.0, unplugged)
    assert [event["state"] for event in bench.texts.events("state")][:3] == ["searching", "lost", "lost"]


def test_a_gap_runs_from_the_last_stamp_before_to_the_first_after():
    bench = told(10.0, streams(2.0), streams(60.0))
    (gap,) = bench.texts.events("gap")
    stamps_s = np.array(bench.samples[0].stamps_s)
    index = int(np.argmax(np.diff(stamps_s)))
    assert (gap["start_s"], gap["stop_s"]) == (stamps_s[index], stamps_s[index + 1])
    assert gap["stream"] == "ECG"
    assert bench.bridge.status.gap_s == pytest.approx(gap["stop_s"] - gap["start_s"])


def test_a_gap_over_several_failures_is_one_gap():
    bench = told(60.0, streams(2.0), *[streams(0.0)] * 3, streams(60.0))
    (gap,) = bench.texts.events("gap")
    assert gap["stop_s"] - gap["start_s"] > 7.0


def test_each_stream_has_a_gap_of_its_own_and_the_device_one():
    def both(offset_s):
        async def connection(sink, pace):
            sink.declare(ECG, RR)
            sink.push(ECG.source_id, np.zeros(1), np.array([pace.now()]))
            sink.push(RR.source_id, np.zeros(1), np.array([pace.now() - offset_s]))
            await pace.sleep(1.0)
            raise out_of_reach()

        return connection

    bench = told(1.9, both(0.5), both(0.25))
    gaps = {event["stream"]: event["stop_s"] - event["start_s"] for event in bench.texts.events("gap")}
    assert gaps == pytest.approx({"ECG": 1.5, "RR": 1.75}, abs=0.01)
    assert bench.bridge.status.gap_s == pytest.approx(1.5, abs=0.01)


def test_samples_lost_on_the_way_are_told_and_counted():
    async def lossy(sink, pace):
        sink.declare(ECG)
        sink.lost(ECG.source_id, 73, 1.0, 1.6)
        sink.lost(ECG.source_id, 0, float("-inf"), 2.0)
        await asyncio.Event().wait()

    bench = told(1.0, lossy)
    first, second = bench.texts.events("lost")
    assert (first["stream"], first["n_samples"], first["start_s"], first["stop_s"]) == ("ECG", 73, 1.0, 1.6)
    assert second["start_s"] is None
    assert bench.bridge.status.n_lost == 73


def test_a_flood_of_losses_is_joined_and_none_is_forgotten():
    async def lossy(sink, pace):
        sink.declare(ECG)
        for index in range(1000):
            sink.lost(ECG.source_id, 3, float(index), index + 0.5)
            await pace.sleep(0.01)
        await asyncio.Event().wait()

    bench = told(15.0, lossy)
    stamps_s = np.array([stamp_s for stamp_s, _ in bench.texts.texts])
    most = max(int(np.sum((stamps_s >= at_s) & (stamps_s < at_s + 0.999))) for at_s in stamps_s)
    assert most <= 5
    lost = bench.texts.events("lost")
    assert sum(event["n_samples"] for event in lost) == 3000
    assert sum(event.get("n_joined", 1) for event in lost) == 1000
    assert lost[-1]["stop_s"] == 999.5


def test_of_states_that_had_to_wait_the_newest_is_told():
    texts = KeptTexts()
    status = StatusTexts(texts)
    for index in range(5):
        status.say(10.0, "battery", "", percent=index)
    status.say(10.1, "state", "lost", state="lost")
    status.say(10.2, "state", "streaming", state="streaming")
    assert len(texts.texts) == 5
    status.flush(10.99)
    assert len(texts.texts) == 5
    status.flush(11.0)
    assert texts.events()[-1]["state"] == "streaming"


def test_the_first_charge_and_the_low_ones_are_told_once_each():
    bench = told(60.0, battery(64, 63, 21, 20, 21, 20, 19, 10, 9, 11, 10, 5, 4, 0))
    assert [event["percent"] for event in bench.texts.events("battery")] == [64, 20, 10, 5]


def test_a_jump_over_several_marks_is_one_event():
    bench = told(60.0, battery(100, 3))
    assert [event["percent"] for event in bench.texts.events("battery")] == [100, 3]
    assert "low" in bench.texts.events("battery")[-1]["text"]


def test_a_new_battery_makes_the_marks_count_again():
    bench = told(60.0, battery(9, 100, 20))
    assert [event["percent"] for event in bench.texts.events("battery")] == [9, 100, 20]


@pytest.mark.parametrize("nonsense", [None, 255, -1, 101])
def test_a_charge_that_cannot_be_is_unknown(nonsense):
    bench = told(5.0, battery(50, nonsense))
    assert bench.bridge.status.battery_percent is None
    assert [event["percent"] for event in bench.texts.events("battery")] == [50]


def test_contact_is_told_when_it_changes_also_over_a_reconnect():
    def worn(*states):
        async def connection(sink, pace):
            sink.declare(ECG)
            for state in states:
                sink.contact(state)
                await pace.sleep(1.0)
            raise out_of_reach()

        return connection

    bench = told(8.0, worn(None, True, True, False), worn(False, True))
    assert [event["worn"] for event in bench.texts.events("contact")] == [True, False, True]
    assert bench.bridge.status.worn is None


def test_a_reader_that_comes_later_is_told_how_things_stand():
    async def main(pace):
        async def connection(sink, connection_pace):
            sink.battery(80)
            sink.contact(True)
            await streams(600.0)(sink, connection_pace)

        bench = Bench(FakeDriver(pace, connection), pace)
        task = asyncio.create_task(bench.bridge.run())
        await pace.sleep(20.0)
        n_before = len(bench.texts.texts)
        bench.texts.read = True
        await pace.sleep(5.0)
        later = bench.texts.events()[n_before:]
        task.cancel()
        await asyncio.wait({task})
        return later

    later = in_virtual_time(main)
    assert [event["event"] for event in later] == ["state", "battery", "contact"]
    assert later[0]["state"] == "streaming"


def test_a_text_is_bounded_and_one_line_of_json():
    texts = KeptTexts()
    StatusTexts(texts).say(1.0, "state", "x\n" * 5000, state="lost")
    ((_, line),) = texts.texts
    assert "\n" not in line
    assert len(json.loads(line)["text"]) == LONGEST_TEXT


def test_the_status_stream_takes_the_identity_of_the_streams_once_it_is_known():
    async def main(pace):
        driver = FakeDriver(pace)

        async def tells_its_serial_number(sink, pace):
            driver.key = "fake-77"
            sink.declare(ECG)
            await asyncio.Event().wait()

        driver.connections.append(tells_its_serial_number)
        bench = Bench(driver, pace)
        await bench.run_for(2.0)
        return bench

    bench = in_virtual_time(main)
    assert [spec.source_id for spec in bench.status_streams] == ["fake-1-status", "fake-77-status"]
    assert bench.texts.events("state")[0]["state"] == "waiting"
