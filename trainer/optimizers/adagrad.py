"""Adagrad."""

from typing import Any

import numpy as np

from base.base_optimizer import BaseOptimizer
from base.constraints import NonNegative, Positive
from base.parameter_group import Group
from base.types import Array


class Adagrad(BaseOptimizer):
    """s = s + g^2; w = w - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps) at step t. As torch.optim.Adagrad.

    Duchi, Hazan and Singer, JMLR 12, 2011.

    lr: the learning rate.
    lr_decay: how the rate falls with steps.
    weight_decay: weight_decay * w is added to the gradient, for every parameter.
    initial_accumulator_value: what s begins with.
    eps: added to the root so that nothing is divided by 0.
    groups: settings of its own for some parameters.
    """

    def __init__(
        self,
        lr: Positive = 0.01,
        lr_decay: NonNegative = 0.0,
        weight_decay: NonNegative = 0.0,
        initial_accumulator_value: NonNegative = 0.0,
        eps: Positive = 1e-10,
        groups: list[Group] | None = None,
    ) -> None:
        super().__init__(lr, weight_decay, groups)
        self.lr_decay = lr_decay
        self.eps = eps
        self.slots = {"sum": initial_accumulator_value}

    def prepare(self) -> None:
        self._slowed = 1 / (1 + (self.steps - 1) * self.lr_decay)

    def update(self, values: Array, grads: Array, scratch: Array, lr: float, *state: Any) -> None:
        (total,) = state
        total += np.multiply(grads, grads, out=scratch)
        np.sqrt(total, out=scratch)
        scratch += self.eps
        np.divide(grads, scratch, out=scratch)
        scratch *= lr * self._slowed
        values -= scratch
