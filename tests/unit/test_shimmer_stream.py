"""What becomes of the packets of a Shimmer on their way to samples, and of a session whose port misbehaves."""

import asyncio
import contextlib

import numpy as np
import pytest

from devices.drivers.shimmer_session import ShimmerSession
from devices.drivers.shimmer_setup import SetUp
from devices.drivers.shimmer_stream import ShimmerStream
from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.protocols.shimmer import Command
from devices.protocols.shimmer_facts import Firmware
from devices.protocols.shimmer_packets import GSR_WORD, INTERNAL_A13, PacketFormat

TICKS = 640
STEP_S = TICKS / 32768


class Kept:
    """A sink that keeps the stamps of each stream."""

    def __init__(self):
        self.stamps = {}

    def push(self, source_id, values, stamps_s):
        self.stamps.setdefault(source_id, []).extend(stamps_s.tolist())

    def lost(self, source_id, n_samples, start_s, stop_s):
        assert start_s < stop_s

    def rejected(self, what):
        assert what == "malformed"

    def contact(self, worn):
        assert worn is not None

    def delay(self, seconds):
        assert np.isfinite(seconds)


def streamed(tick_bytes, hole_s):
    """Take 20 s of packets of which a hole is missing; give how wrong each stamp is in milliseconds."""
    layout = PacketFormat(channels=(INTERNAL_A13, GSR_WORD), ticks=TICKS, tick_bytes=tick_bytes)
    setup = SetUp(
        firmware=Firmware(kind=1, major=0, minor=5 if tick_bytes == 2 else 8, release=0),
        hardware=3,
        serial="92E8",
        battery=None,
        gsr_range=4,
        ecg_gains=(4, 4),
        packets=layout,
    )
    kept = Kept()
    stream = ShimmerStream(kept, setup, "s")
    sent = [i for i in range(1024) if not 10.0 <= i * STEP_S < 10.0 + hole_s]
    packets = layout.encode([TICKS * i for i in sent], {INTERNAL_A13: [900] * 1024, GSR_WORD: [2000] * 1024})
    try:
        for i, packet in zip(sent, packets, strict=True):
            stream.take(packet, 100.0 + STEP_S * i + 0.03)
    finally:
        stamps = np.array(kept.stamps["s-ppg"])
        true = 100.0 + STEP_S * np.arange(1024)
        nearest = np.abs(stamps[:, None] - true[None, :]).argmin(axis=1)
        kept.wrong_ms = 1000.0 * (stamps - true[nearest])
        kept.after_hole = int(np.sum(stamps > 100.0 + 10.0 + hole_s))
        kept.within_hole = int(np.sum((stamps > 100.1 + 10.0) & (stamps < 99.9 + 10.0 + hole_s)))
        streamed.kept = kept
    return kept


@pytest.mark.parametrize("hole_s", [0.5, 2.5, 6.0])
def test_a_hole_moves_no_stamp(hole_s):
    kept = streamed(3, hole_s)
    assert kept.within_hole == 0
    assert kept.after_hole > 0


@pytest.mark.parametrize("hole_s", [2.0, 2.5, 6.0])
def test_a_hole_in_which_short_stamps_may_go_round_ends_the_connection_before_a_wrong_stamp(hole_s):
    with pytest.raises(DeviceError, match="bring its firmware up to date") as caught:
        streamed(2, hole_s)
    assert caught.value.reason is Reason.LINK_LOST
    assert streamed.kept.within_hole == streamed.kept.after_hole == 0


@pytest.mark.parametrize("hole_s", [0.5, 1.2])
def test_short_stamps_bridge_a_short_hole(hole_s):
    kept = streamed(2, hole_s)
    assert kept.within_hole == 0
    assert kept.after_hole > 400


class Line:
    """A port whose other end is a function from what is written to what comes back."""

    def __init__(self, answer):
        self._answer = answer
        self._waiting = asyncio.Queue()
        self.written = []
        self.closed = False

    async def write(self, data):
        self.written.append(bytes(data))
        for piece in self._answer(bytes(data)):
            self._waiting.put_nowait(piece)

    async def read(self):
        return await self._waiting.get(), 0.0

    def discard(self):
        n = 0
        with contextlib.suppress(asyncio.QueueEmpty):
            while True:
                n += len(self._waiting.get_nowait())
        return n

    async def close(self):
        self.closed = True


def test_a_stop_that_gets_lost_is_said_again_before_the_port_is_let_go():
    async def go() -> None:
        stops = []

        def answer(data):
            stops.append(data)
            return [b"\xff"] if len(stops) > 1 else []

        line = Line(answer)
        talking = asyncio.create_task(chatter(line, stops))
        await ShimmerSession(line, Pace(), "Shimmer").stop()
        talking.cancel()
        assert line.closed
        assert stops == [b"\x20", b"\x20"]

    async def chatter(line, stops):
        while len(stops) < 2:
            line._waiting.put_nowait(b"\x00 data")
            await asyncio.sleep(0.02)

    asyncio.run(go())


@pytest.mark.parametrize("flood", [b"\xff", b"\xff\x8a\x71", b"\xff\x2f\x03"])
def test_a_port_that_pours_out_what_looks_like_answers_does_not_stall_the_process(flood):
    async def go() -> None:
        line = Line(lambda _: [flood * (200_000 // len(flood))] * 5)
        session = ShimmerSession(line, Pace(100.0), "Shimmer")
        with pytest.raises(DeviceError) as caught:
            await session.ask(Command.GET_DAUGHTER_CARD, 3, 0)
        assert caught.value.reason is Reason.GARBAGE
        # What is searched again with each piece must not grow with them.
        assert len(session._rest) <= 1024

    asyncio.run(go())
