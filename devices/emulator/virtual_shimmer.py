"""A virtual Shimmer3 GSR+ behind a pseudo-terminal: a serial port programs can open, and what it truly sent."""

import math
import tempfile
import threading
from collections import deque
from pathlib import Path
from typing import NamedTuple, Self

from devices.emulator.byte_faults import ByteDamage
from devices.emulator.pty_port import PtyPort
from devices.emulator.sent_samples import SentLog, SentSamples
from devices.emulator.serial_delays import SerialDelays
from devices.emulator.shimmer_faults import ShimmerFaults
from devices.emulator.shimmer_firmware import ShimmerFirmware
from devices.emulator.shimmer_signals import ShimmerSignal
from devices.pace import Pace
from devices.protocols.shimmer import TICKS_HZ

_AHEAD_SAMPLES = 64
_BUFFER_BYTES = 1 << 16
_LONGEST_WAIT_S = 0.05
_LOOK_AGAIN_S = 0.005
_PATIENCE_S = 10.0


class _Packet(NamedTuple):
    """One packet on its way."""

    sampled_s: float
    due_s: float
    data: bytes
    tick: int
    word: int
    ppg: int
    whole: bool


class VirtualShimmer:
    """One unit, from `start` to `stop`: power, radio and a port.

    It speaks as LogAndStream does, keeps time with its own crystal and answers from a thread of its own, so
    that a program can talk to it from the same process or another one. The path in `port` is a link that stays
    the same when the port vanishes and comes back.

    Parameters
    ----------
    signal : ShimmerSignal
        What it measures.
    pace : Pace
        The clock of the bridge; its speed is that of the device, too.
    name : str, default "Shimmer3-92E8"
        Name over Bluetooth, also the last part of its port's path. Its firmware says ``Shimmer_`` and the last
        four letters of it.
    faults : ShimmerFaults, optional
        What is wrong with it; nothing but a crystal 40 ppm fast and a wandering delay when not given.
    seed : int, default 1
        Seed of its delays.
    """

    def __init__(
        self,
        signal: ShimmerSignal,
        pace: Pace,
        *,
        name: str = "Shimmer3-92E8",
        faults: ShimmerFaults | None = None,
        seed: int = 1,
    ) -> None:
        self.name = name
        self.faults = ShimmerFaults() if faults is None else faults
        self.n_overflowed = 0
        self._signal = signal
        self._pace = pace
        self._seed = seed
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._thread: threading.Thread | None = None
        self._sent = SentLog()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> str:
        """Path to open as a serial port.

        Returns
        -------
        str
            Ends with the unit's name; there is nothing behind it while the unit is out of reach.

        Raises
        ------
        ValueError
            Before `start` and after `stop`.
        """
        if self._folder is None:
            raise ValueError(f"{self.name} is not switched on")
        return str(Path(self._folder.name, self.name))

    @property
    def power_on_s(self) -> float:
        """When it was switched on.

        Returns
        -------
        float
            On the bridge's clock.
        """
        return self._power_on_s

    def start(self) -> None:
        """Switch it on and plug its port in.

        Raises
        ------
        DeviceError
            Where the system has no pseudo-terminals.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="attune-")
        self._port = PtyPort(Path(self.port))
        try:
            self._port.plug()
        except BaseException:
            self.stop()
            raise
        self._power_on_s = self._pace.now()
        self._stopping = False
        self._wish: bool | None = None
        self._granted = threading.Event()
        self._failure: BaseException | None = None
        self._firmware = ShimmerFirmware(self.faults, f"Shimmer_{self.name[-4:]}", self._ticks_now)
        self._damage = ByteDamage(self.faults.line)
        self._delays = SerialDelays(self.faults, self._power_on_s, self._seed, self.name)
        self._drops_s = sorted(self._power_on_s + at_s for at_s in self.faults.disconnect_at_s)
        self._halves_s = sorted(self._power_on_s + at_s for at_s in self.faults.half_frame_at_s)
        self._back_at_s: float | None = None
        self._was_open = False
        self._started_s = self._power_on_s
        self._next_index = 0
        self._n_made = 0
        self._coming: deque[_Packet] = deque()
        self._answers: deque[tuple[float, bytes]] = deque()
        self._unwritten = bytearray()
        self._thread = threading.Thread(target=self._live, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Switch it off; its port is gone. May be called again.

        Raises
        ------
        RuntimeError
            If its thread had died.
        """
        failure = None
        if self._thread is not None:
            self._stopping = True
            self._port.wake()
            self._thread.join(_PATIENCE_S)
            self._thread, failure = None, self._failure
        if self._folder is not None:
            self._port.close()
            self._folder.cleanup()
            self._folder = None
        if failure is not None:
            raise RuntimeError(f"the virtual {self.name} died") from failure

    def vanish(self) -> None:
        """Go out of reach: the port is gone, even for a program that has it open."""
        self._ask(plugged=False)

    def come_back(self) -> None:
        """Come into reach again, at the same path."""
        self._ask(plugged=True)

    def sent(self) -> SentSamples:
        """Tell what it sent until now.

        Returns
        -------
        SentSamples
            The truth to compare with; a program may not have read the last of it.
        """
        return self._sent.samples(self._power_on_s, TICKS_HZ * (1.0 + self.faults.clock_drift))

    def _ask(self, *, plugged: bool) -> None:
        """Let the thread pull the port out or plug it in, and wait until it has."""
        self._granted.clear()
        self._wish = plugged
        self._port.wake()
        if not self._granted.wait(_PATIENCE_S):
            raise RuntimeError(f"the virtual {self.name} does not react") from self._failure

    def _ticks_now(self) -> int:
        """Read its own clock."""
        return int((self._pace.now() - self._power_on_s) * TICKS_HZ * (1.0 + self.faults.clock_drift))

    def _live(self) -> None:
        """Do what a unit does until it is switched off."""
        try:
            while not self._stopping:
                self._come_and_go(self._pace.now())
                self._listen(self._pace.now())
                self._measure(self._pace.now())
                self._send(self._pace.now())
                self._port.wait(self._rest_s(self._pace.now()), unwritten=bool(self._unwritten))
        except Exception as error:  # noqa: BLE001  the owner is told when it stops the unit
            self._failure = error

    def _come_and_go(self, now_s: float) -> None:
        """Pull the port out or plug it in where somebody or the faults say so."""
        if self._drops_s and self._drops_s[0] <= now_s:
            self._back_at_s = self._drops_s.pop(0) + self.faults.away_s
            self._port.unplug()
        if self._back_at_s is not None and self._back_at_s <= now_s:
            self._back_at_s = None
            self._port.plug()
        if self._wish is not None:
            if self._wish:
                self._port.plug()
            else:
                self._port.unplug()
            self._wish, self._back_at_s = None, None
            self._granted.set()

    def _listen(self, now_s: float) -> None:
        """Take commands, and notice when the program goes."""
        data = self._port.read()
        if self._was_open and not self._port.is_open:
            self._firmware.hang_up()
            self._answers.clear()
            self._unwritten.clear()
            if not self._firmware.streaming:
                self._coming.clear()
        self._was_open = self._port.is_open
        for reaction in self._firmware.receive(data) if data else ():
            if reaction.starts:
                self._begin(now_s)
            if reaction.stops:
                self._coming = deque(packet for packet in self._coming if packet.sampled_s <= now_s)
            if reaction.answer:
                after_s = self._coming[-1].due_s if reaction.stops and self._coming else 0.0
                before_s = self._answers[-1][0] if self._answers else 0.0
                due_s = max(now_s + self.faults.base_latency_s, after_s, before_s)
                self._answers.append((due_s, reaction.answer))

    @property
    def _rate_hz(self) -> float:
        """Samples per second of the bridge's clock."""
        return TICKS_HZ * (1.0 + self.faults.clock_drift) / self._firmware.ticks

    def _begin(self, now_s: float) -> None:
        """Begin to stream: with the next sample of the grid that began at power-on."""
        self._started_s = now_s
        self._next_index = int((now_s - self._power_on_s) * self._rate_hz) + 1
        self._coming.clear()

    def _measure(self, now_s: float) -> None:
        """Make the next packets, a little ahead: what they hold follows from their number alone."""
        if not self._firmware.streaming or (self._coming and self._coming[-1].due_s > now_s):
            return
        rate_hz, first = self._rate_hz, self._next_index
        content = self._firmware.make_packets(
            self._signal, first, _AHEAD_SAMPLES, rate_hz, self.faults.tick_start
        )
        self._next_index = first + _AHEAD_SAMPLES
        for i, (data, word, ppg) in enumerate(zip(*content, strict=True)):
            sampled_s = self._power_on_s + (first + i) / rate_hz
            due_s = self._delays.due(sampled_s)
            number = self._n_made
            self._n_made += 1
            if number in self.faults.lost_packets or self._is_silent(sampled_s):
                continue
            whole = not (self._halves_s and self._halves_s[0] <= sampled_s)
            if not whole:
                self._halves_s.pop(0)
                data = data[: len(data) // 2]
            tick = (first + i) * self._firmware.ticks
            self._coming.append(_Packet(sampled_s, due_s, data, tick, word, ppg, whole))

    def _is_silent(self, sampled_s: float) -> bool:
        """Whether it says that it streams and does not."""
        silent_at_s = self.faults.silent_at_s
        return silent_at_s is not None and self._started_s < self._power_on_s + silent_at_s <= sampled_s

    def _send(self, now_s: float) -> None:
        """Send what is due, answers and packets in the order of their times."""
        while self._answers and self._answers[0][0] <= now_s:
            due_s, answer = self._answers.popleft()
            self._send_packets(due_s)
            self._unwritten += answer
        self._send_packets(now_s)
        if self._unwritten:
            del self._unwritten[: self._port.write(self._unwritten)]

    def _send_packets(self, until_s: float) -> None:
        """Send packets; those that find nobody or no room are lost."""
        while self._coming and self._coming[0].due_s <= until_s:
            packet = self._coming.popleft()
            if not self._port.is_open:
                continue
            if len(self._unwritten) + len(packet.data) > _BUFFER_BYTES:
                self.n_overflowed += 1
                continue
            self._unwritten += self._damage.apply(packet.data)
            if packet.whole:
                self._sent.add(packet.tick, packet.word, packet.ppg)

    def _rest_s(self, now_s: float) -> float:
        """Tell how long there is nothing to do, on the clock on the wall."""
        next_s = [self._coming[0].due_s] if self._coming else []
        next_s += [self._answers[0][0]] if self._answers else []
        next_s += self._drops_s[:1]
        next_s += [self._back_at_s] if self._back_at_s is not None else []
        longest_s = _LONGEST_WAIT_S if self._port.is_open else _LOOK_AGAIN_S
        return min(longest_s, (min(next_s, default=math.inf) - now_s) / self._pace.speed)
