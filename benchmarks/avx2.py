"""Any benchmark with all sides held to AVX2: python -m benchmarks.avx2 mlp_step (or cnn_step, layer_step, ...)"""

import argparse
import os
import runpy
import sys

HELD = {
    "NUMBA_CPU_NAME": "haswell",
    "NUMBA_CPU_FEATURES": "+avx2,+fma,+avx,+sse4.2,+bmi,+bmi2",
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
    "XLA_FLAGS": "--xla_cpu_max_isa=AVX2",
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.avx2", description="Run a benchmark held to AVX2.")
    parser.add_argument("benchmark", metavar="NAME", help="such as mlp_step; its own arguments follow")
    parser.parse_known_args()
    if any(os.environ.get(name) != value for name, value in HELD.items()):
        os.environ.update(HELD)
        os.execv(sys.executable, [sys.executable, "-m", "benchmarks.avx2", *sys.argv[1:]])
    name, sys.argv = sys.argv[1], sys.argv[1:]
    runpy.run_module(f"benchmarks.{name}", run_name="__main__", alter_sys=True)
