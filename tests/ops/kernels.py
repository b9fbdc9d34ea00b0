"""Kernels that only tests need."""

import numpy as np

from ops.compiled.elementary import normal
from ops.compiled.kernel import kernel


@kernel
def probabilities(x, out):  # type: ignore[no-untyped-def]
    """P(Z <= x) for a standard normal Z."""
    for i in range(x.size):
        out[i] = normal(x[i])[0]


@kernel
def largest_error(found, exact):  # type: ignore[no-untyped-def]
    """The largest error of float32 numbers in units in the last place; inf where only one of two is a finite number."""
    worst, inf = 0.0, np.float32(np.inf)
    for i in range(found.size):
        rounded = np.float32(exact[i])
        size = abs(rounded)
        if size < inf and abs(found[i]) < inf:
            error = abs(np.float64(found[i]) - exact[i])
            if error > worst * np.float64(size) * 2.0**-24:  # else it is not the largest
                unit = np.float64(np.nextafter(size, inf)) - np.float64(size)
                worst = max(worst, error / unit)
        elif found[i] != rounded and not (np.isnan(found[i]) and np.isnan(rounded)):
            return np.inf
    return worst
