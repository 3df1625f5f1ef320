"""How a device is doing: what its line on the screen shows and its status stream says."""

import json
from dataclasses import dataclass, field
from enum import StrEnum

from devices.errors import Reason
from devices.spec import ChannelSpec, OutletSpec


class State(StrEnum):
    """Where a device stands."""

    SEARCHING = "searching"
    CONNECTING = "connecting"
    WAITING = "waiting"
    STREAMING = "streaming"
    LOST = "lost"
    STOPPED = "stopped"


STATE_WORDS: dict[State, str] = {
    State.SEARCHING: "looking for it",
    State.CONNECTING: "connecting",
    State.WAITING: "connected, waiting for the first frame",
    State.STREAMING: "streaming",
    State.LOST: "lost, trying again",
    State.STOPPED: "stopped",
}
"""The states in words."""

REASON_WORDS: dict[Reason, str] = {
    Reason.NO_ADAPTER: "there is no Bluetooth adapter",
    Reason.ADAPTER_OFF: "Bluetooth is switched off",
    Reason.NO_PERMISSION: "the bridge may not use it",
    Reason.NOT_FOUND: "it is not in reach",
    Reason.BUSY: "another program or device holds it",
    Reason.TIMEOUT: "it did not answer in time",
    Reason.PAIRING: "it wants to be paired",
    Reason.UNSUPPORTED: "it does not offer what is needed",
    Reason.FIRMWARE: "its firmware is not known",
    Reason.REFUSED: "it refused a command",
    Reason.GARBAGE: "what it sends cannot be read",
    Reason.SILENT: "it sends nothing",
    Reason.LINK_LOST: "the link broke",
    Reason.STOPPED_BY_DEVICE: "it stopped by itself",
    Reason.MISSING_LIBRARY: "a library of the bridge is missing",
}
"""The reasons in words, for the status stream: the message with the cure quotes names and ports of others, which may
be names of people, and what is on the wire is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How one device is doing now.

    Parameters
    ----------
    device : str
        Its name.
    state : State
        Where it stands.
    since_s : float
        Since when, in seconds of the bridge's clock.
    rates_hz : dict of str to float
        Measured samples per second over the last 10 s, by the label of the stream (``ECG``, ``RR``).
    declared_hz : dict of str to float
        The rates the streams declare, by the same labels; 0.0 means irregular.
    battery_percent : int, optional
        Charge; None when unknown.
    worn : bool, optional
        Whether the sensor touches skin; None when the device does not say.
    n_lost : int
        Samples known to be missing while the link held.
    n_rejected : int
        Frames and samples received and not used.
    n_connections : int
        How often the device was connected.
    gap_s : float
        Seconds without data in all, over lost links.
    delay_s : float
        By how much the newest delivery came late.
    reason : Reason, optional
        Why it is lost.
    text : str
        The same in words, with the cure.
    """

    device: str
    state: State
    since_s: float
    rates_hz: dict[str, float] = field(default_factory=dict)
    declared_hz: dict[str, float] = field(default_factory=dict)
    battery_percent: int | None = None
    worn: bool | None = None
    n_lost: int = 0
    n_rejected: int = 0
    n_connections: int = 0
    gap_s: float = 0.0
    delay_s: float = 0.0
    reason: Reason | None = None
    text: str = ""


def status_spec(name: str, key: str, maker: str, model: str) -> OutletSpec:
    """Declare the status stream of a device.

    Parameters
    ----------
    name : str
        Name of the device, such as ``Polar H10 C07``.
    key : str
        Its identity, root of its source ids.
    maker, model : str
        Manufacturer and model; empty while unknown.

    Returns
    -------
    OutletSpec
        A stream of texts, each one JSON object as `event_text` writes it.
    """
    return OutletSpec(
        name=f"{name}-status",
        type="Markers",
        source_id=f"{key}-status",
        channels=(ChannelSpec(label="device status", unit="", type="Markers"),),
        nominal_rate_hz=0.0,
        channel_format="string",
        manufacturer=maker,
        model=model,
        serial_number="",
        firmware="",
    )


def event_text(event: str, **facts: object) -> str:
    """Write one text of a status stream.

    Parameters
    ----------
    event : {"state", "gap", "lost", "battery", "contact", "stream"}
        What happened: a new state (``state``, ``reason``); the link was gone (``stream``, ``start_s``,
        ``stop_s``); samples missing while it held (``stream``, ``n_samples``, ``start_s``, ``stop_s``); charge
        (``percent``); whether the sensor is worn (``worn``); a stream declared anew or to be doubted (``stream``).
    **facts : object
        What belongs to it; every event has a readable ``text``.

    Returns
    -------
    str
        A JSON object on one line.
    """
    return json.dumps({"event": event, **facts}, ensure_ascii=False, allow_nan=False)
