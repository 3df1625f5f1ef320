"""Compiled kernels: the only importers of numba, all under one set of flags."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")

# No fastmath (it changes the last bits) and no parallel (sums would depend on the number of threads):
# a replay must give the numbers of the live session bit for bit.
_FLAGS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": False}


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a kernel lazily under the flags shared by all kernels.

    Parameters
    ----------
    function : callable
        Plain Python over contiguous float64 (or int64) arrays and scalars.

    Returns
    -------
    callable
        The numba dispatcher; ``.py_func`` holds the source, ``.signatures`` what was compiled.
    """
    return cast("Callable[P, R]", njit(**_FLAGS)(function))
