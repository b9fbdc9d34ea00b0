"""The fixed problem on which optimizers are compared number by number."""

import numpy as np

from base.types import Array

STEPS = 50
START = np.array([1.5, -1.0, 0.5, 2.0])
CURVATURE = np.array([[80.0, 3, 0, 1], [3, 40, 2, 0], [0, 2, 10, 1], [1, 0, 1, 1]])
PULL = np.array([1.0, -2.0, 3.0, -4.0])


def gradient(x: Array) -> Array:
    """Of x^T A x / 2 - b^T x."""
    return np.asarray(CURVATURE @ x - PULL)


def large_gradient(step: int) -> Array:
    """The gradient of a step that lost all measure, in float32, and of those after it."""
    return np.array([1e20, -1e20, 3e18, 0.1] if step == 0 else [0.5, 0.5, -0.25, 0.1], np.float32)
