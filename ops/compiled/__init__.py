"""Kernels that Numba compiles for the processor at hand, with the same bits on each. Needs the extra `fast`."""
