"""The scripted session of the demo: what two bodies do and what goes wrong, as data over time."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from devices.emulator.frames import generator
from devices.emulator.script_heart import Heart, HeartLevels, write_heart
from devices.emulator.script_skin import Skin, SkinLevels, write_skin
from devices.spec import CODE_PATTERN


class PhaseName(StrEnum):
    """Parts of the session, in order."""

    BASELINE = "baseline"
    TALK = "talk"
    RUPTURE = "rupture"
    REPAIR = "repair"
    COUPLING = "coupling"


class FaultKind(StrEnum):
    """What goes wrong in a true-to-life session."""

    LOST_FRAME = "lost_frame"
    CONTACT_LOSS = "contact_loss"
    MOVEMENT = "movement"
    ELECTRODE_OFF = "electrode_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One part of the session.

    Parameters
    ----------
    name : PhaseName
        Its name.
    start_s, stop_s : float
        From when to when, ``[start_s, stop_s)`` in seconds of script time.
    """

    name: PhaseName
    start_s: float
    stop_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong for one person.

    Parameters
    ----------
    kind : FaultKind
        What it is.
    code : str
        Whose devices have it.
    start_s, stop_s : float
        From when to when, ``[start_s, stop_s)`` in seconds of script time.
    """

    kind: FaultKind
    code: str
    start_s: float
    stop_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonScript:
    """What one body does during the session, and which faults its devices have.

    Parameters
    ----------
    code : str
        The participant's code.
    heart : Heart
        Beats and breathing, the truth behind the ECG and the RR intervals.
    skin : Skin
        Tonic level and responses, the truth behind the EDA.
    faults : tuple of Fault
        Faults of this person's devices; empty when the session has none.
    faulty : bool
        Whether clocks and stamps have their small errors.
    """

    code: str
    heart: Heart
    skin: Skin
    faults: tuple[Fault, ...]
    faulty: bool

    def spans(self, kind: FaultKind) -> tuple[tuple[float, float], ...]:
        """Give the times of the faults of one kind.

        Parameters
        ----------
        kind : FaultKind
            The kind asked for.

        Returns
        -------
        tuple of (float, float)
            Start and stop in seconds of script time.
        """
        return tuple((fault.start_s, fault.stop_s) for fault in self.faults if fault.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A whole session of two people.

    Parameters
    ----------
    duration_s : float
        Length of the session.
    seed : int
        What every random number of the session follows from.
    phases : tuple of Phase
        Its parts, without gaps.
    client, therapist : PersonScript
        The two bodies.
    """

    duration_s: float
    seed: int
    phases: tuple[Phase, ...]
    client: PersonScript
    therapist: PersonScript

    @property
    def people(self) -> tuple[PersonScript, PersonScript]:
        """Both bodies, the client's first.

        Returns
        -------
        tuple of PersonScript
            Client and therapist.
        """
        return self.client, self.therapist

    def phase(self, name: PhaseName) -> Phase:
        """Find one part of the session.

        Parameters
        ----------
        name : PhaseName
            Its name.

        Returns
        -------
        Phase
            The part.
        """
        return next(phase for phase in self.phases if phase.name is name)


_SHARES = {
    PhaseName.BASELINE: 0.15,
    PhaseName.TALK: 0.20,
    PhaseName.RUPTURE: 0.15,
    PhaseName.REPAIR: 0.15,
    PhaseName.COUPLING: 0.35,
}
_CLIENT_HEART = HeartLevels(
    bpm=(68.0, 72.0, 86.0, 75.0, 71.0), rmssd_ms=(46.0, 41.0, 26.0, 35.0, 41.0), ectopics_per_hour=8.0
)
_THERAPIST_HEART = HeartLevels(
    bpm=(63.0, 66.0, 70.0, 67.0, 65.0), rmssd_ms=(52.0, 45.0, 37.0, 43.0, 47.0), ectopics_per_hour=4.0
)
_CLIENT_SKIN = SkinLevels(scl_microsiemens=(5.6, 6.0, 7.6, 6.7, 6.2), scr_per_min=(2.5, 4.0, 9.0, 6.0, 5.0))
_THERAPIST_SKIN = SkinLevels(
    scl_microsiemens=(2.6, 2.8, 3.1, 2.9, 2.8), scr_per_min=(2.5, 3.5, 5.0, 4.0, 1.5)
)


