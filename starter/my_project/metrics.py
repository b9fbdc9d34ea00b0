"""Metrics of this project: a function of outputs and targets that scores each sample; its mean is reported."""

import numpy as np
from base.types import Array


def true_class_probability(output: Array, target: Array) -> Array:
    """The probability that the network gives to the true class: the softmax of its outputs (N, C) there."""
    exponentials = np.exp(output - output.max(axis=1, keepdims=True))
    own = exponentials[np.arange(len(target)), target]
    return np.asarray(own / exponentials.sum(axis=1))
