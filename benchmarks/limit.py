"""What a core can do at most: fused multiply-adds in registers, which nothing waits for."""

import time

import numpy as np

from ops.compiled.kernel import kernel
from ops.compiled.vector import VECTOR_BYTES, fma, lanes_of, load, store

ROUNDS, TIMES = 15, 20_000
CHAINS = 12  # enough that none waits for the one before


@kernel
def multiply_add(numbers, times):  # type: ignore[no-untyped-def]
    """Twelve chains of fused multiply-adds, all in registers."""
    lanes = lanes_of(numbers)
    x = load(numbers, 0)
    a, b, c, d, e, f = x, x, x, x, x, x
    g, h, i, j, k, m = x, x, x, x, x, x
    for _ in range(times):
        a, b, c, d, e, f = fma(a, x, x), fma(b, x, x), fma(c, x, x), fma(d, x, x), fma(e, x, x), fma(f, x, x)
        g, h, i, j, k, m = fma(g, x, x), fma(h, x, x), fma(i, x, x), fma(j, x, x), fma(k, x, x), fma(m, x, x)
    store(numbers, lanes, a + b + c + d + e + f + g + h + i + j + k + m)


def core_gflops() -> float:
    """Billions of floating-point operations a second of one core, in float32."""
    numbers = np.full(64, 0.5, np.float32)
    multiply_add(numbers, TIMES)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        multiply_add(numbers, TIMES)
        times.append(time.perf_counter() - start)
    return 2e-9 * CHAINS * TIMES * (VECTOR_BYTES // numbers.itemsize) / min(times)
