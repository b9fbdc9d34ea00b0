"""How often the prediction is right."""

import numpy as np

from base.constraints import PositiveInt
from base.types import Array


def accuracy(output: Array, target: Array) -> Array:
    """1 where the largest output, the first of equals, is that of the target's class, else 0.

    >>> accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1])).tolist()
    [True, False]
    """
    return np.asarray(output.argmax(axis=1) == target)


def top_k_accuracy(output: Array, target: Array, k: PositiveInt = 3) -> Array:
    """1 where fewer than k outputs are larger than that of the target's class, else 0; 0 where that is nan.

    k: how many guesses count.
    """
    own = output[np.arange(len(target)), target]
    return np.asarray(((output > own[:, None]).sum(axis=1) < k) & ~np.isnan(own))
