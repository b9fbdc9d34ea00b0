"""Whether a model's hand-written gradient is that of its loss."""

from collections.abc import Callable

import numpy as np

from base.base_layer import ShardClock
from base.base_loss import BaseLoss
from base.base_model import BaseModel
from base.random_streams import RandomStreams
from base.types import Array

TOLERANCE = 1e-5
STEP = 1e-6
DIRECTIONS = 3


def gradient_errors(
    model: BaseModel, loss: BaseLoss, x: Array, target: Array, streams: RandomStreams
) -> dict[str, float]:
    """For each parameter the relative error of dL along a direction, against a central difference in float64.

    |g.d - (L(w + hd) - L(w - hd)) / 2h| / max(|g.d|, |difference|). The direction is that of the gradient, where the
    loss changes most and rounding matters least, plus a random one, which finds what the gradient leaves out. The
    smallest error over a few directions counts: a kink, such as ReLU's, spoils one now and then, a mistake all.
    """
    replica = model.replica(ShardClock(streams, 0))
    normaliser = loss.normaliser(target)

    def value() -> float:
        return loss.forward(replica.forward(x), target, normaliser)

    value()
    replica.backward(loss.backward())
    generator = streams.generator("gradient check")
    errors = {}
    for name, parameter in replica.named_parameters():
        tries = [_error(value, parameter.value, parameter.grad, generator) for _ in range(DIRECTIONS)]
        errors[name] = float(np.nan if np.isnan(tries).all() else np.nanmin(tries))
    return errors


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
