"""The processor that kernels are compiled for: its vectors, and the tiles that fit its registers.

Neither changes a bit of any result: they only say how many numbers are worked on at a time.
"""

import os
import platform

from llvmlite import binding
from numba import config

VECTOR_BYTES = "OPS_VECTOR_BYTES"  # environment: 16, 32 or 64, instead of what the processor has
TILE_ROWS = "OPS_TILE_ROWS"  # environment: the most rows of a tile one and two vectors wide, such as "12,6"

_ROWS = {
    64: (14, 14),
    32: (12, 6),
    16: (12, 6),
}  # accumulators, right-hand vectors and a left-hand one fill the registers


def cpu_name() -> str:
    """LLVM's name of the processor, or the one that NUMBA_CPU_NAME asks for."""
    return config.CPU_NAME or str(binding.get_host_cpu_name())  # type: ignore[attr-defined]


def cpu_features() -> str:
    """CPU features beyond the base architecture, as LLVM writes them, such as "+avx2,+fma"."""
    return config.CPU_FEATURES or str(binding.get_host_cpu_features().flatten())  # type: ignore[attr-defined]


def has_fma() -> bool:
    """True if the processor multiplies and adds in one rounding: x86 says so, 64-bit ARM always does."""
    return platform.machine().lower() in ("aarch64", "arm64") or "+fma" in cpu_features().split(",")


def vector_bytes() -> int:
    """The length of a vector."""
    features = cpu_features().split(",")
    widest = 64 if "+avx512f" in features else 32 if "+avx" in features else 16
    return int(os.environ.get(VECTOR_BYTES, widest))


def tile_rows() -> tuple[int, int]:
    """The most rows of a tile that is one vector wide, and of one that is two wide."""
    if asked := os.environ.get(TILE_ROWS):
        narrow, wide = map(int, asked.split(","))
        return narrow, wide
    return _ROWS[vector_bytes()]


def description() -> str:
    """The instructions that kernels use, for people: "AVX-512", "AVX2", "NEON" ..."""
    if platform.machine().lower() in ("aarch64", "arm64"):
        return "NEON"
    return {64: "AVX-512", 32: "AVX2", 16: "SSE"}[vector_bytes()]
