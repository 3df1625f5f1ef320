"""What a session needs to know of one person: reference of the day, edges, breathing at rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from calibration.baseline import Reference, Scale
from calibration.edges import PRIOR, Edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What is usual and what is tolerable for one person on one day.

    Parameters
    ----------
    participant : str
        Code of the person.
    reference : Reference or None
        Level of the day with the scale pooled over sessions; None until there is an opening of the day.
    scales : Mapping of str to Scale
        Scales pooled over earlier sessions, by series, for an opening taken during the session; empty without a
        profile.
    earlier : tuple of Reference, default ()
        The references those scales rest on, oldest first; `calibration.pooling.day_reference` takes them
        together with an opening taken during the session.
    n_earlier : int, default 0
        Sessions on earlier days that the scales rest on; 0 makes every zone provisional.
    edges : Edges
        The window; the prior where nobody marked anything.
    n_low_marks : int, default 0
        Marks that said "too little" of a moment with arousal: fewer than three do not anchor the lower side.
    breathing_per_min : float
        Breathing rate at rest; NaN where unknown.
    sensors : Mapping of str to str
        Name of the sensor by modality, as in the calibration; empty without a profile.
    chosen : bool, default False
        Whether the user named the span of the reference: an opening noted in the recording does not replace it.
    problem : str, default ""
        A reason of the closed list (``calibration_expired``, ``not_calibrated``) when there is no reference.
    text : str, default ""
        The same for the user: what, and what to do.
    """

    participant: str
    reference: Reference | None = None
    scales: Mapping[str, Scale] = field(default_factory=dict)
    earlier: tuple[Reference, ...] = ()
    n_earlier: int = 0
    edges: Edges = PRIOR
    n_low_marks: int = 0
    breathing_per_min: float = float("nan")
    sensors: Mapping[str, str] = field(default_factory=dict)
    chosen: bool = False
    problem: str = ""
    text: str = ""
