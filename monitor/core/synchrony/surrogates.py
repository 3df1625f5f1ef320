"""What chance gives: null models of two unrelated people, seeded and reproducible bit for bit."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from monitor.core.synchrony.pair import Choices, Pair

__all__ = [
    "CIRCULAR_SHIFT",
    "HISTORY_SHIFT",
    "LEAST_SHIFT_S",
    "MOST_SURROGATES",
    "NULL_MODELS",
    "PHASE_RANDOMISED",
    "SEGMENT_PERMUTATION",
    "NullModel",
    "circular_shifts",
    "generator_of",
    "history_starts",
    "p_value",
    "phase_randomised",
    "session_shifts",
]

Side = Literal["above", "below", "both"]

_MIN_VALID_SHARE = 0.8

MOST_SURROGATES = 199
"""Shifts of a session beyond this number are not drawn, whatever is chosen."""

LEAST_SHIFT_S = 60.0
"""Least shift of a session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NullModel:
    """A way to make two people unrelated and leave everything else as it was.

    Parameters
    ----------
    name : str
        Short name, as in settings and summaries.
    title : str
        For a reader.
    reference : str
        Where it is described, with DOI where there is one.
    keeps : str
        What of the series it leaves alone.
    breaks : str
        What it destroys, besides the relation of the two people.
    minimum : str
        Least data.
    """

    name: str
    title: str
    reference: str
    keeps: str
    breaks: str
    minimum: str


# Drawn by `monitor.core.synchrony.pairings.Pairings`.
SEGMENT_PERMUTATION = NullModel(
    name="segment_permutation",
    title="segments of the second person in another order, each at least two places away from its own",
    reference="Moulder, Boker, Ramseyer & Tschacher 2018, doi:10.1037/met0000172",
    keeps="everything inside a segment, of both people",
    breaks="the order of the second person's segments, and with it trends over the session",
    minimum="10 segments",
)

HISTORY_SHIFT = NullModel(
    name="history_shift",
    title="windows of the second person from other times of the same session",
    reference="time-shifted surrogates: Moulder, Boker, Ramseyer & Tschacher 2018, doi:10.1037/met0000172",
    keeps="everything inside a window, of both people",
    breaks="what both share at one time: coupling, but also a common task or noise in the room",
    minimum="10 minutes; starts at least a window and two longest lags apart",
)

CIRCULAR_SHIFT = NullModel(
    name="circular_shift",
    title="the whole series of the second person, turned round the session",
    reference="Andrzejak, Kraskov, Stogbauer, Mormann & Kreuz 2003, doi:10.1103/PhysRevE.68.066202",
    keeps="the whole series of both people, but for one seam",
    breaks="simultaneity; session trends meet at the seam",
    minimum="four times the least shift",
)

PHASE_RANDOMISED = NullModel(
    name="phase_randomised",
    title="a series with the second person's spectrum and random phases",
    reference="Theiler, Eubank, Longtin, Galdrikian & Farmer 1992, doi:10.1016/0167-2789(92)90102-S; "
    "Prichard & Theiler 1994, doi:10.1103/PhysRevLett.73.951",
    keeps="mean, variance and the circular autocorrelation",
    breaks="the shape: skin conductance responses rise fast and fall slowly, their surrogates do not; "
    "too liberal for slow series in short windows",
    minimum="80 % valid between the first and the last valid sample",
)

NULL_MODELS = (SEGMENT_PERMUTATION, HISTORY_SHIFT, CIRCULAR_SHIFT, PHASE_RANDOMISED)


def generator_of(seed: int, *names: str) -> np.random.Generator:
    """Return the generator of one use: another name gives independent numbers from the same seed.

    Parameters
    ----------
    seed : int
        Seed of the session, not negative.
    *names : str
        What the numbers are for, as codes of the two people, signal and method.

    Returns
    -------
    numpy.random.Generator
        PCG64 from the seed and the names.
    """
    # The leading 1 tells an empty name from none, and ends each name among the words that seed the generator.
    mixed = [int.from_bytes(b"\x01" + name.encode()) for name in names]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *mixed])))


def history_starts(
    generator: np.random.Generator,
    start: int,
    starts: NDArray[np.int64],
    *,
    min_distance: int,
    n_surrogates: int,
    future: bool,
) -> NDArray[np.int64]:
    """Draw starts of the second person's windows that are far from a window of the first.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of chance; not used when no more than `n_surrogates` starts are far enough.
    start : int
        First sample of the window of the first person.
    starts : ndarray of int64, shape (n_starts,)
        Starts at which the second person has a usable window.
    min_distance : int
        Fewest samples between `start` and a drawn one: the window and two longest lags.
    n_surrogates : int
        How many at most.
    future : bool
        Whether later windows count too; live there are none.

    Returns
    -------
    ndarray of int64, shape (n,)
        Starts, each at most once; `n` is less than `n_surrogates` when no more are far enough.
    """
    distance = starts - start
    far = starts[(distance <= -min_distance) | ((distance >= min_distance) & future)]
    return far if far.size <= n_surrogates else generator.choice(far, n_surrogates, replace=False)


