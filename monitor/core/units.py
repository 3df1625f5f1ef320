"""Units as streams declare them, their normal form, and which of them convert by a mere factor."""

from monitor.core.model import Modality

_NORMAL: dict[str, str] = {
    "uv": "uV", "microvolt": "uV", "microvolts": "uV",
    "mv": "mV", "millivolt": "mV", "millivolts": "mV",
    "v": "V", "volt": "V", "volts": "V",
    "ms": "ms", "msec": "ms", "millisecond": "ms", "milliseconds": "ms",
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "bpm": "bpm", "beats/min": "bpm", "1/min": "bpm", "beatsperminute": "bpm", "/min": "bpm",
    "us": "uS", "microsiemens": "uS", "microsiemen": "uS", "umho": "uS",
    "ns": "nS", "nanosiemens": "nS",
    "siemens": "S",
    "kohm": "kOhm", "kohms": "kOhm", "kiloohm": "kOhm", "kiloohms": "kOhm", "k\u03c9": "kOhm",
    "ohm": "Ohm", "ohms": "Ohm", "\u03c9": "Ohm",
    "1/1024s": "1/1024 s",
    "raw": "raw", "#": "raw", "adc": "raw", "count": "raw", "counts": "raw", "lsb": "raw", "au": "raw",
    "a.u.": "raw", "digital": "raw", "uncalibrated": "raw", "nounits": "raw", "adu": "raw",
    "none": "", "n/a": "", "unknown": "", "dimensionless": "", "-": "",
}  # fmt: skip

_FACTOR: dict[Modality, dict[str, float]] = {
    Modality.ECG: {"uV": 1.0, "mV": 1e3, "V": 1e6},
    Modality.RR: {"ms": 1.0, "s": 1e3},
    Modality.HR: {"bpm": 1.0},
    Modality.EDA: {"uS": 1.0},
}

_FACTOR_ON_REQUEST: dict[Modality, dict[str, float]] = {
    Modality.RR: {"1/1024 s": 1000.0 / 1024.0},
    Modality.EDA: {"nS": 1e-3, "S": 1e6},
}
"""Exact factors, but between values too alike to be trusted to a label: only when the user names the unit."""


def normal_unit(text: str) -> str:
    """Give a declared unit its normal form.

    Parameters
    ----------
    text : str
        Unit as declared: any spelling, either micro sign, either case.

    Returns
    -------
    str
        Such as ``uV``, ``ms``, ``uS``, ``kOhm``, ``raw``; empty when none is declared; the stripped text
        itself when it is unknown.
    """
    stripped = text.strip()
    if stripped == "S":
        return "S"
    key = stripped.replace("\u00b5", "u").replace("\u03bc", "u").lower()
    key = key.replace(" ", "").replace("_", "").replace("-", "") if len(key) > 1 else key
    return _NORMAL.get(key, stripped)


def canonical_factor(modality: Modality, unit: str, *, by_user: bool = False) -> float | None:
    """Factor from a unit to the canonical unit of a modality.

    Parameters
    ----------
    modality : Modality
        What is measured.
    unit : str
        Unit in normal form.
    by_user : bool, default False
        Whether the user named the unit; then units that are easily mislabelled convert too.

    Returns
    -------
    float or None
        The factor; None when the unit does not convert by a factor (resistance, raw words) or is unknown.
    """
    factor = _FACTOR.get(modality, {}).get(unit)
    if factor is None and by_user:
        factor = _FACTOR_ON_REQUEST.get(modality, {}).get(unit)
    return factor


def accepted_units(modality: Modality) -> tuple[str, ...]:
    """List the units a user may name for a modality.

    Parameters
    ----------
    modality : Modality
        What is measured.

    Returns
    -------
    tuple of str
        Units in normal form; empty for a modality that is not analysed.
    """
    return (*_FACTOR.get(modality, {}), *_FACTOR_ON_REQUEST.get(modality, {}))
