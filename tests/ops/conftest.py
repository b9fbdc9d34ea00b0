"""Kernels that need Numba are passed over where it is missing."""

from tests.every_ops import HAS_NUMBA

collect_ignore = [] if HAS_NUMBA else ["kernels.py"]
