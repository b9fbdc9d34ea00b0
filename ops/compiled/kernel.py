"""How a function becomes a kernel."""

from collections.abc import Callable
from typing import Any

from numba import njit

from ops.compiled.cache import DiskCache


def kernel(function: Callable[..., Any]) -> Any:
    """Compile on first use, keep the code on disk, and let go of the interpreter's lock while it runs.

    Division by zero gives inf as in NumPy; there is no fast math, and nothing is contracted: a fused multiply-add is
    made where it is written (`fma`) and nowhere else.
    """
    compiled: Any = njit(nogil=True, error_model="numpy")(function)
    compiled._cache = DiskCache(function)
    return compiled
