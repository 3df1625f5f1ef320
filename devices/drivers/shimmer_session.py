"""Talk with a Shimmer3 over an open port: one command after the other, with time-outs, repeats and refusals."""

import asyncio
import contextlib
from typing import Protocol

from devices.errors import DeviceError, Reason
from devices.pace import Pace
from devices.protocols.shimmer import (
    ACK,
    ANSWERS,
    IN_STREAM,
    NACK,
    Answer,
    Command,
    Hardware,
    command,
    payload_of,
)

# Least times are real ones: a faster clock does not make the system under it faster.
_ANSWER_S, _LEAST_ANSWER_S = 2.0, 1.0
_SILENCE_S, _LEAST_SILENCE_S = 0.3, 0.15
_QUIET_WITHIN_S, _N_STOPS = 1.3, 3
_STOP_S = 3.0
_LONGEST_BYTES = 1024

_WORDS: dict[Command, str] = {
    Command.INQUIRY: "tell how it is set up",
    Command.SET_SAMPLING_RATE: "set the sampling rate",
    Command.START_STREAMING: "start streaming",
    Command.SET_SENSORS: "choose the sensors",
    Command.SET_GSR_RANGE: "set the range of the skin conductance",
    Command.GET_FIRMWARE: "tell its firmware version",
    Command.SET_EXPANSION_POWER: "power the pulse sensor",
    Command.SET_EXG_REGISTERS: "set up the ECG",
    Command.SET_CRC: "add checksums",
}


class Port(Protocol):
    """What a session needs of a port."""

    async def read(self) -> tuple[bytes, float]:
        """Wait for bytes.

        Returns
        -------
        tuple of (bytes, float)
            What has come, and when, on the bridge's clock.
        """
        ...

    async def write(self, data: bytes) -> None:
        """Send bytes.

        Parameters
        ----------
        data : bytes
            What to send.
        """
        ...

    def discard(self) -> int:
        """Drop what has arrived unread.

        Returns
        -------
        int
            How many bytes that were.
        """
        ...

    async def close(self) -> None:
        """Let go of the port."""
        ...


class ShimmerSession:
    """Commands and their answers on one connection.

    Parameters
    ----------
    link : Port
        The open port.
    pace : Pace
        The clock.
    name : str
        What the device is called in messages.
    """

    def __init__(self, link: Port, pace: Pace, name: str) -> None:
        self.link = link
        self.hardware: int = Hardware.SHIMMER3
        self._pace = pace
        self._name = name
        self._rest = bytearray()
        self._n_heard = 0

    async def quiet(self) -> None:
        """Stop what still streams from a program that crashed, and wait for silence.

        Raises
        ------
        DeviceError
            If the port goes on talking: something else is behind it.
        """
        # Told more than once, also within the time there is for the end: the byte itself may get lost.
        for _ in range(_N_STOPS):
            await self.link.write(command(Command.STOP_STREAMING))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(1.0, _QUIET_WITHIN_S / self._pace.speed)):
                    await self._fall_silent()
                    return
        raise self._strange("it goes on sending whatever it is told")

    async def ask(self, code: Command, *arguments: int, n_attempts: int = 2) -> bytes:
        """Send a command and wait for its acknowledgement, and for its answer where there is one.

        Parameters
        ----------
        code : Command
            What to do.
        *arguments : int
            Its bytes.
        n_attempts : int, default 2
            How often it is sent before the device counts as mute.

        Returns
        -------
        bytes
            Content of the answer; empty for a command without one.

        Raises
        ------
        DeviceError
            If the device refuses, does not answer, or answers what no Shimmer does.
        """
        heard_before = self._n_heard
        for _ in range(n_attempts):
            self._rest.clear()
            self.link.discard()
            await self.link.write(command(code, *arguments))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(_LEAST_ANSWER_S, _ANSWER_S / self._pace.speed)):
                    return await self._answer(code)
        what = _WORDS.get(code, code.name.lower().replace("_", " "))
        if self._n_heard > heard_before:
            raise self._strange(f"asked to {what} it sent nothing a Shimmer sends")
        raise DeviceError(
            f"{self._name} does not answer (asked to {what}). Switch it off and on again, take it out of its dock, "
            "and see that no other program uses it.",
            Reason.TIMEOUT,
            self._name,
        )

    async def ask_if_known(self, code: Command, *arguments: int) -> bytes | None:
        """Send a command not every firmware knows.

        Parameters
        ----------
        code : Command
            What to do.
        *arguments : int
            Its bytes.

        Returns
        -------
        bytes or None
            Content of the answer; None where the device refuses, is mute or says something else.

        Raises
        ------
        DeviceError
            If the port was lost.
        """
        try:
            return await self.ask(code, *arguments, n_attempts=1)
        except DeviceError as error:
            if error.reason in {Reason.REFUSED, Reason.TIMEOUT, Reason.GARBAGE}:
                return None
            raise

    async def stop(self) -> None:
        """Stop streaming and let go of the port; bounded, and never raises."""
        with contextlib.suppress(DeviceError, TimeoutError):
            async with asyncio.timeout(_STOP_S):
                await self.quiet()
        await self.link.close()

    async def _fall_silent(self) -> None:
        """Wait until nothing comes for a while."""
        silence_s = max(_LEAST_SILENCE_S, _SILENCE_S / self._pace.speed)
        while True:
            try:
                async with asyncio.timeout(silence_s):
                    await self.link.read()
            except TimeoutError:
                return

    async def _answer(self, code: Command) -> bytes:
        while (payload := self._parsed(code)) is None:
            piece, _ = await self.link.read()
            self._n_heard += len(piece)
            # An answer is short and stands in front: what a port pours out behind it is not searched again and again.
            self._rest += piece[: max(0, _LONGEST_BYTES - len(self._rest))]
        return payload

    def _parsed(self, code: Command) -> bytes | None:
        """Find acknowledgement and answer in what has come; None while they are not whole."""
        expected = ANSWERS.get(code)
        if self._rest[:1] == bytes((NACK,)):
            what = _WORDS.get(code, code.name.lower().replace("_", " "))
            raise DeviceError(
                f"{self._name} refused to {what} (command {code:#04x}). Switch it off and on again; if that does not "
                "help, bring its firmware up to date (LogAndStream, with Consensys).",
                Reason.REFUSED,
                self._name,
                code,
            )
        at = -1
        while (at := self._rest.find(ACK, at + 1)) >= 0:
            behind = bytes(self._rest[at + 1 :])
            # A unit that is put into its dock or taken out says so, unasked.
            if behind[:2] == bytes((IN_STREAM, Answer.STATUS)) and expected != Answer.STATUS:
                continue
            if expected is None:
                return b""
            with contextlib.suppress(DeviceError):
                n_config = 7 if self.hardware == Hardware.SHIMMER3R else 4
                found = payload_of(behind, expected, n_config)
                return None if found is None else found[0]
        return None

    def _strange(self, what: str) -> DeviceError:
        """Say that this is no Shimmer."""
        return DeviceError(
            f"{self._name}: this port does not speak Shimmer: {what}. Check that it is the port of the Shimmer (its "
            "outgoing Bluetooth port) and not of another device, and switch the Shimmer off and on again.",
            Reason.GARBAGE,
            self._name,
        )
