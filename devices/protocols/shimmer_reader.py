"""Finds the packets of a Shimmer3 in a stream of bytes that may be cut anywhere, lack bytes or have changed ones."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from devices.protocols.shimmer import ACK, IN_STREAM, NACK, TICKS_HZ, Answer, with_crc
from devices.protocols.shimmer_packets import DATA, PacketFormat

_LONGEST_GAP_S = 30.0
_NEXT_PACKETS = 64
_TICK_TOLERANCE = 2
_SURE_CRC = 2


class Loss(NamedTuple):
    """Packets that never came.

    Parameters
    ----------
    n_packets : int
        How many; 0 when unknown, because the device's clock jumped.
    before_tick, after_tick : int
        Device time of the last packet before and the first after, unwrapped.
    """

    n_packets: int
    before_tick: int
    after_tick: int


class Taken(NamedTuple):
    """What a piece of the stream brought.

    Parameters
    ----------
    ticks : ndarray of int64, shape (n_packets,)
        Device time of each packet, unwrapped: it ascends for as long as the reader lives.
    values : dict of int to ndarray of int64, shape (n_packets,)
        Raw values by the code of the channel.
    newest_tick : int or None
        Device time of the newest packet of which the beginning has been seen, though its end may be missing: what
        an arrival time belongs to. None before the first packet.
    losses : tuple of Loss
        Packets missing before or among these.
    answers : tuple of bytes
        Answers that came between packets, from their code on, without the byte 0x8A.
    """

    ticks: NDArray[np.int64]
    values: dict[int, NDArray[np.int64]]
    newest_tick: int | None
    losses: tuple[Loss, ...]
    answers: tuple[bytes, ...]


class PacketReader:
    """Reads a stream of packets; never raises, whatever the bytes are.

    A packet begins with a zero byte and its stamp, which is a whole number of sampling intervals after the one before.
    With a checksum that must agree as well. Without one, or with only one byte of it, the next packet must begin where
    this one ends, at a stamp that fits, so that a packet with a byte too many or too few is not taken; without one a
    changed value cannot be seen.
    Where nothing fits, one byte is passed over and counted. What is read does not depend on how the stream was cut.

    Parameters
    ----------
    packet_format : PacketFormat
        What a packet holds.
    n_status : int, default 1
        Bytes of an answer about the status: 2 on a Shimmer3R from 1.0.24.

    Attributes
    ----------
    n_packets : int
        Packets read.
    n_lost : int
        Packets missing, by the steps of the stamps.
    n_skipped_bytes : int
        Bytes that belong to nothing readable.
    n_repeated, n_backwards : int
        Whole packets passed over because their stamp was the last one again, or an earlier one.
    n_jumps : int
        How often the device's clock went on from elsewhere.
    """

    def __init__(self, packet_format: PacketFormat, n_status: int = 1) -> None:
        self.n_packets = self.n_lost = self.n_skipped_bytes = self.n_repeated = self.n_backwards = (
            self.n_jumps
        ) = 0
        self._format = packet_format
        self._n_status = n_status
        self._n_crc = packet_format.n_crc
        self._size = packet_format.size
        self._head_size = 1 + packet_format.tick_bytes
        self._period = packet_format.ticks
        self._wrap = 1 << 8 * packet_format.tick_bytes
        # Beyond three quarters of a turn of the stamps a step back could not be told from one ahead.
        self._longest = min(int(_LONGEST_GAP_S * TICKS_HZ), self._wrap * 3 // 4) // self._period
        self._tolerance = min(_TICK_TOLERANCE, self._period // 8)
        self._no_values = packet_format.decode(np.empty((0, self._size), dtype=np.uint8))
        self._buffer = bytearray()
        self._last: int | None = None
        self._ticks: list[int] = []
        self._packets: list[bytes] = []
        self._losses: list[Loss] = []
        self._answers: list[bytes] = []

    def push(self, piece: bytes) -> Taken:
        """Take the next bytes.

        Parameters
        ----------
        piece : bytes
            What came, of any length.

        Returns
        -------
        Taken
            What they complete.
        """
        self._buffer += piece
        at = 0
        while n := self._advance(at):
            at += n
        del self._buffer[:at]
        values = self._no_values
        if self._packets:
            rows = np.frombuffer(b"".join(self._packets), dtype=np.uint8).reshape(-1, self._size)
            values = self._format.decode(rows)
        taken = Taken(
            np.array(self._ticks, dtype=np.int64),
            values,
            self._newest(),
            tuple(self._losses),
            tuple(self._answers),
        )
        self.n_packets += len(self._packets)
        self._ticks, self._packets, self._losses, self._answers = [], [], [], []
        return taken

    def _advance(self, at: int) -> int:
        """Read what begins at a place, and tell how many bytes it took; 0 while too few have come to decide."""
        if at >= len(self._buffer):
            return 0
        first = self._buffer[at]
        n: int | None = 0
        if first == DATA:
            n = self._packet(at)
        elif first in (ACK, NACK, IN_STREAM):
            n = self._answer(at)
        if n is None:
            return 0
        if n == 0:
            self.n_skipped_bytes += 1
        return n or 1

    def _packet(self, at: int) -> int | None:
        """Read a packet: its length, 0 where there is none, None while bytes are missing."""
        end = at + self._size
        if len(self._buffer) < end:
            return None
        packet = bytes(self._buffer[at:end])
        if self._n_crc and with_crc(packet[: -self._n_crc], self._n_crc) != packet:
            return 0
        raw = int.from_bytes(packet[1 : self._head_size], "little")
        n_steps = None if self._last is None else self._steps(self._last, raw, self._longest)
        if n_steps is None:
            return self._elsewhere(packet, raw, end)
        if self._n_crc < _SURE_CRC:
            confirmed = self._begins(end, raw)
            if not confirmed:
                return None if confirmed is None else 0
        return self._take(packet, raw, n_steps)

    def _elsewhere(self, packet: bytes, raw: int, end: int) -> int | None:
        """Read a packet whose stamp does not follow: the first one, one out of order, or one after a jump."""
        if self._last is not None:
            if self._n_crc and self._same(self._last, raw):
                self.n_repeated += 1
                return self._size
            resumed = self._begins(end, self._last)
            if resumed is None:
                return None
            if resumed:
                self.n_backwards += bool(self._n_crc)
                return self._size if self._n_crc else 0
        confirmed = self._begins(end, raw)
        if confirmed and not self._n_crc:
            if len(self._buffer) < end + self._head_size:
                return None
            following = int.from_bytes(self._buffer[end + 1 : end + self._head_size], "little")
            confirmed = self._begins(end + self._size, following)
        if not confirmed:
            return None if confirmed is None else 0
        return self._take(packet, raw, None)

    def _take(self, packet: bytes, raw: int, n_steps: int | None) -> int:
        """Keep a packet, and note what is missing before it."""
        tick = raw if self._last is None else self._last + (raw - self._last) % self._wrap
        if self._last is not None and n_steps != 1:
            n_lost = 0 if n_steps is None else n_steps - 1
            self.n_jumps += n_steps is None
            self.n_lost += n_lost
            self._losses.append(Loss(n_lost, self._last, tick))
        self._last = tick
        self._ticks.append(tick)
        self._packets.append(packet)
        return self._size

    def _answer(self, at: int) -> int | None:
        """Read an answer between packets: its length, 0 where there is none, None while bytes are missing."""
        if len(self._buffer) < at + 3:
            return None
        for size in self._answer_sizes(at):
            end = at + size + self._n_crc
            if len(self._buffer) < end:
                return None
            whole = bytes(self._buffer[at:end])
            fits: bool | None = with_crc(whole[:size], self._n_crc) == whole
            if not self._n_crc:
                fits = False if self._last is None else self._heads(end, self._last)
            if fits is None:
                return None
            if fits:
                if size > 1:
                    self._answers.append(whole[1 + (whole[0] == ACK) : size])
                return end - at
        return 0

    def _answer_sizes(self, at: int) -> Iterator[int]:
        """List how long an answer at a place may be, without its checksum; the longest first."""
        lead = int(self._buffer[at] == ACK)
        code = self._buffer[at + lead + 1] if self._buffer[at + lead] == IN_STREAM else DATA
        if code == Answer.BATTERY:
            yield lead + 5
        elif code == Answer.STATUS:
            yield lead + 2 + self._n_status
        # Without a checksum any last byte 0xFF of a packet that is one byte too long would pass for a bare
        # acknowledgement, and the packet for a whole one; none is due while streaming.
        if self._n_crc and self._buffer[at] != IN_STREAM:
            yield 1

    def _begins(self, at: int, tick: int) -> bool | None:
        """Tell whether a packet soon after a tick begins at a place, or behind an answer there."""
        if len(self._buffer) <= at:
            return None
        if self._buffer[at] not in (ACK, NACK, IN_STREAM):
            return self._heads(at, tick)
        if len(self._buffer) < at + 3:
            return None
        for size in self._answer_sizes(at):
            behind = self._heads(at + size + self._n_crc, tick)
            if behind is not False:
                return behind
        return False

    def _heads(self, at: int, tick: int) -> bool | None:
        """Tell whether the head of a packet soon after a tick stands at a place."""
        if len(self._buffer) < at + self._head_size:
            return None
        if self._buffer[at] != DATA:
            return False
        raw = int.from_bytes(self._buffer[at + 1 : at + self._head_size], "little")
        return self._steps(tick, raw, min(_NEXT_PACKETS, self._longest)) is not None

    def _steps(self, tick: int, raw: int, most: int) -> int | None:
        """Count the sampling intervals from a tick to a stamp; None when they are not whole, none or too many."""
        ahead = (raw - tick) % self._wrap
        n_steps = (ahead + self._period // 2) // self._period
        fits = 1 <= n_steps <= most and abs(ahead - n_steps * self._period) <= self._tolerance
        return n_steps if fits else None

    def _same(self, tick: int, raw: int) -> bool:
        """Tell whether a stamp is the one of a tick."""
        return (raw - tick) % self._wrap == 0

    def _newest(self) -> int | None:
        """Give the newest tick of which anything has come.

        Nobody has confirmed the head that waits at the front of the buffer. Only the very next stamp is believed: bytes
        that look like a later one would pull the clock ahead by a second, and for good.
        """
        if self._last is None or self._heads(0, self._last) is not True:
            return self._last
        raw = int.from_bytes(self._buffer[1 : self._head_size], "little")
        if self._steps(self._last, raw, 1) is None:
            return self._last
        return self._last + (raw - self._last) % self._wrap
