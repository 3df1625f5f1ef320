"""Morlet wavelets of whole series, smoothed in time; coherence from them, and its distribution."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from monitor.core.kernels import kernel

OMEGA0 = 6.0
"""Oscillations of the wavelet, in radians per scale."""

PER_OCTAVE, N_OCTAVES = 8, 5
# In samples, so that 4 Hz gives 2 to 64 s; the slower grid of lnRMSSD is analysed at periods as much slower.
SHORTEST = 8
"""Shortest period in samples."""

PERIOD_PER_SCALE = 4.0 * math.pi / (OMEGA0 + math.sqrt(2.0 + OMEGA0**2))
"""Fourier period over scale (Torrence & Compo 1998)."""

SCALES = SHORTEST * 2.0 ** (np.arange(PER_OCTAVE * N_OCTAVES + 1) / PER_OCTAVE) / PERIOD_PER_SCALE
"""All scales in samples, ascending; read-only."""
SCALES.setflags(write=False)

# What is smoothed over a scale of at least 7.7 samples holds nothing faster than one value in four samples.
STEP = 4
"""Samples per point of the result."""

# Both Gaussians (of the wavelet in frequency, of the smoothing in time) are cut where they fall below 2e-8.
_TAIL = 6.0


class Octave(NamedTuple):
    """Scales computed at one sampling rate, as slow as their band allows.

    Parameters
    ----------
    rows : slice
        Which scales.
    length : int
        Points at that rate.
    kept : int
        Frequencies kept after smoothing.
    wavelets, smooth : ndarray of float64, shape (n_rows, n_frequencies)
        Spectra of the wavelets and of the smoothing in time.
    """

    rows: slice
    length: int
    kept: int
    wavelets: NDArray[np.float64]
    smooth: NDArray[np.float64]


class Bank(NamedTuple):
    """Everything that depends on the length of the series alone.

    Parameters
    ----------
    length : int
        Samples with padding.
    octaves : tuple of Octave
        All scales, ascending.
    """

    length: int
    octaves: tuple[Octave, ...]


class Side(NamedTuple):
    """One person's transform.

    Parameters
    ----------
    waves : list of ndarray of complex128
        Wavelet transform over the root of the scale, per octave.
    power : ndarray of float64, shape (n_scales, n_times)
        Its squared modulus, smoothed in time.
    """

    waves: list[NDArray[np.complex128]]
    power: NDArray[np.float64]


def bank_of(n: int) -> Bank:
    """Prepare wavelets and smoothing for series of one length.

    Parameters
    ----------
    n : int
        Samples.

    Returns
    -------
    Bank
        Used for both people and all surrogates.
    """
    # Room for the tails of the longest wavelet, so that the two ends of the session do not see each other.
    blocks = -(-(n + int(_TAIL * SCALES[-1])) // 64)
    length = 64 * fft.next_fast_len(blocks)
    # A product of two bands reaches twice as far; what folds back must stay outside the smoothed band.
    halvings = np.floor(np.log2(2.0 * np.pi * SCALES / (3.0 * _TAIL))).astype(int)
    octaves = []
    for k in np.unique(halvings):
        rows = np.flatnonzero(halvings == k)
        scales = SCALES[rows, None]
        m = length >> int(k)
        width = min(int(2.0 * OMEGA0 * length / (2.0 * np.pi * scales.min())), m)
        omega = 2.0 * np.pi / length
        wavelets = np.exp(-0.5 * (scales * omega * np.arange(1, width + 1) - OMEGA0) ** 2) * (m / length)
        kept = min(m // 2, length // (2 * STEP))
        smooth = np.exp(-0.5 * (scales * omega * np.arange(kept)) ** 2) * (length / STEP / m)
        octaves.append(Octave(slice(rows[0], rows[-1] + 1), m, kept, wavelets, smooth))
    return Bank(length, tuple(octaves))


def side_of(bank: Bank, series: NDArray[np.float64]) -> Side:
    """Transform one series; the carrier frequency is left out, as it cancels in every product.

    Parameters
    ----------
    bank : Bank
        Of the length of the series.
    series : ndarray of float64, shape (n,)
        Without mean and without missing samples.

    Returns
    -------
    Side
        Transform and smoothed power.
    """
    spectrum = fft.rfft(series, bank.length)
    waves = []
    power = np.empty((SCALES.size, bank.length // STEP))
    for octave in bank.octaves:
        band = spectrum[1 : octave.wavelets.shape[1] + 1] * octave.wavelets
        wave = fft.ifft(band, octave.length)
        waves.append(wave)
        smooth = fft.rfft(wave.real**2 + wave.imag**2)[:, : octave.kept] * octave.smooth
        power[octave.rows] = fft.irfft(smooth, bank.length // STEP)
    return Side(waves, power)


def cross_of(bank: Bank, x: Side, y: Side) -> NDArray[np.float64]:
    """Cross wavelet of two series, smoothed in time.

    Parameters
    ----------
    bank : Bank
        Of the length of the series.
    x, y : Side
        Transforms of the two.

    Returns
    -------
    ndarray of float64, shape (n_scales, n_times, 2)
        Real and imaginary part; the phase is positive when `x` comes earlier.
    """
    n_times = bank.length // STEP
    out = np.empty((SCALES.size, n_times), dtype=np.complex128)
    for octave, of_x, of_y in zip(bank.octaves, x.waves, y.waves, strict=True):
        product = fft.fft(of_x * of_y.conj())
        wide = np.zeros((product.shape[0], n_times), dtype=np.complex128)
        wide[:, : octave.kept] = product[:, : octave.kept] * octave.smooth
        wide[:, 1 - octave.kept :] = product[:, 1 - octave.kept :] * octave.smooth[:, :0:-1]
        out[octave.rows] = fft.ifft(wide)
    return out.view(np.float64).reshape(*out.shape, 2)


@kernel
def coherency(
    sxx: NDArray[np.float64],
    syy: NDArray[np.float64],
    sxy: NDArray[np.float64],
    weights: NDArray[np.float64],
    valid: NDArray[np.bool_],
    out: NDArray[np.float64],
) -> None:
    """Smooth over scales and divide: the complex coherency of every valid point.

    Parameters
    ----------
    sxx, syy : ndarray of float64, shape (n_scales, >= n_times)
        Wavelet powers over the scale, smoothed in time.
    sxy : ndarray of float64, shape (n_scales, >= n_times, 2)
        Real and imaginary part of the cross wavelet over the scale, smoothed in time.
    weights : ndarray of float64, shape (2 h + 1,)
        The window over scales, symmetric; cut off at the first and the last scale.
    valid : ndarray of bool, shape (n_scales, n_times)
        Points wanted.
    out : ndarray of float64, shape (n_scales, n_times, 2)
        Written: real and imaginary part; its squared modulus, at most 1, is the coherence. NaN where not valid.
    """
    n_scales, n_times = valid.shape
    half = weights.shape[0] // 2
    x, y = np.empty(n_times), np.empty(n_times)
    for j in range(n_scales):
        first, last = max(0, j - half), min(n_scales, j + half + 1)
        x[:] = 0.0
        y[:] = 0.0
        out[j] = 0.0
        for i in range(first, last):
            w = weights[i - j + half]
            for t in range(n_times):
                x[t] += w * sxx[i, t]
                y[t] += w * syy[i, t]
                out[j, t, 0] += w * sxy[i, t, 0]
                out[j, t, 1] += w * sxy[i, t, 1]
        for t in range(n_times):
            re, im = out[j, t, 0], out[j, t, 1]
            usable = valid[j, t] and x[t] > 0.0 and y[t] > 0.0
            # Rounding alone can lift the modulus above 1.
            scale = 1.0 / max(math.sqrt(x[t] * y[t]), math.sqrt(re * re + im * im)) if usable else math.nan
            out[j, t, 0], out[j, t, 1] = re * scale, im * scale


@kernel
def tally(values: NDArray[np.float64], sums: NDArray[np.float64], counts: NDArray[np.int64]) -> None:
    """Add up the coherence of each scale and sort it into even classes from 0 to 1.

    Parameters
    ----------
    values : ndarray of float64, shape (n_scales, n_times, 2)
        Coherency; NaN where missing.
    sums : ndarray of float64, shape (n_scales,)
        Written: sum of the coherence.
    counts : ndarray of int64, shape (n_scales, n_classes)
        Written: how many points fall into each class.
    """
    n_scales, n_times = values.shape[0], values.shape[1]
    n_classes = counts.shape[1]
    for j in range(n_scales):
        sums[j] = 0.0
        for c in range(n_classes):
            counts[j, c] = 0
        for t in range(n_times):
            re, im = values[j, t, 0], values[j, t, 1]
            r2 = re * re + im * im
            if math.isfinite(r2):
                sums[j] += r2
                counts[j, min(int(r2 * n_classes), n_classes - 1)] += 1
