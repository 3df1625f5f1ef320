"""What is known of one stream before the start, in plain values; what `monitor.preflight.checks` judges."""

from dataclasses import dataclass

from monitor.board.streams import StreamState
from monitor.core.model import Modality
from monitor.core.plausibility import Judgement
from monitor.core.results import NAN, Reason, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """One channel that would be analysed.

    Parameters
    ----------
    modality : Modality
        What it measures.
    judgement : Judgement or None
        The newest verdict on its values; None before the first.
    text : str
        What the verdict says.
    status : Status or None
        Of the newest value that depends on skin contact; None where there is none yet.
    reason : Reason
        Why that value is not OK.
    verified_s : float
        Seconds since its values were found plausible; NaN before.
    """

    modality: Modality
    judgement: Judgement | None = None
    text: str = ""
    status: Status | None = None
    reason: Reason = Reason.NONE
    verified_s: float = NAN


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFacts:
    """One stream.

    Parameters
    ----------
    found_s : float
        Seconds since it was found.
    link : str
        State of the connection, as `monitor.lsl.supervisor.Supervisor.state`.
    opened : bool
        Whether its declaration was read and it was opened.
    double : bool
        Whether another outlet calls itself the same.
    refused : str
        Why it may not be connected; empty when it may.
    declared_hz : float
        Declared rate; 0 for irregular.
    measured_hz : float
        NaN before two seconds of samples.
    state : StreamState
        Health as in a session.
    opened_s : float
        Seconds since it was opened.
    n_samples : int
        Samples received.
    age_s : float
        Age of the newest sample; NaN without any.
    delay_s : float
        From stamp to arrival, in seconds; NaN while unknown.
    beatwise : bool
        Whether it sends a sample per beat.
    offset_s : float
        Measured offset of its clock; NaN while unknown.
    clock_problem : str
        Why its stamps cannot be used; empty when they can.
    channels : tuple of ChannelFacts
        What would be analysed.
    unbound : tuple of str
        Reasons why channels that measure something analysed are not used.
    """

    found_s: float = 0.0
    link: str = "connecting"
    opened: bool = False
    double: bool = False
    refused: str = ""
    declared_hz: float = 0.0
    measured_hz: float = NAN
    state: StreamState = StreamState.WAITING
    opened_s: float = 0.0
    n_samples: int = 0
    age_s: float = NAN
    delay_s: float = NAN
    beatwise: bool = False
    offset_s: float = NAN
    clock_problem: str = ""
    channels: tuple[ChannelFacts, ...] = ()
    unbound: tuple[str, ...] = ()
