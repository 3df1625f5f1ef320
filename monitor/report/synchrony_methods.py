"""The part of the methods paragraph about synchrony."""

from math import isfinite

from monitor.core.synchrony.gate import MIN_SEGMENTS, SURE_SEGMENTS, VALID_SHARE
from monitor.history.files import number
from monitor.report.blocks import said
from monitor.report.parameters import CHANCE, GRID_HZ, LN_RMSSD_FACTOR, METHOD_TITLES, SLOPE_S, TREND_S
from monitor.report.reading import Material, mapping, mappings
from monitor.report.references import OF_METHOD

_PREPARED = {
    "eda": f"slopes of skin conductance over {SLOPE_S:g} s",
    "ibi": f"intervals between beats minus the line through the {TREND_S:g} s around",
    "ln_rmssd": "first differences of ln RMSSD",
}


def synchrony_part(material: Material) -> tuple[str, tuple[str, ...]] | None:
    """Write how synchrony was computed.

    Parameters
    ----------
    material : Material
        The session.

    Returns
    -------
    tuple or None
        Sentences in the past tense and the keys of their sources; None where nobody was compared.
    """
    session = mappings(material.summary, "synchrony", "session")
    if not session:
        return None
    settings = mapping(material.summary, "settings", "synchrony")
    segment_s, lag_s, n, seed = (
        number(settings, key) for key in ("segment_s", "lag_s", "n_surrogates", "seed")
    )
    low, high = (100.0 * share for share in CHANCE)
    signals = [name for name in _PREPARED if any(item.get("signal") == name for item in session)]
    longer = f" ({_plain(LN_RMSSD_FACTOR * segment_s)} s for ln RMSSD)" if "ln_rmssd" in signals else ""
    text = (
        f"Synchrony was computed from {'; '.join(_PREPARED[name] for name in signals)} ({GRID_HZ:g} per "
        f"second; ln RMSSD 1 per second). Cross-correlations within segments of {_plain(segment_s)} "
        f"s{longer} at lags of up to ±{_plain(lag_s)} s were Fisher-transformed and averaged over lags and "
        f"segments; segments counted with at least {100 * VALID_SHARE:g} % of their samples valid in both. "
        f"The mean was compared with {_plain(n)} permutations of the second person's segments (shuffled "
        f"segments after Tschacher & Meier, 2020, and Moulder et al., 2018; seed {_plain(seed)}) and is "
        f"given in SD of them (z), with their {low:g}th to {high:g}th percentile as chance band and p = (1 + "
        f"n≥) / (1 + S) (Phipson & Smyth, 2010). Fewer than {MIN_SEGMENTS} segments gave no value, fewer "
        f"than {SURE_SEGMENTS} one marked unsure. A lag is given only where similarity and direction were "
        "both beyond chance; positive means that the first of a pair was earlier."
    )
    if "ln_rmssd" not in signals:
        text = text.replace("; ln RMSSD 1 per second", "")
    names = settings.get("methods")
    used = [name for name in names if name in METHOD_TITLES] if isinstance(names, list | tuple) else []
    if used:
        listed = ", ".join(METHOD_TITLES[name] for name in used)
        text += f" Also computed over the whole session: {said(listed, 400)}."
    keys = ["tschacher", "moulder", "phipson", *(["marci"] if "eda" in signals else [])]
    return text, tuple(keys + [key for name in used for key in OF_METHOD.get(name, ())])


def _plain(value: float) -> str:
    return f"{value:g}" if isfinite(value) else "(not known)"
