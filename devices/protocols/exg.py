"""The ECG board of a Shimmer3: registers of its converters (ADS1292R), and counts to millivolts."""

import numpy as np
from numpy.typing import NDArray

ECG_REGISTERS = (bytes.fromhex("02a01040402d00000203"), bytes.fromhex("02a01040470000000201"))
"""Registers of both chips for an ECG at 500 samples a second, as Shimmer sets them."""

CARD_ECG = 47
"""Number of the expansion board with the ECG converters; such a unit has no GSR board."""

_REFERENCE_MILLIVOLTS = 2420.0
_FULL_SCALE = 2**23 - 1
_GAINS = (6, 1, 2, 3, 4, 8, 12)
_CHIP_RATES_HZ = (125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0)


def registers_for(rate_hz: float) -> tuple[bytes, bytes]:
    """Give the registers for an ECG.

    Parameters
    ----------
    rate_hz : float
        Sampling rate of the device; the converters run at the next higher rate they know.

    Returns
    -------
    tuple of bytes
        Ten registers of each chip.
    """
    code = next((i for i, rate in enumerate(_CHIP_RATES_HZ) if rate >= rate_hz), len(_CHIP_RATES_HZ) - 1)
    first, second = ECG_REGISTERS
    return bytes((code,)) + first[1:], bytes((code,)) + second[1:]


def gains_of(registers: bytes) -> tuple[int, int] | None:
    """Read the gains of the two channels of a chip.

    Parameters
    ----------
    registers : bytes
        Its ten registers.

    Returns
    -------
    tuple of int or None
        Gain of the first and of the second channel; None for registers no chip has.
    """
    if len(registers) != 10:
        return None
    codes = [(registers[i] >> 4) & 0x07 for i in (3, 4)]
    return (_GAINS[codes[0]], _GAINS[codes[1]]) if max(codes) < len(_GAINS) else None


def exg_millivolts(counts: NDArray[np.int64], gain: int) -> NDArray[np.float64]:
    """Convert counts of a 24-bit channel.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_samples,)
        As they came.
    gain : int
        Gain of the channel.

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        Millivolts at the electrodes.
    """
    millivolts: NDArray[np.float64] = counts.astype(np.float64) * (_REFERENCE_MILLIVOLTS / gain / _FULL_SCALE)
    return millivolts
