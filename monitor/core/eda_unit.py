"""In which unit a skin conductance stream really speaks, and whether a person's skin says anything."""

from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

HIGHEST_MEDIAN_US: Final = 100.0
LOWEST_MEDIAN_US: Final = 0.01
KILO_OHM_BELOW: Final = 1500.0
NANOSIEMENS_BELOW: Final = 60_000.0
LARGEST_WORD: Final = 65_535.0
RESPONDER_SCL_US: Final = 1.0


class EdaUnit(StrEnum):
    """What the numbers look like."""

    MICROSIEMENS = "microsiemens"
    KILO_OHM = "kilo-ohm"
    OHM = "ohm"
    NANOSIEMENS = "nanosiemens"
    MILLISIEMENS = "millisiemens"
    SIEMENS = "siemens"
    RAW_WORDS = "raw 16-bit words"
    UNKNOWN = "unknown"


_DECLARED: Final[dict[str, EdaUnit]] = {
    **dict.fromkeys(
        ("us", "µs", "μs", "usiemens", "microsiemens", "microsiemen", "micro-siemens", "umho", "µmho"),
        EdaUnit.MICROSIEMENS,
    ),
    **dict.fromkeys(
        ("kohm", "kohms", "kω", "kiloohm", "kiloohms", "kilo-ohm", "kilo-ohms"), EdaUnit.KILO_OHM
    ),
    **dict.fromkeys(("ohm", "ohms", "ω"), EdaUnit.OHM),
    **dict.fromkeys(("ns", "nanosiemens", "nano-siemens"), EdaUnit.NANOSIEMENS),
    **dict.fromkeys(("ms", "millisiemens", "milli-siemens"), EdaUnit.MILLISIEMENS),
    **dict.fromkeys(("s", "siemens"), EdaUnit.SIEMENS),
    **dict.fromkeys(("raw", "adc", "counts", "count", "lsb", "u16", "u12", "no_units"), EdaUnit.RAW_WORDS),
}


class UnitVerdict(NamedTuple):
    """Whether a stream may be taken as microsiemens.

    Parameters
    ----------
    accepted : bool
        True only when microsiemens are declared and the numbers agree.
    looks_like : EdaUnit
        What the numbers look like.
    message : str
        What was seen and what the user should declare; empty when accepted.
    """

    accepted: bool
    looks_like: EdaUnit
    message: str


def _appearance(median: float, integer: bool) -> EdaUnit:
    """Guess the unit from the median of the numbers."""
    if median < LOWEST_MEDIAN_US:
        return EdaUnit.MILLISIEMENS if median >= 1e-4 else EdaUnit.SIEMENS
    if median <= HIGHEST_MEDIAN_US:
        return EdaUnit.MICROSIEMENS
    if integer and median <= LARGEST_WORD:
        return EdaUnit.RAW_WORDS
    if median < KILO_OHM_BELOW:
        return EdaUnit.KILO_OHM
    return EdaUnit.NANOSIEMENS if median < NANOSIEMENS_BELOW else EdaUnit.OHM


def judge_eda_unit(values: NDArray[np.float64], declared: str, integer: bool) -> UnitVerdict:
    """Judge from the first seconds whether a stream is in microsiemens as declared; nothing is converted.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        The first samples as received; some seconds are enough.
    declared : str
        Unit as declared by the stream; empty when it declares none.
    integer : bool
        Whether the stream carries integers.

    Returns
    -------
    UnitVerdict
        Accepted, or refused with the question to ask.

    Notes
    -----
    A palm conducts 2 to 20 uS; a median above 100 or below 0.01 is another unit [1]_. Resistance of 8 to
    100 kilo-ohm has the numbers of plausible microsiemens, so an undeclared unit cannot be accepted.

    References
    ----------
    .. [1] Boucsein, W. (2012). Electrodermal Activity, 2nd ed. Springer. doi:10.1007/978-1-4614-1126-0
    """
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return UnitVerdict(
            False, EdaUnit.UNKNOWN, "EDA: no finite sample yet; check the electrodes and the sensor."
        )
    median = float(np.median(finite))
    seen = f"EDA: the median is {median:.4g}"
    looks_like = _appearance(median, integer)
    named = _DECLARED.get(declared.strip().casefold())
    if not declared.strip():
        return UnitVerdict(
            False,
            looks_like,
            f"{seen} and the stream declares no unit. It looks like {looks_like}, but kilo-ohm and "
            "microsiemens can look the same. Declare the unit of this stream (uS for microsiemens) and "
            "start again.",
        )
    if named is not EdaUnit.MICROSIEMENS:
        what = f"declared as {declared!r}" + (
            "" if named is not None else ", which is not a unit of skin conductance"
        )
        return UnitVerdict(
            False,
            looks_like,
            f"{seen}, {what}; the numbers look like {looks_like}. Only microsiemens are taken and nothing is "
            "converted. Is the declaration right? Let the sensor send uS, or correct the declared unit.",
        )
    if looks_like is EdaUnit.MICROSIEMENS:
        return UnitVerdict(True, looks_like, "")
    hint = " (or the electrodes are off)" if median < LOWEST_MEDIAN_US else ""
    return UnitVerdict(
        False,
        looks_like,
        f"{seen} although uS is declared; skin conducts 0.05 to 60 uS. This looks like {looks_like}{hint}. "
        "Check the sensor and declare the true unit.",
    )


def responder(scl_us: float, n_scr: int) -> bool:
    """Tell whether the reference shows that this skin responds at all.

    Without a response in the reference, no response later means nothing: it is not calm.

    Parameters
    ----------
    scl_us : float
        Tonic level of the reference, in uS; NaN when there is none.
    n_scr : int
        Responses of at least 0.05 uS in the whole reference.

    Returns
    -------
    bool
        False for a level below 1 uS, no response, or no level.
    """
    return scl_us >= RESPONDER_SCL_US and n_scr >= 1
