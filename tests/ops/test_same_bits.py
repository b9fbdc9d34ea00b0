"""Activations, softmax and sums give the same bits whatever the length of vectors."""

import os
import platform
import subprocess
import sys

import pytest

from tests.every_ops import needs_numba
from tests.running import PROJECT

PROGRAM = """
import hashlib
import numpy as np
from ops.choose import choose_ops

ops, random, digest = choose_ops("compiled"), np.random.default_rng(1), hashlib.sha256()
x, dy = (4 * random.standard_normal((2, 77, 33))).astype(np.float32)
out = np.empty_like(x)
for name in ("exp", "log1p", "softplus", "tanh", "sigmoid", "silu", "softmax", "log_softmax"):
    digest.update(getattr(ops, name)(np.abs(x) if name == "log1p" else x, out))
for name in ("tanh", "silu", "softmax", "log_softmax"):
    digest.update(getattr(ops, f"{name}_gradient")(x, dy, out))
digest.update(ops.gelu(x, "none", out))
digest.update(ops.gelu_gradient(x, dy, "tanh", out))
digest.update(ops.column_sums(x, np.empty(33, np.float32)))
digest.update(ops.column_sums(x.reshape(-1, 3), np.empty(3, np.float32)))
losses = ops.cross_entropy(x, random.integers(0, 33, 77), 77, out), ops.soft_cross_entropy(x, dy, 77, out), ops.total(x)
digest.update(out)
print(losses, digest.hexdigest())
"""
AVX2 = {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx2,+fma,+avx,+sse4.2,+bmi,+bmi2"}


def printed(settings: dict[str, str]) -> str:
    """What the program prints with these settings in the environment."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT)} | settings
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


@needs_numba
@pytest.mark.kernels
@pytest.mark.parametrize("settings", [{"OPS_VECTOR_BYTES": "16"}, AVX2], ids=str)
def test_the_length_of_vectors_changes_no_bit(settings: dict[str, str]) -> None:
    if settings is AVX2 and platform.machine() not in ("x86_64", "AMD64"):
        pytest.skip("AVX2 is of x86")
    assert printed(settings) == printed({})
