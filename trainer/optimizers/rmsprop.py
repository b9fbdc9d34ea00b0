"""RMSprop."""

from typing import Any

import numpy as np

from base.base_optimizer import BaseOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.parameter_group import Group
from base.types import Array


class RMSprop(BaseOptimizer):
    """v = alpha v + (1 - alpha) g^2; u = momentum u + g / (sqrt(v) + eps); w = w - lr u. As torch.optim.RMSprop.

    One departure: a variance (centered) that rounding makes negative is 0 here; PyTorch's root of it is nan.

    Tieleman and Hinton, Coursera, lecture 6.5, 2012; centered: Graves, arXiv:1308.0850, 2013.

    lr: the learning rate.
    alpha: how much of the average of the squares is kept each step.
    eps: added to the root so that nothing is divided by 0.
    weight_decay: weight_decay * w is added to the gradient, for every parameter.
    momentum: how much of the last step is kept.
    centered: whether v is reduced by the square of the gradient's average, to the gradient's variance.
    groups: settings of its own for some parameters.
    """

    def __init__(
        self,
        lr: Positive = 0.01,
        alpha: Fraction = 0.99,
        eps: Positive = 1e-8,
        weight_decay: NonNegative = 0.0,
        momentum: Fraction = 0.0,
        centered: bool = False,
        groups: list[Group] | None = None,
    ) -> None:
        super().__init__(lr, weight_decay, groups)
        self.alpha = alpha
        self.eps = eps
        self.momentum = momentum
        self.centered = centered
        used = {"square_avg": True, "grad_avg": centered, "momentum_buffer": momentum > 0}
        self.slots = {slot: 0.0 for slot, needed in used.items() if needed}

    def prepare(self) -> None:
        """Nothing: the rule is the same at every step."""

    def update(self, values: Array, grads: Array, scratch: Array, lr: float, *state: Any) -> None:
        held = dict(zip(self.slots, state, strict=True))
        self._root(grads, scratch, held)
        np.divide(grads, scratch, out=scratch)
        if self.momentum:
            velocity = held["momentum_buffer"]
            velocity *= self.momentum
            velocity += scratch
            scratch[...] = velocity
        scratch *= lr
        values -= scratch

    def _root(self, grads: Array, scratch: Array, held: dict[str, Array]) -> None:
        """Write what the gradient is divided by into `scratch`."""
        square = held["square_avg"]
        square *= self.alpha
        np.multiply(grads, grads, out=scratch)
        scratch *= 1 - self.alpha
        square += scratch
        if self.centered:
            mean = held["grad_avg"]
            np.subtract(grads, mean, out=scratch)
            scratch *= 1 - self.alpha
            mean += scratch
            np.multiply(mean, mean, out=scratch)
            np.subtract(square, scratch, out=scratch)
            np.maximum(scratch, 0, out=scratch)
            np.sqrt(scratch, out=scratch)
        else:
            np.sqrt(square, out=scratch)
        scratch += self.eps
