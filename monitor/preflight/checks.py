"""The five checks of a stream before the start: what was found, and what to do about it."""

import math
from collections.abc import Sequence

from monitor.board.session_views import CheckView
from monitor.board.streams import RATE_TOLERANCE, StreamState
from monitor.core.model import Modality
from monitor.core.plausibility import Judgement
from monitor.core.results import Reason, Status
from monitor.preflight.facts import ChannelFacts, StreamFacts

ANSWER_S = 6.0
"""Longest time a stream may take to be opened before that is called a fault."""

FIRST_SAMPLE_S = 5.0
FIRST_BEAT_S = 12.0
CONTACT_S = 25.0
"""Longest time a plausible signal may take to show its contact."""

_STRAP = "Moisten the electrodes and tighten the strap."
_ELECTRODES = "Press the electrodes on, or renew gel and tape; then wait a few seconds."
_CONTACT_CURE = {Modality.ECG: _STRAP, Modality.EDA: _ELECTRODES}
_CONTACT_TEXT = {
    Reason.LEAD_OFF: "no skin contact",
    Reason.FLATLINE: "a flat line: no skin contact",
    Reason.SATURATED: "the signal is at the end of its range",
    Reason.NOISE: "noisy",
    Reason.MOTION: "disturbed by movement",
    Reason.TOO_FEW_BEATS: "too few heart beats are seen",
    Reason.TOO_MANY_CORRECTED_BEATS: "many beats had to be corrected",
    Reason.ARRHYTHMIA_SUSPECTED: "beat pattern unsuitable for this analysis",
    Reason.RANGE_SWITCH: "the sensor is changing its range",
    Reason.GAP: "gaps in the signal",
    Reason.NO_DATA: "no data",
}
_STILL = "Sit still for a moment, and see that cables and electrodes do not move."
_EARLY = frozenset({Reason.WARMUP, Reason.TOO_FEW_BEATS, Reason.NO_DATA, Reason.GAP})
"""What is missing at first by itself."""

_SENSOR = (
    "Check that the sensor is switched on, worn and in reach, and that its bridge program is still running."
)
_CLOCK = (
    "Check the clock of the computer that sends this stream, and let the sender stamp with the LSL clock."
)
_SENDER = "Correct type, label or unit at the sender, or name channel and unit in a room file."
_CURES = ("let ", "name ", "publish ", "declare ")


def checks_of(facts: StreamFacts) -> list[CheckView]:
    """Check a stream.

    Parameters
    ----------
    facts : StreamFacts
        What is known of it.

    Returns
    -------
    list of CheckView
        ``connected, rate, clock, signal, contact``, in this order.
    """
    connected = check_connected(facts)
    if not facts.opened or facts.link in {"lost", "ended"}:
        names = ("rate", "clock", "signal", "contact")
        return [connected, *(_check(name, "waiting", "not connected") for name in names)]
    signal = check_signal(facts)
    return [
        connected,
        check_rate(facts),
        check_clock(facts),
        signal,
        check_contact(facts.channels, plausible=signal["state"] == "ok"),
    ]


def _check(name: str, state: str, text: str, cure: str = "") -> CheckView:
    return CheckView(name=name, state=state, text=text, cure=cure)


def check_connected(facts: StreamFacts) -> CheckView:
    """Check whether the stream can be had.

    Parameters
    ----------
    facts : StreamFacts
        What is known of it.

    Returns
    -------
    CheckView
        The check.
    """
    if facts.refused:
        return _check("connected", "bad", *said(facts.refused, "Correct the sender and start it again."))
    if facts.double:
        text = "several outlets call themselves so, and none can be trusted"
        return _check("connected", "bad", text, "End all but one of the programs that send this stream.")
    if facts.link in {"lost", "ended"}:
        cure = (
            "Check that its bridge program is still running and the sensor in reach; start the bridge again."
        )
        return _check("connected", "bad", "the stream is gone", cure)
    if facts.opened:
        return _check("connected", "ok", "connected")
    if facts.found_s <= ANSWER_S:
        return _check("connected", "waiting", "connecting")
    cure = "Start its bridge program again. If it runs on another computer, open the firewall there for LSL."
    return _check("connected", "bad", "it is announced but does not answer", cure)


def check_rate(facts: StreamFacts) -> CheckView:
    """Check whether samples flow, at the declared rate.

    Parameters
    ----------
    facts : StreamFacts
        What is known of a stream that is open.

    Returns
    -------
    CheckView
        ``none`` for streams that send only when something happens.
    """
    regular = facts.declared_hz > 0.0
    if not regular and not facts.beatwise:
        return _check("rate", "none", "sends when something happens")
    if facts.n_samples == 0:
        if facts.opened_s <= (FIRST_SAMPLE_S if regular else FIRST_BEAT_S):
            return _check("rate", "waiting", "no samples yet")
        return _check("rate", "bad", "connected, but it sends nothing", _SENSOR)
    if facts.state in {StreamState.SILENT, StreamState.LOST}:
        since = "" if math.isnan(facts.age_s) else f" for {facts.age_s:.0f} s"
        return _check("rate", "bad", f"no samples{since}", _SENSOR)
    if not regular:
        return _check("rate", "ok", "a sample for each beat")
    measured_hz, declared_hz = facts.measured_hz, facts.declared_hz
    if math.isnan(measured_hz):
        return _check("rate", "waiting", "measuring the rate")
    text = f"{measured_hz:.4g} Hz measured, {declared_hz:g} Hz declared"
    if abs(measured_hz - declared_hz) <= RATE_TOLERANCE * declared_hz:
        return _check("rate", "ok", text)
    if measured_hz < declared_hz:
        cure = "Bring the sensor nearer to its receiver, or set the sender to the rate it declares."
        return _check("rate", "bad", text, cure)
    return _check("rate", "bad", text, "Set the sender to the rate it declares, and start it again.")


