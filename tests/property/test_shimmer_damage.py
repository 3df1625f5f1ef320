"""The packet reader against cuts, lost, added and changed bytes, lost packets and noise."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.shimmer import ACK, Answer, Sensor, answer_bytes, with_crc
from devices.protocols.shimmer_facts import Battery
from devices.protocols.shimmer_packets import GSR_WORD, INTERNAL_A13, PacketFormat, channels_of
from devices.protocols.shimmer_reader import PacketReader

CHANNELS = channels_of(Sensor.GSR | Sensor.INTERNAL_A13)
WRAP = 1 << 24


def packet_format(n_crc, ticks=640, tick_bytes=3):
    return PacketFormat(channels=CHANNELS, ticks=ticks, n_crc=n_crc, tick_bytes=tick_bytes)


def made(layout, n, seed=0, start=WRAP - 20_000):
    """Make packets whose values tell which they are, across the wrap of the stamps."""
    rng = random.Random(seed)
    ticks = [start + layout.ticks * i for i in range(n)]
    values = {
        INTERNAL_A13: [rng.randrange(4096) for _ in ticks],
        GSR_WORD: [rng.randrange(65536) for _ in ticks],
    }
    return ticks, values, layout.encode(ticks, values)


def rows_sent(ticks, values):
    return list(zip(ticks, values[INTERNAL_A13], values[GSR_WORD], strict=True))


def rows_of(taken):
    return rows_sent(taken.ticks.tolist(), {code: part.tolist() for code, part in taken.values.items()})


def read_all(layout, pieces):
    reader = PacketReader(layout)
    taken = [reader.push(piece) for piece in pieces]
    rows = [row for part in taken for row in rows_of(part)]
    losses = [loss for part in taken for loss in part.losses]
    answers = [answer for part in taken for answer in part.answers]
    counters = (
        reader.n_packets,
        reader.n_lost,
        reader.n_skipped_bytes,
        reader.n_repeated,
        reader.n_backwards,
    )
    return rows, losses, answers, counters


def damaged(data, rng, n_faults, first, last):
    """Lose, add or change single bytes."""
    data = bytearray(data)
    for at in sorted(rng.sample(range(first, last), n_faults), reverse=True):
        kind = rng.randrange(3)
        if kind == 0:
            del data[at]
        elif kind == 1:
            data.insert(at, rng.randrange(256))
        else:
            data[at] ^= 1 << rng.randrange(8)
    return bytes(data)


@pytest.mark.parametrize("n_crc", [0, 1, 2])
@given(data=st.data())
def test_what_is_read_does_not_depend_on_how_the_stream_was_cut(n_crc, data):
    layout = packet_format(n_crc)
    seed = data.draw(st.integers(0, 10_000))
    rng = random.Random(seed)
    packets = made(layout, 40, seed)[2]
    answer = with_crc(bytes((ACK,)) + answer_bytes(Answer.BATTERY, bytes(Battery.at(3.7))), n_crc)
    packets.insert(20, answer)
    del packets[30]
    stream = damaged(b"".join(packets), rng, data.draw(st.integers(0, 6)), 20, 300)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=40)))
    bounds = [0, *cuts, len(stream)]
    pieces = [stream[a:b] for a, b in itertools.pairwise(bounds)]
    assert read_all(layout, pieces) == read_all(layout, [stream])


@pytest.mark.parametrize("n_crc", [0, 1, 2])
def test_an_undamaged_stream_is_read_whole_across_the_wrap(n_crc):
    layout = packet_format(n_crc)
    ticks, values, packets = made(layout, 300)
    rows, losses, _, counters = read_all(layout, packets)
    # Without a sure checksum the last packet waits for the next one's head.
    n = 300 - (n_crc < 2)
    first = ticks[0] % WRAP
    assert rows == [(first + 640 * i, values[INTERNAL_A13][i], values[GSR_WORD][i]) for i in range(n)]
    assert (losses, counters) == ([], (n, 0, 0, 0, 0))


@pytest.mark.parametrize("n_crc", [1, 2])
def test_with_a_checksum_only_the_packets_touched_are_lost(n_crc):
    layout = packet_format(n_crc)
    n_wrong = n_missing = 0
    for seed in range(600):
        rng = random.Random(seed)
        n = 60
        ticks, values, packets = made(layout, n, seed)
        touched = sorted(rng.sample(range(3, n - 5), 4))
        for i in touched:
            packets[i] = damaged(packets[i], rng, 1, 0, len(packets[i]))
        sent = rows_sent(ticks, values)
        rows = read_all(layout, [b"".join(packets)])[0]
        whole = {row for i, row in enumerate(sent) if i not in touched and i < n - 2}
        n_missing += len(whole - set(rows))
        n_wrong += len(set(rows) - set(sent))
    # 2 400 damaged packets. With one byte of checksum a packet also waits for the head behind it, as without one.
    assert n_missing <= (0 if n_crc == 2 else 2400)
    assert n_wrong <= (0 if n_crc == 2 else 4)


def test_without_a_checksum_no_packet_of_a_wrong_length_is_taken_and_few_others_are_lost():
    layout = packet_format(0)
    n_wrong = n_missing = n_faults = 0
    for seed in range(600):
        rng = random.Random(seed)
        n = 60
        ticks, values, packets = made(layout, n, seed)
        touched = list(range(5, n - 6, 8))
        for i in touched:
            packet = bytearray(packets[i])
            at = rng.randrange(len(packet))
            if rng.random() < 0.5:
                del packet[at]
            else:
                packet.insert(at, rng.randrange(256))
            packets[i] = bytes(packet)
        n_faults += len(touched)
        sent = rows_sent(ticks, values)
        rows = read_all(layout, [b"".join(packets)])[0]
        whole = {row for i, row in enumerate(sent) if i not in touched and i < n - 2}
        n_missing += len(whole - set(rows))
        n_wrong += len(set(rows) - set(sent))
    assert n_wrong <= n_faults // 1000
    assert n_missing <= n_faults


@pytest.mark.parametrize("n_crc", [0, 2])
def test_lost_packets_are_counted_by_the_steps_of_the_stamps(n_crc):
    layout = packet_format(n_crc)
    ticks, _, packets = made(layout, 60, start=1000)
    del packets[20:25], packets[40]
    _, losses, _, counters = read_all(layout, [b"".join(packets)])
    assert [tuple(loss) for loss in losses] == [
        (5, ticks[19], ticks[25]),
        (1, ticks[44], ticks[46]),
    ]
    assert counters[1] == 6


def test_a_long_gap_within_half_a_minute_is_counted_in_full():
    layout = packet_format(2)
    packets = made(layout, 1600, start=0)[2]
    del packets[30:1500]
    assert read_all(layout, [b"".join(packets)])[3][1] == 1470


@pytest.mark.parametrize("n_crc", [0, 1, 2])
def test_answers_between_packets_are_passed_on_and_cost_no_packet(n_crc):
    layout = packet_format(n_crc)
    packets = made(layout, 60)[2]
    battery = answer_bytes(Answer.BATTERY, bytes(Battery.at(3.7)))
    status = answer_bytes(Answer.STATUS, b"\x33")
    packets[40:40] = [with_crc(bytes((ACK,)) + battery, n_crc)]
    packets[20:20] = [with_crc(status, n_crc)]
    if n_crc:
        packets[10:10] = [with_crc(bytes((ACK,)), n_crc)]
    rows, _, answers, counters = read_all(layout, packets)
    assert len(rows) == 60 - (n_crc < 2)
    assert answers == [status[1:], battery[1:]]
    assert counters[2] == 0


def test_a_repeated_packet_and_one_out_of_order_are_passed_over_and_counted():
    layout = packet_format(2)
    ticks, _, packets = made(layout, 40, start=0)
    packets.insert(10, packets[9])
    packets[20], packets[21] = packets[21], packets[20]
    rows, _, _, counters = read_all(layout, [b"".join(packets)])
    assert [tick for tick, _, _ in rows] == [t for i, t in enumerate(ticks) if i != 19]
    assert counters[3:] == (1, 1)


@pytest.mark.parametrize("n_crc", [0, 2])
def test_a_clock_that_goes_on_from_elsewhere_is_followed_and_said(n_crc):
    layout = packet_format(n_crc)
    before, after = made(layout, 20, start=100_000)[2], made(layout, 20, start=50)[2]
    reader = PacketReader(layout)
    taken = reader.push(b"".join(before + after))
    assert len(taken.ticks) >= 38
    assert reader.n_jumps == 1
    assert np.all(np.diff(taken.ticks) > 0)
    assert [loss.n_packets for loss in taken.losses] == [0]


def test_sixteen_bit_stamps_of_old_firmware_are_unwrapped():
    layout = packet_format(0, tick_bytes=2)
    rows = read_all(layout, made(layout, 500, start=0)[2])[0]
    assert [tick for tick, _, _ in rows] == [640 * i for i in range(499)]


def test_the_beginning_of_a_packet_already_tells_the_newest_time():
    layout = packet_format(0)
    ticks, _, packets = made(layout, 10, start=0)
    reader = PacketReader(layout)
    reader.push(b"".join(packets[:6]))
    taken = reader.push(packets[6][:4])
    assert (taken.ticks.tolist(), taken.newest_tick) == ([ticks[5]], ticks[6])


def test_noise_is_no_packet_and_raises_nothing_in_a_hundred_thousand_pieces():
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 256, 400_000, dtype=np.uint8)
    noise[rng.random(len(noise)) < 0.3] = 0
    n_packets = {}
    for n_crc in (0, 1, 2):
        reader = PacketReader(packet_format(n_crc))
        sizes = rng.integers(0, 12, 34_000).tolist()
        at = 0
        for size in sizes:
            reader.push(noise[at : at + size].tobytes())
            at = (at + size) % (len(noise) - 12)
        n_packets[n_crc] = reader.n_packets
    # A checksum of two bytes is met by chance once in 65 536 zero bytes, and then the next head must fit.
    assert n_packets[2] == 0
    assert n_packets[1] <= 5
    assert n_packets[0] <= 5


def test_the_buffer_stays_small_whatever_comes():
    for n_crc in (0, 1, 2):
        reader = PacketReader(packet_format(n_crc))
        for byte in (0x00, 0xFF, 0x8A, 0x55):
            reader.push(bytes((byte,)) * 5000)
            assert len(reader._buffer) < 64


def test_bytes_that_only_look_like_a_later_packet_do_not_tell_the_newest_time():
    layout = packet_format(2)
    ticks, _, packets = made(layout, 60, start=0)
    reader = PacketReader(layout)
    reader.push(b"".join(packets[:6]))
    taken = reader.push(b"\x13" + packets[50][:4])
    assert taken.newest_tick == ticks[5]
