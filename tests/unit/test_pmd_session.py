"""The conversation with the measurement service, against a scripted link."""

import asyncio
from collections.abc import Callable

import pytest

from devices.drivers import pmd_session
from devices.drivers.pmd_session import PmdSession
from devices.drivers.polar_h10 import choose
from devices.errors import DeviceError, Reason
from devices.protocols import pmd

ECG, ACC = pmd.Measurement.ECG, pmd.Measurement.ACC
ECG_OFFERS = {pmd.Setting.RATE_HZ: (130,), pmd.Setting.RESOLUTION_BITS: (14,)}
ECG_CHOICE = {pmd.Setting.RATE_HZ: 130, pmd.Setting.RESOLUTION_BITS: 14}


def answer(op: pmd.Command, status: int = 0, parameters: bytes = b"", *, more: bool = False) -> bytes:
    return pmd.encode_response(
        pmd.Response(op=op, measurement=ECG, status=status, parameters=parameters, more=more)
    )


class ScriptedLink:
    """A link that answers each command with the next of the answers given."""

    name = "Polar H10 C07"

    def __init__(self, *answers: list[bytes], uuids: tuple[str, ...] = (pmd.CONTROL_POINT, pmd.DATA)) -> None:
        self.answers = list(answers)
        self.uuids = uuids
        self.written: list[bytes] = []
        self.callbacks: dict[str, Callable[[bytes, float], None]] = {}
        self.pairings = 0
        self.refusals = 0
        self.features = pmd.encode_features(frozenset({ECG, ACC}))

    def has(self, uuid: str) -> bool:
        return uuid in self.uuids

    async def read(self, uuid: str) -> bytes:
        self._refuse()
        return self.features

    async def write(self, uuid: str, data: bytes) -> None:
        self._refuse()
        self.written.append(data)
        for one in self.answers.pop(0) if self.answers else []:
            self.callbacks[pmd.CONTROL_POINT](one, 0.0)

    async def subscribe(self, uuid: str, callback: Callable[[bytes, float], None]) -> None:
        self.callbacks[uuid] = callback

    async def unsubscribe(self, uuid: str) -> None:
        del self.callbacks[uuid]

    async def pair(self) -> None:
        self.pairings += 1

    def _refuse(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise DeviceError("pair first", Reason.PAIRING, self.name, 5)


class Session(PmdSession):
    def __init__(self, link: ScriptedLink) -> None:
        self.frames: list[pmd.Frame] = []
        self.n_garbage = 0
        super().__init__(link, lambda frame, _: self.frames.append(frame), self.count)  # type: ignore[arg-type]

    def count(self) -> None:
        self.n_garbage += 1


def opened(link: ScriptedLink, work: Callable[[Session], object]) -> Session:
    async def run() -> Session:
        session = Session(link)
        await session.open()
        result = work(session)
        if asyncio.iscoroutine(result):
            await result
        return session

    return asyncio.run(run())


def failure(link: ScriptedLink, work: Callable[[Session], object]) -> DeviceError:
    with pytest.raises(DeviceError) as caught:
        opened(link, work)
    return caught.value


def test_a_device_without_the_service_is_sent_to_a_firmware_update():
    error = failure(ScriptedLink(uuids=()), lambda session: None)
    assert error.reason is Reason.UNSUPPORTED
    assert "Polar Flow" in str(error)
    assert "heart-rate" in str(error)


def test_settings_may_come_in_two_packets():
    whole = pmd.encode_settings(ECG_OFFERS)
    link = ScriptedLink(
        [
            answer(pmd.Command.SETTINGS, parameters=whole[:4], more=True),
            answer(pmd.Command.SETTINGS, parameters=whole[4:]),
        ]
    )

    async def work(session: Session) -> None:
        assert await session.offers(ECG) == ECG_OFFERS

    opened(link, work)


def test_an_answer_nobody_waited_for_is_not_taken_for_the_next_one():
    link = ScriptedLink([answer(pmd.Command.START)])

    async def work(session: Session) -> None:
        link.callbacks[pmd.CONTROL_POINT](answer(pmd.Command.START, 10), 0.0)
        await session.start(ECG, ECG_CHOICE)

    opened(link, work)


def test_a_measurement_that_runs_already_is_stopped_and_started():
    link = ScriptedLink(
        [answer(pmd.Command.START, pmd.Status.ALREADY)],
        [answer(pmd.Command.STOP)],
        [answer(pmd.Command.START)],
    )
    opened(link, lambda session: session.start(ECG, ECG_CHOICE))
    start = pmd.start_request(ECG, ECG_CHOICE)
    assert link.written == [start, pmd.stop_request(ECG), start]


@pytest.mark.parametrize(
    ("status", "reason", "word"),
    [(10, Reason.REFUSED, "70 bytes"), (3, Reason.UNSUPPORTED, "not supported"), (13, Reason.REFUSED, "charger"),
     (99, Reason.REFUSED, "code 99")],
)  # fmt: skip
def test_a_refusal_says_why_and_what_to_do(status, reason, word):
    error = failure(
        ScriptedLink([answer(pmd.Command.START, status)]), lambda session: session.start(ECG, ECG_CHOICE)
    )
    assert (error.reason, error.code) == (reason, status)
    assert word in str(error)


def test_settings_without_a_rate_are_unknown_firmware():
    link = ScriptedLink([answer(pmd.Command.SETTINGS, parameters=b"\x20\x01\x00")])
    assert failure(link, lambda session: session.offers(ECG)).reason is Reason.FIRMWARE


def test_pairing_is_tried_once_and_then_given_up():
    link = ScriptedLink([answer(pmd.Command.START)])
    link.refusals = 1
    opened(link, lambda session: session.start(ECG, ECG_CHOICE))
    assert link.pairings == 1
    link = ScriptedLink()
    link.refusals = 9
    error = failure(link, lambda session: None)
    assert (error.reason, error.code) == (Reason.PAIRING, 5)
    assert link.pairings == 1


def test_a_command_without_an_answer_times_out(monkeypatch):
    monkeypatch.setattr(pmd_session, "_ANSWER_TIMEOUT_S", 0.01)
    error = failure(ScriptedLink([]), lambda session: session.start(ECG, ECG_CHOICE))
    assert error.reason is Reason.TIMEOUT


def test_garbage_is_counted_and_stops_nothing():
    link = ScriptedLink()

    def work(session: Session) -> None:
        link.callbacks[pmd.DATA](b"\x00", 0.0)
        link.callbacks[pmd.DATA](b"\x00" * 11, 0.0)
        link.callbacks[pmd.CONTROL_POINT](b"\xf0", 0.0)
        link.callbacks[pmd.CONTROL_POINT](b"", 0.0)
        link.callbacks[pmd.DATA](b"\x00" * 13, 0.0)

    session = opened(link, work)
    assert session.n_garbage == 4
    assert len(session.frames) == 1


def test_a_stop_by_the_device_is_told():
    link = ScriptedLink()
    session = opened(link, lambda _: link.callbacks[pmd.CONTROL_POINT](pmd.encode_stopped(ECG), 0.0))
    assert session.stopped.get_nowait() == (ECG,)


def test_closing_stops_all_that_was_started_even_what_was_refused():
    link = ScriptedLink([answer(pmd.Command.START)])

    async def work(session: Session) -> None:
        await session.start(ECG, ECG_CHOICE)
        await session.close()
        await session.close()

    opened(link, work)
    assert link.written[1:] == [pmd.stop_request(ECG)]


def test_the_nearest_rate_on_offer_is_chosen_and_the_most_of_all_else():
    offers = {pmd.Setting.RATE_HZ: (25, 50, 100), pmd.Setting.RANGE: (2, 4, 8), pmd.Setting.FACTOR: (7,)}
    assert choose(offers, 200) == {pmd.Setting.RATE_HZ: 100, pmd.Setting.RANGE: 8}
    assert choose(offers, 50)[pmd.Setting.RATE_HZ] == 50
