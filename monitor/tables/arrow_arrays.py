"""Arrow arrays made from their buffers: ``pyarrow.array`` imports pandas, half a second for nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


def numbers(values: "NDArray[np.float64]") -> "pa.Array":
    """Make an array of numbers in which NaN is missing.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        The numbers.

    Returns
    -------
    pyarrow.Array
        Of type double.
    """
    import pyarrow as pa

    missing = np.isnan(values)
    # What lies under a missing value is no number; a fixed one keeps the bytes of a file the same.
    data = np.where(missing, 0.0, values)
    return pa.Array.from_buffers(pa.float64(), len(values), [_bits(~missing), pa.py_buffer(data)])


def flags(values: "NDArray[np.bool_]") -> "pa.Array":
    """Make an array of flags.

    Parameters
    ----------
    values : ndarray of bool, shape (n,)
        The flags.

    Returns
    -------
    pyarrow.Array
        Of type bool.
    """
    import pyarrow as pa

    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def words(dictionary: Sequence[str], indices: "NDArray[np.int32]") -> "pa.Array":
    """Make an array of texts of which few differ.

    Parameters
    ----------
    dictionary : sequence of str
        The different texts.
    indices : ndarray of int32, shape (n,)
        Which of them each value is.

    Returns
    -------
    pyarrow.Array
        Dictionary-encoded.
    """
    import pyarrow as pa

    encoded = [word.encode() for word in dictionary]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    texts = pa.Array.from_buffers(pa.string(), len(encoded), buffers)
    places = pa.Array.from_buffers(pa.int32(), len(indices), [None, pa.py_buffer(indices)])
    return pa.DictionaryArray.from_arrays(places, texts)


def _bits(values: "NDArray[np.bool_]") -> "pa.Buffer":
    import pyarrow as pa

    return pa.py_buffer(np.packbits(values, bitorder="little"))
