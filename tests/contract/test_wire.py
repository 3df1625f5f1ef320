"""The wire between devices and monitor is LSL metadata: both vocabularies must mean the same."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from devices.driver import stream_title
from devices.emulator import emulated_h10, emulated_shimmer
from devices.errors import Reason
from devices.spec import ChannelSpec, OutletSpec
from devices.status import STATE_WORDS as BRIDGE_STATES
from devices.status import State, event_text, status_spec
from monitor.core.device_status import REASON_WORDS, STATE_WORDS, DeviceState, device_of_status
from monitor.core.events import Chunk, ClockOffset, StreamOpened, Tick
from monitor.core.model import ChannelInfo, Modality, StreamInfo, StreamKey
from monitor.core.pipeline import Pipeline
from monitor.core.recognition import is_device_status, recognise
from monitor.core.results import BeatRow, MarkerRow, Notice, Result
from monitor.file_roles import FileRoles
from monitor.lsl.advert import Advert
from monitor.lsl.supervisor import Opened, _stall_limit_s
from monitor.preflight.checks import checks_of
from monitor.preflight.found import found_of
from monitor.preflight.seats import Seats
from monitor.preflight.watch import StreamWatch, label_of
from monitor.roles import bind, contested, doubts
from monitor.room import Kind, Participant, Room

CODE, SERIAL = "C07", "1A2B3C4D"
STRAP, SKIN = "polar-h10-1a2b3c4d", "shimmer3-92e8"


def declared(
    name: str, kind: str, source_id: str, channels: Sequence[tuple[str, str, str]], rate_hz: float, form: str
) -> OutletSpec:
    """What a driver declares, with the device left out: the monitor binds by the rest."""
    return OutletSpec(
        name=name,
        type=kind,
        source_id=source_id,
        channels=tuple(ChannelSpec(label=label, unit=unit, type=what) for label, unit, what in channels),
        nominal_rate_hz=rate_hz,
        channel_format=form,
        manufacturer="",
        model="",
        serial_number="",
        firmware="",
    )


def strap(code: str = CODE) -> list[OutletSpec]:
    """All streams of a Polar H10, status last."""
    title = stream_title("Polar H10", code, SERIAL)
    axes = [(f"ACC {axis}", "milli-g", "ACC") for axis in "XYZ"]
    intervals = [("RR", "milliseconds", "RR"), ("gap flag", "", "FLAG")]
    return [
        declared(title, "ECG", f"{STRAP}-ecg", [("ECG", "microvolts", "ECG")], 130.0, "float32"),
        declared(f"{title} RR", "RR", f"{STRAP}-rr", intervals, 0.0, "double64"),
        declared(f"{title} HR", "HR", f"{STRAP}-hr", [("HR", "bpm", "HR")], 0.0, "float32"),
        declared(f"{title} ACC", "ACC", f"{STRAP}-acc", axes, 50.0, "float32"),
        status_spec(title, STRAP, "Polar", "H10"),
    ]


def shimmer(code: str = CODE) -> list[OutletSpec]:
    """All streams of a Shimmer3 GSR+, status last."""
    title = stream_title("Shimmer GSR+", code, "92E8")
    skin = [
        ("EDA", "microsiemens", "EDA"),
        ("raw word", "raw", "RAW"),
        ("range switch flag", "", "FLAG"),
    ]
    return [
        declared(title, "EDA", f"{SKIN}-eda", skin, 51.2, "float32"),
        declared(f"{title} PPG", "PPG", f"{SKIN}-ppg", [("PPG", "millivolts", "PPG")], 51.2, "float32"),
        status_spec(title, SKIN, "Shimmer", "Shimmer3 GSR+"),
    ]


def shimmer_with_ecg_board(code: str = CODE) -> OutletSpec:
    """The ECG of a Shimmer with an ECG board."""
    channels = [(f"ECG {lead}", "millivolts", "ECG") for lead in ("LA-RA", "LL-RA")]
    return declared(
        f"{stream_title('Shimmer GSR+', code, '92E8')} ECG", "ECG", f"{SKIN}-ecg", channels, 256.0, "float32"
    )


def as_received(spec: OutletSpec, number: int = 1) -> StreamInfo:
    channels = tuple(ChannelInfo(label=c.label, unit=c.unit, type=c.type) for c in spec.channels)
    return StreamInfo(
        stream_id=number,
        name=spec.name,
        type=spec.type,
        source_id=spec.source_id,
        hostname="lab",
        uid=spec.source_id,
        channel_count=len(spec.channels),
        nominal_rate_hz=spec.nominal_rate_hz,
        channel_format=spec.channel_format,
        channels=channels,
    )


ROOM = Room.from_options(client=CODE, therapist="T02")
EVERYTHING = [*strap(), *shimmer()]
BOUND = [spec for spec in EVERYTHING if spec.type in {"ECG", "RR", "HR", "EDA"}]
RECORDED = [spec for spec in EVERYTHING if spec not in BOUND]
EMULATED = [*emulated_h10.specs(CODE), emulated_shimmer.spec(CODE)]


@pytest.mark.parametrize("spec", [*EMULATED, *BOUND], ids=lambda spec: spec.source_id)
def test_what_a_bridge_declares_is_what_the_monitor_understands(spec: OutletSpec) -> None:
    info = as_received(spec)
    (binding,) = bind(info, ROOM)
    assert binding.key == StreamKey(CODE, Modality(spec.type.lower()))
    assert (binding.channel, binding.scale) == (0, 1.0)
    assert binding.reason
    assert doubts(info, ROOM) == ()


def test_of_an_ecg_board_the_first_lead_is_taken_in_microvolts() -> None:
    info = as_received(shimmer_with_ecg_board())
    (binding,) = bind(info, ROOM)
    assert (binding.key.modality, binding.channel, binding.scale) == (Modality.ECG, 0, 1000.0)
    assert doubts(info, ROOM) == ()


@pytest.mark.parametrize("spec", RECORDED, ids=lambda spec: spec.source_id)
def test_the_rest_is_recorded_only_and_without_a_doubt(spec: OutletSpec) -> None:
    info = as_received(spec)
    assert bind(info, ROOM) == ()
    assert doubts(info, ROOM) == ()
    assert is_device_status(info) is spec.name.endswith("-status")


@pytest.mark.parametrize(
    ("code", "rule"), [("", SERIAL), ("", STRAP), ("C07", "C07"), ("RR", "RR"), ("ecg", "ecg")]
)
def test_a_strap_is_given_by_code_or_by_serial_number(code: str, rule: str) -> None:
    room = Room.from_options([f"P1={rule}"])
    bound = [binding.key.modality for spec in strap(code) for binding in bind(as_received(spec), room)]
    assert bound[:2] == [Modality.ECG, Modality.RR]


def test_the_streams_of_one_person_fit_together() -> None:
    infos = [as_received(spec, number) for number, spec in enumerate(EVERYTHING, start=1)]
    assert contested([(info, bind(info, ROOM)) for info in infos]) == {}
    roles = FileRoles(ROOM)
    keys = [binding.key for info in infos for binding in roles(info)]
    assert keys == [StreamKey(CODE, m) for m in (Modality.ECG, Modality.RR, Modality.HR, Modality.EDA)]
    assert roles.doubts == []


def test_the_channels_beside_a_signal_are_passed_over() -> None:
    for spec, n_known in ((strap()[1], 1), (shimmer()[0], 1), (strap()[3], 3)):
        found = recognise(as_received(spec))
        assert [channel.channel for channel in found] == list(range(n_known))


@pytest.mark.parametrize(
    ("spec", "limit_s"),
    [(strap()[0], 2.0), (strap()[1], 8.0), (strap()[2], 8.0), (strap()[4], math.inf), (shimmer()[0], 2.0)],
    ids=lambda value: getattr(value, "source_id", ""),
)
def test_silence_means_something_only_where_something_must_come(spec: OutletSpec, limit_s: float) -> None:
    assert _stall_limit_s(as_received(spec)) == limit_s


def watch(spec: OutletSpec) -> StreamWatch:
    advert = Advert(
        uid=spec.source_id,
        name=spec.name,
        type=spec.type,
        source_id=spec.source_id,
        hostname="lab",
        channel_count=len(spec.channels),
        nominal_rate_hz=spec.nominal_rate_hz,
        channel_format=spec.channel_format,
        handle=None,
    )
    seen = StreamWatch(advert, (), lateness_s=3.0, found_s=0.0)
    seen.take(Opened(as_received(spec), None), 0.1)
    seen.take(ClockOffset(1, 0.0, 0.0), 0.1)
    return seen


@pytest.mark.parametrize(
    "spec", [spec for spec in EVERYTHING if spec.type == "Markers"], ids=lambda spec: spec.source_id
)
def test_a_status_stream_without_texts_is_no_trouble_in_the_set_up(spec: OutletSpec) -> None:
    seen = watch(spec)
    for now_s in (1.0, 40.0, 900.0):
        seen.tick(Tick(now_s, math.nan))
        states = {c["name"]: c["state"] for c in checks_of(seen.facts(now_s, "live", 0.0, double=False))}
        assert set(states.values()) <= {"ok", "none"}


def test_the_set_up_gives_all_streams_of_one_code_to_one_person() -> None:
    people = (Participant(code=CODE, kind=Kind.CLIENT), Participant(code="T02", kind=Kind.THERAPIST))
    owners = Seats(people).owners([found_of(watch(spec)) for spec in EVERYTHING])
    assert {owners[label_of(as_received(spec))].participant for spec in EVERYTHING} == {CODE}


def test_the_set_up_gives_the_streams_of_one_strap_to_one_person() -> None:
    people = (Participant(code="A1", kind=Kind.CLIENT), Participant(code="B2", kind=Kind.THERAPIST))
    owners = Seats(people).owners([found_of(watch(spec)) for spec in strap("")])
    assert {owner.participant for owner in owners.values()} == {"A1"}


def test_every_state_and_reason_of_a_bridge_has_words_in_the_monitor() -> None:
    assert set(STATE_WORDS) == {state.value for state in State} == {state.value for state in BRIDGE_STATES}
    assert set(REASON_WORDS) == {reason.value for reason in Reason}


@pytest.mark.parametrize("reason", Reason)
def test_what_a_bridge_says_of_its_device_is_understood(reason: Reason) -> None:
    device = DeviceState()
    device.take(event_text("state", state=State.LOST, reason=reason, text="anything"))
    assert device.words == f"lost, trying again: {REASON_WORDS[reason.value]}"
    device.take(event_text("state", state=State.STREAMING, reason=None, text="streaming"))
    device.take(event_text("battery", percent=9, text="battery 9 %"))
    device.take(event_text("contact", worn=False, text="not worn"))
    assert device.trouble == "not worn, battery 9 %"
    assert device_of_status(as_received(strap()[-1])) == "Polar H10 C07"


def worn(*, beat_times: bool = True, rr_scale: float = 1.0, ecg_until_s: float = math.inf) -> list[Result]:
    """Two and a half minutes of a strap with all its streams, intervals stamped by their beats."""
    specs = strap()
    if not beat_times:
        specs = [spec for spec in specs if spec.type != "RR"]
    pipeline, out = Pipeline(), []
    infos = {spec.type: as_received(spec, i) for i, spec in enumerate(specs, start=1)}
    for info in infos.values():
        pipeline.push(StreamOpened(info, bind(info, ROOM)))
        pipeline.push(ClockOffset(info.stream_id, 0.0, 0.0))
    t = np.arange(0.0, 150.0, 1.0 / 130.0)
    beats = 0.4 + np.cumsum(np.full(180, 0.85) + 0.02 * np.sin(np.arange(180)))
    ecg = 4.0 * np.sin(t * 97.0)
    for beat in beats:
        near = np.abs(t - beat) < 0.2
        ecg[near] += 900.0 * np.exp(-0.5 * ((t[near] - beat) / 0.011) ** 2)
    rr_ms = np.round(np.diff(beats) * 1024.0) * 1000.0 / 1024.0 * rr_scale
    flags = (np.arange(rr_ms.size) == 0).astype(float)
    movement_s = np.arange(0.0, 150.0, 0.02)
    for second in range(150):
        data = {
            "ECG": (t, ecg[:, None]),
            "RR": (beats[1:], np.column_stack((rr_ms, flags))),
            "HR": (beats[1:] + 0.3, np.round(60_000.0 / rr_ms)[:, None]),
            "ACC": (movement_s, np.tile([0.0, 0.0, 1000.0], (movement_s.size, 1))),
        }
        for kind, (stamps, values) in data.items():
            here = (stamps >= second) & (stamps < second + 1)
            if kind in infos and here.any() and not (kind == "ECG" and second >= ecg_until_s):
                pipeline.push(Chunk(infos[kind].stream_id, stamps[here], values[here].copy()))
        out += pipeline.push(Tick(second + 1.0, math.nan))
    return out + pipeline.finish()


def test_all_streams_of_a_strap_together_give_one_heart_and_no_complaint() -> None:
    results = worn()
    assert {row.label for row in results if isinstance(row, Notice)} == {"channel_plausible"}
    assert {row.participant for row in results if isinstance(row, MarkerRow)} == {CODE}
    assert {row.source for row in results if isinstance(row, BeatRow)} == {"ecg", "rr"}
    speeds = [row.value for row in results if isinstance(row, MarkerRow) and row.marker == "hr_bpm"]
    assert math.isclose(speeds[-10], 60.0 / 0.85, rel_tol=0.02)


def test_the_ecg_makes_the_numbers_while_it_is_there() -> None:
    def numbers(results: list[Result]) -> list[str]:
        return [repr(row) for row in results if isinstance(row, MarkerRow)]

    assert numbers(worn()) == numbers(worn(beat_times=False))


def test_the_intervals_of_a_strap_stand_in_for_an_ecg_that_ended() -> None:
    rows = [r for r in worn(ecg_until_s=60.0) if isinstance(r, MarkerRow) and r.marker == "ln_rmssd"]
    assert math.isfinite(rows[-5].value)


def test_intervals_in_another_unit_are_told_against_the_ecg_with_beat_times_too() -> None:
    labels = [row.label for row in worn(rr_scale=1.024) if isinstance(row, Notice)]
    assert labels.count("strap_disagrees") == 1
