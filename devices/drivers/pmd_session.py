"""The conversation with Polar's measurement service: what there is, start, stop, and pairing when it is asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from devices.ble_link import BleLink
from devices.ble_words import cure
from devices.errors import DeviceError, Reason
from devices.protocols import pmd

_ANSWER_TIMEOUT_S = 6.0

_T = TypeVar("_T")

OnFrame = Callable[[pmd.Frame, float], None]


class PmdSession:
    """The measurement service of one connection.

    Parameters
    ----------
    link : BleLink
        The connection.
    on_frame : callable
        Takes each frame, and when it arrived.
    on_garbage : callable
        Called for what arrived and is no frame.
    """

    def __init__(self, link: BleLink, on_frame: OnFrame, on_garbage: Callable[[], None]) -> None:
        self._link = link
        self._on_frame = on_frame
        self._on_garbage = on_garbage
        self._answers: asyncio.Queue[pmd.Response] = asyncio.Queue()
        self._pairing_tried = False
        self._started: set[pmd.Measurement] = set()
        self.stopped: asyncio.Queue[tuple[pmd.Measurement, ...]] = asyncio.Queue()

    async def open(self) -> frozenset[pmd.Measurement]:
        """Read what the device can, and subscribe to answers and data.

        Returns
        -------
        frozenset of Measurement
            What can be streamed.

        Raises
        ------
        DeviceError
            If the service is missing (``unsupported``), asks for a pairing that fails, or does not answer.
        """
        if not self._link.has(pmd.CONTROL_POINT) or not self._link.has(pmd.DATA):
            raise DeviceError(
                f"{self._link.name} has no measurement service, so that it gives no ECG. Update its firmware in Polar "
                "Flow; until then `attune bridge heart-rate` gives its beat intervals.",
                Reason.UNSUPPORTED,
                self._link.name,
            )
        features = await self._paired(lambda: self._link.read(pmd.CONTROL_POINT))
        await self._paired(lambda: self._link.subscribe(pmd.CONTROL_POINT, self._answered))
        await self._paired(lambda: self._link.subscribe(pmd.DATA, self._arrived))
        return pmd.decode_features(features)

    async def offers(self, measurement: pmd.Measurement) -> dict[pmd.Setting, tuple[int, ...]]:
        """Ask which settings a measurement has.

        Parameters
        ----------
        measurement : Measurement
            Which one.

        Returns
        -------
        dict of Setting to tuple of int
            What is on offer.

        Raises
        ------
        DeviceError
            If it is refused, or the answer has no rate.
        """
        answer = await self._ask(pmd.settings_request(measurement))
        if answer.status != pmd.Status.OK:
            raise self._refused(measurement, "tell its settings for", answer)
        offers = pmd.decode_settings(answer.parameters)
        if not offers.get(pmd.Setting.RATE_HZ):
            raise DeviceError(
                f"{self._link.name} does not say at which rate it measures {measurement.name}: its firmware is unknown "
                "to this program. Update both, the firmware in Polar Flow.",
                Reason.FIRMWARE,
                self._link.name,
            )
        return offers

    async def start(self, measurement: pmd.Measurement, settings: dict[pmd.Setting, int]) -> None:
        """Start a measurement; one that runs already is stopped and started again.

        Parameters
        ----------
        measurement : Measurement
            Which one.
        settings : dict of Setting to int
            One choice for each setting on offer.

        Raises
        ------
        DeviceError
            If it is refused.
        """
        self._started.add(measurement)
        request = pmd.start_request(measurement, settings)
        answer = await self._ask(request)
        if answer.status == pmd.Status.ALREADY:
            await self._ask(pmd.stop_request(measurement))
            answer = await self._ask(request)
        if answer.status != pmd.Status.OK:
            raise self._refused(measurement, "start", answer)

    async def restart(self, measurement: pmd.Measurement, settings: dict[pmd.Setting, int]) -> None:
        """Stop a measurement, subscribe anew, and start it again.

        Parameters
        ----------
        measurement : Measurement
            Which one.
        settings : dict of Setting to int
            As for the first start.

        Raises
        ------
        DeviceError
            If it is refused, or the device does not answer.
        """
        await self._ask(pmd.stop_request(measurement))
        await self.resubscribe()
        await self.start(measurement, settings)

    async def resubscribe(self) -> None:
        """Subscribe to the frames anew: a stack may have lost the subscription without saying so.

        Raises
        ------
        DeviceError
            If the device does not let itself be subscribed to.
        """
        with suppress(DeviceError):
            await self._link.unsubscribe(pmd.DATA)
        await self._link.subscribe(pmd.DATA, self._arrived)

    async def close(self) -> None:
        """Stop what was started: a device left streaming runs until its battery is empty.

        Raises
        ------
        DeviceError
            If it cannot be told.
        """
        while self._started:
            await self._link.write(pmd.CONTROL_POINT, pmd.stop_request(self._started.pop()))

    async def _paired(self, operation: Callable[[], Awaitable[_T]]) -> _T:
        """Do something; if the device asks for pairing, pair once and do it again."""
        try:
            return await operation()
        except DeviceError as error:
            if error.reason is not Reason.PAIRING or self._pairing_tried:
                raise
        self._pairing_tried = True
        await self._link.pair()
        return await operation()

    async def _ask(self, request: bytes) -> pmd.Response:
        """Write a command and wait for the whole of its answer."""
        while not self._answers.empty():
            # An answer nobody waited for any more must not be taken for that of this command.
            self._answers.get_nowait()
        await self._paired(lambda: self._link.write(pmd.CONTROL_POINT, request))
        parameters = b""
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                while True:
                    answer = await self._answers.get()
                    if (answer.op, answer.measurement) != (request[0], request[1]):
                        continue
                    parameters += answer.parameters
                    if not answer.more or answer.status != pmd.Status.OK:
                        break
        except TimeoutError as error:
            raise DeviceError(
                f"{self._link.name} took a command and did not answer it. {cure(Reason.TIMEOUT)}",
                Reason.TIMEOUT,
                self._link.name,
            ) from error
        return pmd.Response(
            op=answer.op, measurement=answer.measurement, status=answer.status, parameters=parameters
        )

    def _answered(self, data: bytes, _arrival_s: float) -> None:
        """Take what the control point indicates."""
        stopped = pmd.decode_stopped(data)
        if stopped is not None:
            self.stopped.put_nowait(stopped)
            return
        try:
            self._answers.put_nowait(pmd.decode_response(data))
        except DeviceError:
            self._on_garbage()

    def _arrived(self, data: bytes, arrival_s: float) -> None:
        """Take a frame."""
        try:
            frame = pmd.decode_frame(data)
        except DeviceError:
            self._on_garbage()
            return
        self._on_frame(frame, arrival_s)

    def _refused(self, measurement: pmd.Measurement, what: str, answer: pmd.Response) -> DeviceError:
        """Say why the device does not do it, and what helps."""
        advice = cure(Reason.REFUSED)
        if answer.status == pmd.Status.BAD_MTU:
            advice = (
                "The Bluetooth stack of this computer agreed on packets below 70 bytes: update its driver, or use "
                "another adapter; `attune bridge heart-rate` works all the same."
            )
        elif answer.status == pmd.Status.IN_CHARGER:
            advice = "Take it out of the charger."
        unsupported = answer.status in {
            pmd.Status.BAD_COMMAND,
            pmd.Status.BAD_MEASUREMENT,
            pmd.Status.UNSUPPORTED,
        }
        return DeviceError(
            f"{self._link.name} does not {what} {measurement.name}: {answer.words}. {advice}",
            Reason.UNSUPPORTED if unsupported else Reason.REFUSED,
            self._link.name,
            answer.status,
        )