def circular_shifts(
    generator: np.random.Generator, n_samples: int, n_surrogates: int, *, min_shift: int
) -> NDArray[np.int64]:
    """Draw shifts for ``np.roll`` of the second person's series; missing samples turn with it.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of chance.
    n_samples : int
        Length of the series.
    n_surrogates : int
        How many at most.
    min_shift : int
        Fewest samples between the old and the new place, round either way.

    Returns
    -------
    ndarray of int64, shape (n,)
        Shifts from `min_shift` to ``n_samples - min_shift``, each at most once.

    Raises
    ------
    ValueError
        If the series is shorter than four times `min_shift`.
    """
    if n_samples < 4 * min_shift:
        raise ValueError(f"{n_samples} samples are too few to be turned by {min_shift} either way")
    allowed = np.arange(min_shift, n_samples - min_shift + 1, dtype=np.int64)
    return generator.permutation(allowed)[:n_surrogates]


def session_shifts(pair: Pair, choices: Choices, method: str, n_samples: int) -> NDArray[np.int64]:
    """Draw the shifts of a method that turns the second person's series round the session.

    Parameters
    ----------
    pair : Pair
        The pair, whose draws are its own.
    choices : Choices
        `n_surrogates`, of which `MOST_SURROGATES` are drawn at most, and `seed`.
    method : str
        Name of the method.
    n_samples : int
        Length of the series.

    Returns
    -------
    ndarray of int64, shape (n,)
        As `circular_shifts`, by a minute at least.
    """
    return circular_shifts(
        generator_of(choices.seed, method, pair.first, pair.second, pair.signal),
        n_samples,
        min(choices.n_surrogates, MOST_SURROGATES),
        min_shift=round(LEAST_SHIFT_S * pair.rate_hz),
    )


def phase_randomised(
    generator: np.random.Generator, x: NDArray[np.float64], n_surrogates: int
) -> NDArray[np.float64]:
    """Make series with the amplitudes of `x` at every frequency and random phases.

    Only one of two series is to be randomised: the same phases added to both would keep their relation.
    For the spectrum missing samples are filled by straight lines, which takes a little variance out; the
    surrogates are missing where `x` is.

    Parameters
    ----------
    generator : numpy.random.Generator
        Source of chance.
    x : ndarray of float64, shape (n,)
        A series; NaN where missing.
    n_surrogates : int
        How many.

    Returns
    -------
    ndarray of float64, shape (n_surrogates, n)
        Surrogates; all NaN when less than 80 % is valid between the first and the last valid sample.
    """
    made = np.full((n_surrogates, x.size), np.nan)
    valid = np.flatnonzero(~np.isnan(x))
    if valid.size < 4 or valid.size < _MIN_VALID_SHARE * (valid[-1] - valid[0] + 1):
        return made
    inside = np.arange(valid[0], valid[-1] + 1)
    filled = np.interp(inside, valid, x[valid])
    spectrum = np.fft.rfft(filled)
    n_free = (inside.size - 1) // 2
    turns = generator.random((n_surrogates, n_free))
    # The mean and, for an even length, the highest frequency are real and stay.
    randomised = np.tile(spectrum, (n_surrogates, 1))
    randomised[:, 1 : 1 + n_free] = np.abs(spectrum[1 : 1 + n_free]) * np.exp(2j * np.pi * turns)
    made[:, inside] = np.fft.irfft(randomised, inside.size, axis=1)
    made[:, np.isnan(x)] = np.nan
    return made


def p_value(statistic: float, null: NDArray[np.float64], side: Side = "above") -> float:
    """Return how often chance gives as much; never 0, because the data are one of the possible draws.

    Parameters
    ----------
    statistic : float
        As observed.
    null : ndarray of float64, shape (n_surrogates,)
        The same of surrogates; NaN ones are left out.
    side : {"above", "below", "both"}, default "above"
        Which values count as extreme; ``"both"`` doubles the smaller share, up to 1.

    Returns
    -------
    float
        ``(1 + number at least as extreme) / (number of surrogates + 1)``; NaN without statistic or surrogates.

    References
    ----------
    .. [1] Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
       Applications in Genetics and Molecular Biology 9(1), 39. doi:10.2202/1544-6115.1585
    """
    known = null[~np.isnan(null)]
    if np.isnan(statistic) or known.size == 0:
        return float("nan")
    above = (1.0 + np.count_nonzero(known >= statistic)) / (known.size + 1.0)
    below = (1.0 + np.count_nonzero(known <= statistic)) / (known.size + 1.0)
    if side == "both":
        return min(1.0, 2.0 * min(above, below))
    return above if side == "above" else below
