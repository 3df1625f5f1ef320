"""What an emulated chest strap does wrong, and how its deliveries wander on their way."""

from dataclasses import dataclass
from enum import StrEnum


class OffBody(StrEnum):
    """What the electrodes give while they touch no skin."""

    KEPT = "kept"
    FLAT = "flat"
    NOISE = "noise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long a notification is on its way. It never overtakes another.

    Parameters
    ----------
    base_s : float, default 0.03
        The least.
    jitter_s : float, default 0.012
        Mean of the exponential part.
    stall_share : float, default 0.002
        Share of notifications that meet a stall.
    stall_s : float, default 0.4
        Mean length of a stall.
    interval_s : float, default 0.0
        Connection interval: notifications leave at its multiples only; 0 means at once.
    """

    base_s: float = 0.03
    jitter_s: float = 0.012
    stall_share: float = 0.002
    stall_s: float = 0.4
    interval_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class H10Faults:
    """Everything about an emulated strap that is not as its data sheet says, and what goes wrong when.

    Times are seconds since the device was switched on, frame and notification numbers count from 0 since then,
    over all connections.

    Parameters
    ----------
    rate_hz : float, default 130.16
        True ECG rate of a device that calls it 130 Hz; acceleration is off by the same factor.
    clock_drift : float, default 40e-6
        How much faster the device's clock runs.
    epoch_2019 : bool, default True
        Whether the clock began at 2019-01-01 when the device was switched on, as after a flat battery; otherwise it
        shows 2026-01-01 then.
    lost_frames, repeated_frames, swapped_frames : tuple of int
        Numbers of ECG frames never sent, sent twice, and sent after the next one.
    lost_share, repeated_share, swapped_share : float, default 0.0
        Share of further ECG frames with the same fates, drawn by `seed`.
    lost_at_s : tuple of float
        The ECG frame that holds such a moment is never sent.
    lost_beats : tuple of int
        Numbers of heart-rate notifications never sent.
    mtu : int, default 232
        Most the device agrees to: 232 gives 73 ECG samples a frame, 185 gives 57, 70 gives 19; below 70 the ECG
        is refused.
    pairing_required : bool, default False
        Whether the measurement control point answers only over an encrypted link.
    pairing_code : int, default 5
        ATT error it gives otherwise: 5 insufficient authentication, 15 insufficient encryption.
    pairing_refused : bool, default False
        Whether the device lets nobody pair.
    contact_bits : bool, default False
        Whether heart-rate notifications carry the two contact bits; those of a real H10 do not.
    contact_lost : tuple of (float, float)
        From when to when the strap touches no skin: heart rate 0, no RR intervals.
    off_body : OffBody, default OffBody.NOISE
        What the ECG shows meanwhile.
    disconnect_at_s : tuple of float
        When the device ends the link.
    away_s : float, default 2.0
        How long it is out of reach after that.
    silent : tuple of (float, float)
        From when to when nothing is notified, though the link stays. What was due then is lost.
    stop_at_s : tuple of float
        When the device stops the running measurements and says so.
    streams_survive : bool, default False
        Whether measurements run on when the link is lost, so that the next start is refused.
    first_frame_after_s : float, default 0.0
        How long after its start a measurement begins to send.
    refused_connections : int, default 0
        How many connections are ended at once.
    no_pmd : bool, default False
        Whether the measurement service is missing, as with old firmware.
    no_information : bool, default False
        Whether the device information is missing.
    battery : int or None, default 87
        Charge in percent, sent as it is, so that 255 is possible; None leaves the battery service out.
    battery_steps : tuple of (float, int)
        When the charge becomes another; notified.
    compressed_acc : bool, default False
        Whether the acceleration comes as differences, as other Polar devices send it.
    latency : Latency
        How deliveries wander.
    rr_in_ms : bool, default False
        Whether RR intervals are sent in milliseconds instead of 1/1024 s.
    seed : int, default 0
        Seed of latency and shares.

    Raises
    ------
    ValueError
        If a rate or a share is outside its range.
    """

    rate_hz: float = 130.16
    clock_drift: float = 40e-6
    epoch_2019: bool = True
    lost_frames: tuple[int, ...] = ()
    repeated_frames: tuple[int, ...] = ()
    swapped_frames: tuple[int, ...] = ()
    lost_share: float = 0.0
    repeated_share: float = 0.0
    swapped_share: float = 0.0
    lost_at_s: tuple[float, ...] = ()
    lost_beats: tuple[int, ...] = ()
    mtu: int = 232
    pairing_required: bool = False
    pairing_code: int = 5
    pairing_refused: bool = False
    contact_bits: bool = False
    contact_lost: tuple[tuple[float, float], ...] = ()
    off_body: OffBody = OffBody.NOISE
    disconnect_at_s: tuple[float, ...] = ()
    away_s: float = 2.0
    silent: tuple[tuple[float, float], ...] = ()
    stop_at_s: tuple[float, ...] = ()
    streams_survive: bool = False
    first_frame_after_s: float = 0.0
    refused_connections: int = 0
    no_pmd: bool = False
    no_information: bool = False
    battery: int | None = 87
    battery_steps: tuple[tuple[float, int], ...] = ()
    compressed_acc: bool = False
    latency: Latency = Latency()
    rr_in_ms: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what no device could do."""
        if not 1.0 <= self.rate_hz <= 1000.0:
            raise ValueError(f"a rate of {self.rate_hz} Hz is outside 1 to 1000")
        if not 23 <= self.mtu <= 517:
            raise ValueError(f"an MTU of {self.mtu} is outside 23 to 517")
        shares = (self.lost_share, self.repeated_share, self.swapped_share)
        if min(shares) < 0.0 or sum(shares) > 1.0:
            raise ValueError(f"shares of frames {shares} must be at least 0 and at most 1 together")


def within(spans: tuple[tuple[float, float], ...], t_s: float) -> bool:
    """Tell whether a moment lies in one of the spans.

    Parameters
    ----------
    spans : tuple of (float, float)
        Start and stop, half open.
    t_s : float
        The moment.

    Returns
    -------
    bool
        Whether a span holds it.
    """
    return any(start_s <= t_s < stop_s for start_s, stop_s in spans)
