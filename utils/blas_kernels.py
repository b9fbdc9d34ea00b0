"""Choice of OpenBLAS's kernels."""

import os
import sys
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
NEEDED = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}


def prefer_wide_kernels() -> None:
    """Ask OpenBLAS for its AVX-512 kernels on AMD processors that have the instructions; before NumPy is imported.

    OpenBLAS takes an AMD processor that is newer than itself for one without, and uses its Haswell kernels, which took
    1.3 to 1.9 times as long on such a machine. A choice of the user's, OPENBLAS_CORETYPE, is left alone. Other kernels
    give other bits: a run records which it used (environment.json), and resuming with others warns.
    """
    if "numpy" not in sys.modules and CPU_INFO.is_file() and has_wide_kernels(CPU_INFO.read_text(encoding="utf-8")):
        os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")


def has_wide_kernels(cpu_info: str) -> bool:
    """True if Linux describes an AMD processor with all that the kernels need."""
    facts = dict(line.split(":", 1) for line in cpu_info.splitlines() if ":" in line)
    named = {name.strip(): value.strip() for name, value in facts.items()}
    return named.get("vendor_id") == "AuthenticAMD" and set(named.get("flags", "").split()) >= NEEDED