def write_script(
    minutes: float, seed: int, *, client: str = "C07", therapist: str = "T02", faults: bool = True
) -> Script:
    """Write the session: baseline, talk, rupture, repair, coupling.

    In the rupture the client's heart speeds up, its beat-to-beat variability falls and responses of the
    skin become frequent. In the coupling the therapist's responses follow the client's by about 2 s in 60 %
    of cases, and slow changes of the skin are shared.

    Parameters
    ----------
    minutes : float
        Length of the session, greater than zero; all parts scale with it.
    seed : int
        Seed, not negative.
    client, therapist : str
        Codes of the two people.
    faults : bool, default True
        Whether the devices have faults.

    Returns
    -------
    Script
        The same for the same arguments.

    Raises
    ------
    ValueError
        If an argument is outside its range or both codes are the same.
    """
    if not (np.isfinite(minutes) and minutes > 0.0):
        raise ValueError(f"minutes must be greater than zero, not {minutes}")
    if seed < 0:
        raise ValueError(f"seed must not be negative, not {seed}")
    for code in (client, therapist):
        if not CODE_PATTERN.fullmatch(code):
            raise ValueError(f"the code {code!r} may hold letters, digits, - and _ only, at most 32 of them")
    if client == therapist:
        raise ValueError(f"client and therapist have the same code {client!r}; give them two")
    duration_s = 60.0 * minutes
    edges_s = duration_s * np.concatenate(([0.0], np.cumsum(list(_SHARES.values()))))
    edges_s[-1] = duration_s
    phases = tuple(
        Phase(name=name, start_s=float(edges_s[i]), stop_s=float(edges_s[i + 1]))
        for i, name in enumerate(_SHARES)
    )
    planned = _faults(duration_s, client, therapist) if faults else ()
    client_skin = write_skin(edges_s, _CLIENT_SKIN, generator(seed, client, "skin"))
    therapist_skin = write_skin(
        edges_s,
        _THERAPIST_SKIN,
        generator(seed, therapist, "skin"),
        leader=client_skin,
        coupled_from_s=edges_s[4],
    )

    return Script(
        duration_s=duration_s,
        seed=seed,
        phases=phases,
        client=_person(client, _CLIENT_HEART, client_skin, edges_s, seed, planned),
        therapist=_person(therapist, _THERAPIST_HEART, therapist_skin, edges_s, seed, planned),
    )


def _person(
    code: str,
    levels: HeartLevels,
    skin: Skin,
    edges_s: NDArray[np.float64],
    seed: int,
    planned: tuple[Fault, ...],
) -> PersonScript:
    """Bring together what belongs to one body and its devices."""
    return PersonScript(
        code=code,
        heart=write_heart(edges_s, levels, generator(seed, code, "heart")),
        skin=skin,
        faults=tuple(fault for fault in planned if fault.code == code),
        faulty=bool(planned),
    )


def _faults(duration_s: float, client: str, therapist: str) -> tuple[Fault, ...]:
    """Place each fault at a fixed share of the session, outside the baseline and the coupling."""
    plan = (
        (FaultKind.LOST_FRAME, client, 0.20, 0.3),
        (FaultKind.CONTACT_LOSS, client, 0.29, 12.0),
        (FaultKind.MOVEMENT, client, 0.56, 4.0),
        (FaultKind.ELECTRODE_OFF, therapist, 0.60, 9.0),
    )
    return tuple(
        Fault(
            kind=kind,
            code=code,
            start_s=share * duration_s,
            stop_s=share * duration_s + min(length_s, 0.05 * duration_s),
        )
        for kind, code, share, length_s in plan
    )
