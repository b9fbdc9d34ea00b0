"""Compilation of functions to kernels."""

import gc
from collections.abc import Callable
from typing import Any

from numba import types
from numba.core.registry import CPUDispatcher

from ops.compiled.cache import DiskCache


class Kernel(CPUDispatcher):
    """A function that is compiled on first use for each combination of types.

    To other kernels an address and a number written in a call are whole numbers like any other, not types of their own
    as they are to Numba: there is one version for all of them.
    """

    def compile(self, sig: Any) -> Any:
        """Compile, or read from disk; collecting garbage meanwhile would take a sixth of the time."""
        was_enabled, begun = gc.isenabled(), DiskCache.under_way()
        gc.disable()
        try:
            return super().compile(sig)
        except BaseException:
            DiskCache.give_up(begun)
            raise
        finally:
            if was_enabled:
                gc.enable()

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """The call template for a call from another kernel."""
        return super().get_call_template([_general(kind) for kind in args], kws)


def _general(kind: Any) -> Any:
    return types.int64 if kind == types.uint64 else types.unliteral(kind)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile on first use, keep the code on disk, and let go of the interpreter's lock while it runs.

    Division by zero gives inf as in NumPy; there is no fast math, and nothing is contracted: a fused multiply-add is
    made where it is written (`fma`) and nowhere else.
    """
    return _kept(function)


def subroutine(function: Callable[..., Any]) -> Any:
    """A kernel that only kernels call: it has no entry from Python, which would take half of the time to compile it."""
    return _kept(function, no_cpython_wrapper=True)


def _kept(function: Callable[..., Any], **options: bool) -> Any:
    compiled: Any = Kernel(
        function,
        targetoptions={"nopython": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, **options},
    )
    compiled._cache = DiskCache(function)
    return compiled