def check_clock(facts: StreamFacts) -> CheckView:
    """Check whether the stamps can be put on the clock of this computer.

    Parameters
    ----------
    facts : StreamFacts
        What is known of a stream that is open.

    Returns
    -------
    CheckView
        The check.
    """
    if facts.clock_problem:
        return _check("clock", "bad", *said(facts.clock_problem, _CLOCK))
    if facts.state is StreamState.CLOCK_DIFFERS:
        return _check("clock", "bad", "its stamps lie in the future", _CLOCK)
    if math.isnan(facts.offset_s):
        return _check("clock", "waiting", "measuring the clock")
    if facts.n_samples == 0:
        sparse = facts.declared_hz <= 0.0 and not facts.beatwise
        text = "offset measured; nothing to compare it with yet"
        return _check("clock", "ok" if sparse else "waiting", text)
    delay = "" if math.isnan(facts.delay_s) else f"; samples are {1e3 * facts.delay_s:.0f} ms old on arrival"
    return _check("clock", "ok", f"offset {_span(facts.offset_s)}{delay}")


def _span(seconds: float) -> str:
    return f"{1e3 * seconds:.2f} ms" if abs(seconds) < 1.0 else f"{seconds:.3f} s"


def check_signal(facts: StreamFacts) -> CheckView:
    """Check whether the values are what they are declared to be.

    Parameters
    ----------
    facts : StreamFacts
        What is known of a stream that is open.

    Returns
    -------
    CheckView
        ``none`` for a stream that measures nothing analysed.
    """
    if facts.unbound and not facts.channels:
        return _check("signal", "bad", *_doubted(facts.unbound[0]))
    if not facts.channels:
        return _check("signal", "none", "nothing in it is analysed")
    wrong = [c for c in facts.channels if c.text and c.judgement is not Judgement.PLAUSIBLE]
    if wrong:
        return _check("signal", "bad", *said(wrong[0].text, _SENDER))
    if any(channel.judgement is None for channel in facts.channels):
        return _check("signal", "waiting", "looking at the first seconds")
    return _check("signal", "ok", ", ".join(channel.text for channel in facts.channels))


def check_contact(channels: Sequence[ChannelFacts], *, plausible: bool) -> CheckView:
    """Check the skin contact.

    Parameters
    ----------
    channels : sequence of ChannelFacts
        What would be analysed.
    plausible : bool
        Whether the signal was found to be what it is declared to be.

    Returns
    -------
    CheckView
        ``none`` where nothing tells of it: contact shows in ECG and skin conductance.
    """
    telling = [channel for channel in channels if channel.modality in _CONTACT_CURE]
    if not telling:
        return _check("contact", "none", "this stream does not tell")
    if not plausible:
        return _check("contact", "waiting", "not known yet")
    found = [_contact(channel) for channel in telling]
    for state in ("bad", "waiting"):
        for check in found:
            if check["state"] == state:
                return check
    return found[0]


def _contact(channel: ChannelFacts) -> CheckView:
    reason, status = channel.reason, channel.status
    if status is None or (reason in _EARLY and not channel.verified_s > CONTACT_S):
        return _check("contact", "waiting", "looking at the contact")
    if status is Status.OK:
        return _check("contact", "ok", "good")
    text = _CONTACT_TEXT.get(reason, str(reason).replace("_", " "))
    if status is Status.LOW:
        return _check("contact", "ok", f"usable, but {text}")
    cure = _STILL if reason is Reason.MOTION else _CONTACT_CURE[channel.modality]
    return _check("contact", "bad", text, cure)


def said(text: str, otherwise: str) -> tuple[str, str]:
    """Part a message into what was found and what to do.

    Parameters
    ----------
    text : str
        Ends with what to do, after a full stop or a colon.
    otherwise : str
        What to do where it does not.

    Returns
    -------
    found, cure : str
        The cure as a sentence.
    """
    for mark in (". ", ": "):
        found, cut, cure = text.rstrip(". ").rpartition(mark)
        if cut:
            return found.replace(". It is recorded but not used", ""), f"{cure[:1].upper()}{cure[1:]}."
    return text, otherwise


def _doubted(reason: str) -> tuple[str, str]:
    """Part the reason of a recognition in doubt, whose last part may say what to do."""
    for mark in ("; ", ": "):
        found, cut, cure = reason.rpartition(mark)
        if cut and cure.startswith(_CURES):
            return found, f"{cure[:1].upper()}{cure[1:]}."
    return reason, _SENDER
