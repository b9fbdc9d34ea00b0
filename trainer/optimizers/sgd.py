"""Stochastic gradient descent."""

from typing import Any

import numpy as np

from base.base_optimizer import BaseOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.parameter_group import Group
from base.types import Array


class SGD(BaseOptimizer):
    """v = momentum v + (1 - dampening) g, in the first step v = g; w = w - lr v. As torch.optim.SGD.

    With nesterov the step is lr (g + momentum v). Sutskever et al., ICML 2013.

    lr: the learning rate.
    momentum: how much of the last step is kept.
    dampening: how much of the gradient is left out of the momentum.
    nesterov: whether to look ahead along the momentum.
    weight_decay: weight_decay * w is added to the gradient, for every parameter.
    groups: settings of its own for some parameters.
    """

    def __init__(
        self,
        lr: Positive,
        momentum: Fraction = 0.0,
        dampening: NonNegative = 0.0,
        nesterov: bool = False,
        weight_decay: NonNegative = 0.0,
        groups: list[Group] | None = None,
    ) -> None:
        super().__init__(lr, weight_decay, groups)
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError("nesterov needs a momentum above 0 and dampening 0")
        self.momentum = momentum
        self.dampening = dampening
        self.nesterov = nesterov
        self.slots = {"momentum_buffer": 0.0} if momentum else {}

    def prepare(self) -> None:
        self._share = 1.0 if self.steps == 1 else 1 - self.dampening

    def update(self, values: Array, grads: Array, scratch: Array, lr: float, *state: Any) -> None:
        step = self._accumulate(grads, scratch, *state) if self.momentum else grads
        np.multiply(step, lr, out=scratch)
        values -= scratch

    def _accumulate(self, grads: Array, scratch: Array, velocity: Array) -> Array:
        velocity *= self.momentum
        velocity += grads if self._share == 1 else np.multiply(grads, self._share, out=scratch)
        if not self.nesterov:
            return velocity
        np.multiply(velocity, self.momentum, out=scratch)
        grads += scratch
        return grads
