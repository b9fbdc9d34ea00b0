"""Both versions of the operations, for tests that hold for each."""

import importlib.util

import pytest

from ops.choose import choose_ops

HAS_NUMBA = importlib.util.find_spec("numba") is not None
needs_numba = pytest.mark.skipif(not HAS_NUMBA, reason="compiled operations need Numba")

OPS = [pytest.param("numpy"), pytest.param("compiled", marks=needs_numba)]
every_ops = pytest.mark.parametrize("ops", OPS)

__all__ = ["HAS_NUMBA", "OPS", "choose_ops", "every_ops", "needs_numba"]
