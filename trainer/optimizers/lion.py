"""Lion."""

from typing import Any

import numpy as np

from base.base_optimizer import BaseOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.parameter_group import Group
from base.types import Array


class Lion(BaseOptimizer):
    """w = w - lr (sign(b1 m + (1 - b1) g) + weight_decay w); m = b2 m + (1 - b2) g.

    Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023, which advises a rate of a tenth to a
    third of Adam's, and a decay as many times larger.

    lr: the learning rate.
    betas: b1 and b2, how much of the average counts in a step, and how much of it is kept.
    weight_decay: how much every parameter shrinks, in units of lr.
    groups: settings of its own for some parameters.
    """

    decoupled = True

    def __init__(
        self,
        lr: Positive = 1e-4,
        betas: tuple[Fraction, Fraction] = (0.9, 0.99),
        weight_decay: NonNegative = 0.0,
        groups: list[Group] | None = None,
    ) -> None:
        super().__init__(lr, weight_decay, groups)
        self.betas = betas
        self.slots = {"exp_avg": 0.0}

    def prepare(self) -> None:
        """Nothing: the rule is the same at every step."""

    def update(self, values: Array, grads: Array, scratch: Array, lr: float, *state: Any) -> None:
        (mean,) = state
        beta1, beta2 = self.betas
        np.subtract(mean, grads, out=scratch)
        scratch *= beta1
        scratch += grads
        np.sign(scratch, out=scratch)
        scratch *= lr
        values -= scratch
        mean *= beta2
        grads *= 1 - beta2
        mean += grads
