"""The parts of a profile: calibrations and their conditions, in closed words; no field can hold a name."""

import math
from dataclasses import dataclass
from enum import StrEnum

from calibration.baseline import Reference


class ProfileError(ValueError):
    """A profile cannot be read, used or written; the message names file and key, and the way out."""


class ProfileMissingError(ProfileError):
    """There is no profile of this person yet."""


class Medication(StrEnum):
    """Medication that changes heart rate or skin conductance."""

    NONE_KNOWN = "none_known"
    BETA_BLOCKER = "beta_blocker"
    ANTICHOLINERGIC = "anticholinergic"
    TRICYCLIC = "tricyclic"
    STIMULANT = "stimulant"
    OTHER = "other"


class Posture(StrEnum):
    """How the person was placed."""

    SITTING = "sitting"
    RECLINED = "reclined"
    LYING = "lying"
    STANDING = "standing"


class Screening(StrEnum):
    """What makes heart rate variability hard to use in a person; it is recorded, it blocks nothing."""

    PACEMAKER = "pacemaker"
    ATRIAL_FIBRILLATION = "atrial_fibrillation"
    FREQUENT_ECTOPICS = "frequent_ectopics"
    PREGNANCY = "pregnancy"


class BaselineKind(StrEnum):
    """Which procedure a calibration followed."""

    FIRST = "first"
    OPENING = "opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Under which conditions the person was calibrated.

    Parameters
    ----------
    medication : tuple of Medication, default ()
        What is taken; empty when nobody asked.
    posture : Posture or None, default None
        None when nobody asked.
    caffeine : bool or None, default None
        Whether coffee or tea was drunk in the two hours before; None when nobody asked.
    screening : tuple of Screening, default ()
        What applies.

    Raises
    ------
    ProfileError
        If something is named twice, or "none known" together with a medication.
    """

    medication: tuple[Medication, ...] = ()
    posture: Posture | None = None
    caffeine: bool | None = None
    screening: tuple[Screening, ...] = ()

    def __post_init__(self) -> None:
        for key, named in (("medication", self.medication), ("screening", self.screening)):
            if len(set(named)) < len(named):
                raise ProfileError(f"`{key}` names something twice: {', '.join(named)}. Name it once.")
        if Medication.NONE_KNOWN in self.medication and len(self.medication) > 1:
            raise ProfileError(
                f"`medication` says none_known together with others: {', '.join(self.medication)}. Leave one out."
            )

    def as_mapping(self) -> dict[str, str | bool | list[str]]:
        """Return what was said as plain values.

        Returns
        -------
        dict of str to str, bool or list of str
            Without what nobody was asked.
        """
        said: dict[str, str | bool | list[str]] = {"medication": [str(word) for word in self.medication]}
        if self.posture is not None:
            said["posture"] = str(self.posture)
        if self.caffeine is not None:
            said["caffeine"] = self.caffeine
        said["screening"] = [str(word) for word in self.screening]
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """One calibration of a person.

    Parameters
    ----------
    utc_s : float
        When it was made, seconds since 1970.
    kind : BaselineKind or str
        The long first one, ``first``, or the ``opening`` of a later session; kept as BaselineKind.
    session : str
        Name of the session folder or file it was made from.
    protocol : str
        Name of the protocol.
    reference : Reference
        What came out, with the scales of this calibration alone.
    breathing_per_min : float, default NaN
        Breathing rate at rest; NaN where unknown.
    tension : tuple of float, default ()
        Ratings of tension, 0 to 10, in the order they were given.
    present : tuple of float, default ()
        Ratings of presence, 0 to 10, in the order they were given.

    Raises
    ------
    ProfileError
        If it has no date or is of no known kind.
    """

    utc_s: float
    kind: BaselineKind | str
    session: str
    protocol: str
    reference: Reference
    breathing_per_min: float = math.nan
    tension: tuple[float, ...] = ()
    present: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in list(BaselineKind):
            raise ProfileError(f"A calibration is of kind {', '.join(BaselineKind)}, not '{self.kind}'.")
        if not math.isfinite(self.utc_s):
            raise ProfileError(
                f"The calibration of {self.reference.participant} from '{self.session}' has no date, so that "
                "nobody could say when it expires. Give its date."
            )
        object.__setattr__(self, "kind", BaselineKind(self.kind))
