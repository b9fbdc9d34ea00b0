"""Gradient check: a model's hand-written gradient against finite differences."""

import math
import time
from collections.abc import Callable

import numpy as np

from base.base_layer import RandomContext
from base.base_loss import BaseLoss
from base.base_model import BaseModel
from base.parameter import Parameter
from base.random_streams import RandomStreams
from base.types import Array

TOLERANCE = 1e-5
STEP = 1e-6
DIRECTIONS = 3
NOISE = 1e-2  # standard deviation of the noise that is added to the initial values


def gradient_errors(
    model: BaseModel, loss: BaseLoss, x: Array, target: Array, streams: RandomStreams, seconds: float = math.inf
) -> dict[str, float]:
    """For each parameter, the relative error of its gradient g against central differences, in float64.

    |g.d - D| / max(|g.d|, |D|) with D = (L(w + hd) - L(w - hd)) / 2h, along a direction d: that of g, where the loss
    changes most and rounding errors matter least, plus a random one, to find what g misses. Where the error is too
    large, the smallest of a few directions counts, as a kink such as ReLU's can spoil one direction, and a wrong
    gradient spoils all. Noise is added to the initial values, since these can lie on a kink in every direction: with
    biases of 0, a convolution of black pixels is 0. Parameters not reached within `seconds` are left out.
    """
    deadline = time.perf_counter() + seconds
    replica, generator = model.replica(RandomContext(streams, 0)), streams.generator("gradient check")
    loss_denominator, initial = loss.loss_denominator(target), model.values.copy()
    model.values += generator.normal(scale=NOISE, size=initial.shape)

    def value() -> float:
        return loss.forward(replica.forward(x), target, loss_denominator)

    value()
    replica.backward(loss.backward())
    errors: dict[str, float] = {}
    for name, parameter in replica.named_parameters():
        if not errors or time.perf_counter() < deadline:
            errors[name] = _smallest_error(value, parameter, generator)
    model.values[...] = initial
    return errors


def _smallest_error(value: Callable[[], float], parameter: Parameter, generator: np.random.Generator) -> float:
    """The error along the first direction in which the gradient is right, else the best of a few directions."""
    errors: list[float] = []
    while len(errors) < DIRECTIONS and not (errors and errors[-1] <= TOLERANCE):
        errors.append(_error(value, parameter.value, parameter.grad, generator))
    return float(np.nan if np.isnan(errors).all() else np.nanmin(errors))


def _error(value: Callable[[], float], weights: Array, grad: Array, generator: np.random.Generator) -> float:
    direction = _unit(generator.normal(size=weights.shape)) + _unit(grad)
    kept = weights.copy()
    weights += STEP * direction
    above = value()
    weights[...] = kept - STEP * direction
    below = value()
    weights[...] = kept
    expected, found = (above - below) / (2 * STEP), float(np.sum(grad * direction))
    size = max(abs(expected), abs(found))
    return 0.0 if size < 1e-9 else abs(expected - found) / size


def _unit(vector: Array) -> Array:
    norm = np.linalg.norm(vector)
    return vector / norm if norm > 0 else vector
