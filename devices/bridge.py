"""One device from the first search to the end of the process: connected, lost, found again, never given up."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from devices.driver import Driver
from devices.errors import DeviceError, Reason
from devices.ledger import Ledger, OpenTexts
from devices.outlet import Outlet, TextOutlet
from devices.outlets import OpenSamples
from devices.pace import Pace
from devices.spec import OutletSpec
from devices.status import State, Status

BACK_OFF_S = (0.5, 1.0, 2.0, 4.0, 8.0, 10.0)
"""Shortest time between the beginnings of two attempts, by failures in a row; the last one for ever."""

SHORTEST_PAUSE_S = 0.5
"""Pause after an attempt that took longer than its back-off, as a search for a device out of reach does."""

HEALTHY_S = 10.0
"""Streaming this long makes the next failure the first one again."""

SILENCE_S = 10.0
"""Without a sample for this long a streaming device is given up; drivers have finer watchdogs of their own."""

NO_PROGRESS_S = 60.0
"""Longest time for a driver to connect and declare, for a first sample, and for samples from a strap not worn."""

LET_GO_S = 6.0
"""Longest time for a driver to let go of its device."""

LINGER_S = 0.25
"""How long the outlets stay after the last text, on the clock on the wall."""

TICK_S = 0.5

_log = logging.getLogger(__name__)


class Bridge:
    """One device's life in this process.

    Its status stream is open as long as `run` runs, so that a device that cannot be reached is seen too; its other
    streams from the first connection on.

    Parameters
    ----------
    driver : Driver
        How to reach the device.
    pace : Pace
        The clock.
    on_status : callable, optional
        Told at each change, and at most twice a second when only figures changed. Must not raise.
    first_error_is_fatal : bool, default True
        Whether `run` raises when at the very first attempt the computer is to be put right; later that is waited for.
    open_samples, open_texts : callable, optional
        Make outlets for samples and for texts; those of LSL when not given.
    """

    def __init__(
        self,
        driver: Driver,
        pace: Pace,
        *,
        on_status: Callable[[Status], None] = lambda _: None,
        first_error_is_fatal: bool = True,
        open_samples: OpenSamples = Outlet,
        open_texts: OpenTexts = TextOutlet,
    ) -> None:
        self._driver = driver
        self._pace = pace
        self._first_error_is_fatal = first_error_is_fatal
        self._open: Callable[[], Ledger] = lambda: Ledger(
            driver.name, driver.key, pace, on_status, open_samples, open_texts
        )
        self._ledger: Ledger | None = None

    @property
    def name(self) -> str:
        """Name of the device.

        Returns
        -------
        str
            As its driver says.
        """
        return self._driver.name

    @property
    def key(self) -> str:
        """Identity of the device.

        Returns
        -------
        str
            As its driver says.
        """
        return self._driver.key

    @property
    def status(self) -> Status:
        """How the device is doing now.

        Returns
        -------
        Status
            Also before and after `run`.
        """
        if self._ledger is None:
            return Status(device=self.name, state=State.SEARCHING, since_s=self._pace.now())
        return self._ledger.status()

    @property
    def rejects(self) -> Mapping[str, int]:
        """What was received and not used.

        Returns
        -------
        Mapping of str to int
            Counts by word: those of the driver, ``backwards`` for samples whose stamps do not ascend, ``late`` for
            calls of a connection that is over.
        """
        return MappingProxyType({} if self._ledger is None else dict(self._ledger.rejects))

    async def run(self) -> None:
        """Keep the device connected until cancelled; a device never ends this.

        Raises
        ------
        DeviceError
            If at the first attempt the computer is to be put right: no adapter, no permission, a missing library.
        RuntimeError
            If this bridge runs or ran already.
        """
        if self._ledger is not None:
            raise RuntimeError(f"the bridge of {self.name!r} can be run once only")
        ledger = self._ledger = self._open()
        try:
            await self._live(ledger)
        except DeviceError as error:
            ledger.enter(State.STOPPED, error)
            raise
        finally:
            try:
                if ledger.state is not State.STOPPED:
                    ledger.enter(State.STOPPED)
                await asyncio.sleep(LINGER_S)
            finally:
                ledger.close()

    async def _live(self, ledger: Ledger) -> None:
        """Connect again and again."""
        n_failures, may_end = 0, self._first_error_is_fatal
        while True:
            began_s = self._pace.now()
            ledger.enter(State.CONNECTING if ledger.n_connections else State.SEARCHING)
            connection = _Connection(ledger, self._driver, self._pace)
            error = await self._connect(ledger, connection)
            if may_end and error.about_machine and not ledger.n_connections:
                raise error
            may_end = False
            ledger.break_off()
            ledger.enter(State.LOST, error)
            if connection.streamed_s >= HEALTHY_S:
                n_failures = 0
            back_off_s = BACK_OFF_S[min(n_failures, len(BACK_OFF_S) - 1)]
            n_failures += 1
            await self._pause(ledger, max(SHORTEST_PAUSE_S, began_s + back_off_s - self._pace.now()))

    async def _pause(self, ledger: Ledger, seconds: float) -> None:
        until_s = self._pace.now() + seconds
        while (left_s := until_s - self._pace.now()) > 0.0:
            await self._pace.sleep(min(TICK_S, left_s))
            ledger.tick()

    async def _connect(self, ledger: Ledger, connection: "_Connection") -> DeviceError:
        """Let the driver run once; say why it ended."""
        task = asyncio.create_task(self._driver.run(connection), name=f"driver of {self.name}")
        try:
            verdict = await self._watch(task, ledger, connection)
        finally:
            try:
                await self._let_go(task)
            finally:
                connection.over = True
        return verdict or self._why(task)

    async def _watch(
        self, task: "asyncio.Task[None]", ledger: Ledger, connection: "_Connection"
    ) -> DeviceError | None:
        """Wait for the end of the driver, or for its silence."""
        silent_s, n_signs, before_s = 0.0, 0, self._pace.now()
        while True:
            done, _ = await asyncio.wait({task}, timeout=TICK_S / self._pace.speed)
            ledger.tick()
            if done:
                return None
            # A loop that was held up has not seen what came meanwhile: only time it watched counts as silence.
            now_s = self._pace.now()
            silent_s += min(now_s - before_s, 2.0 * TICK_S)
            before_s = now_s
            if connection.n_signs != n_signs:
                silent_s, n_signs = 0.0, connection.n_signs
            if silent_s > self._patience_s(ledger):
                return self._silence(ledger, connection)

    def _patience_s(self, ledger: Ledger) -> float:
        streaming = ledger.state is State.STREAMING and ledger.worn is not False
        # As in `Pace.timeout`: a faster clock does not make the system under it faster.
        return max(SILENCE_S if streaming else NO_PROGRESS_S, 0.25 * self._pace.speed)

    def _silence(self, ledger: Ledger, connection: "_Connection") -> DeviceError:
        if not connection.declared:
            return DeviceError(
                f"{self.name} did not get connected within {NO_PROGRESS_S:.0f} s. attune tries again; if that goes "
                "on, switch the device off and on, and Bluetooth of this computer too.",
                Reason.TIMEOUT,
                self.name,
            )
        began = ledger.state is State.STREAMING
        what = "sent nothing for" if began else "not sent a first sample within"
        seconds = SILENCE_S if began and ledger.worn is not False else NO_PROGRESS_S
        text = f"{self.name} is connected but has {what} {seconds:.0f} s."
        return DeviceError(
            f"{text} attune connects again; see that the device is worn and near, and that no other program or "
            "phone uses it.",
            Reason.SILENT,
            self.name,
        )

    async def _let_go(self, task: "asyncio.Task[None]") -> None:
        """Cancel a driver that still runs, and give up on it when it does not end."""
        task.add_done_callback(_take_exception)
        if task.done():
            return
        task.cancel()
        await asyncio.wait({task}, timeout=max(0.5, LET_GO_S / self._pace.speed))
        if not task.done():
            _log.warning("%s: its driver did not let go within %g s and is abandoned", self.name, LET_GO_S)

    def _why(self, task: "asyncio.Task[None]") -> DeviceError:
        """Turn whatever ended a driver into an error of its device."""
        error = None if task.cancelled() else task.exception()
        told = _device_error(error)
        if told is not None:
            return told
        if error is None:
            text = f"The link to {self.name} ended without a reason. attune connects again."
            return DeviceError(text, Reason.LINK_LOST, self.name)
        _log.error("%s: unexpected %s in its driver", self.name, type(error).__name__, exc_info=error)
        of_system = isinstance(error, (OSError, EOFError, TimeoutError))
        return DeviceError(
            f"{self.name}: unexpected {type(error).__name__} in its driver ({error}). attune connects again; if it "
            "comes back, report it with the log.",
            Reason.LINK_LOST if of_system else Reason.GARBAGE,
            self.name,
        )


class _Connection:
    """The sink of one connection; what comes after its end is counted and not used."""

    def __init__(self, ledger: Ledger, driver: Driver, pace: Pace) -> None:
        self.over = False
        self.n_signs = 0
        self.declared: set[str] = set()
        self._ledger = ledger
        self._driver = driver
        self._pace = pace
        self._first_s: float | None = None
        self._last_s = 0.0

    @property
    def streamed_s(self) -> float:
        return 0.0 if self._first_s is None else self._last_s - self._first_s

    def declare(self, *specs: OutletSpec) -> None:
        if self._is_late():
            return
        self.n_signs += 1
        if not self.declared:
            self._ledger.n_connections += 1
        self._ledger.declare(specs, self._driver.key)
        first = not self.declared
        self.declared.update(spec.source_id for spec in specs)
        if first:
            self._ledger.enter(State.WAITING)

    def push(self, source_id: str, values: NDArray[np.floating], stamps_s: NDArray[np.float64]) -> None:
        if self._is_late():
            return
        self._check(source_id)
        if self._ledger.push(source_id, values, stamps_s):
            self.n_signs += 1
            self._last_s = self._pace.now()
            if self._first_s is None:
                self._first_s = self._last_s

    def lost(self, source_id: str, n_samples: int, start_s: float, stop_s: float) -> None:
        if self._is_late():
            return
        self._check(source_id)
        self._ledger.lost(source_id, n_samples, start_s, stop_s)

    def rejected(self, what: str) -> None:
        if not self._is_late():
            self._ledger.reject(what)

    def battery(self, percent: int | None) -> None:
        if not self._is_late():
            self._ledger.battery(percent)

    def contact(self, worn: bool | None) -> None:
        if not self._is_late():
            # A strap that goes on telling that it is not worn has nothing else to tell.
            self.n_signs += worn is False
            self._ledger.contact(worn)

    def delay(self, seconds: float) -> None:
        if not self._is_late():
            self._ledger.delay(seconds)

    def _is_late(self) -> bool:
        if self.over:
            self._ledger.rejects["late"] += 1
        return self.over

    def _check(self, source_id: str) -> None:
        if source_id not in self.declared:
            raise ValueError(f"stream {source_id!r} was not declared in this connection")


def _take_exception(task: "asyncio.Task[None]") -> None:
    """Take the exception of an ended task, which asyncio would else complain of."""
    _ = task.cancelled() or task.exception()


def _device_error(error: BaseException | None) -> DeviceError | None:
    """Find the device's error, also in the group a task group makes of it."""
    if isinstance(error, DeviceError):
        return error
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(_device_error, error.exceptions)), None)
    return None
