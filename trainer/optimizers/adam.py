"""Adam."""

from math import sqrt
from typing import Any

import numpy as np

from base.base_optimizer import BaseOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.types import Array


class Adam(BaseOptimizer):
    """m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w = w - lr m' / (sqrt(v') + eps). As torch.optim.Adam.

    m' = m / (1 - b1^t) and v' = v / (1 - b2^t) undo the bias of starting at 0 at step t. Kingma and Ba, ICLR 2015.

    lr: the learning rate.
    betas: b1 and b2, how much of the averages is kept each step.
    eps: added to the root so that nothing is divided by 0.
    weight_decay: added to the gradient as weight_decay * w, for every parameter.
    """

    slots = ("exp_avg", "exp_avg_sq")

    def __init__(
        self,
        lr: Positive = 1e-3,
        betas: tuple[Fraction, Fraction] = (0.9, 0.999),
        eps: Positive = 1e-8,
        weight_decay: NonNegative = 0.0,
    ) -> None:
        super().__init__(lr)
        self.betas = betas
        self.eps = eps
        self.weight_decay = weight_decay

    def prepare(self) -> None:
        beta1, beta2 = self.betas
        self._rate = self.lr / (1 - beta1**self.steps)
        self._root_correction = 1 / sqrt(1 - beta2**self.steps)

    def update(self, values: Array, grads: Array, scratch: Array, *state: Any) -> None:
        mean, square = state
        beta1, beta2 = self.betas
        if self.weight_decay:
            np.multiply(values, self.weight_decay, out=scratch)
            grads += scratch
        mean *= beta1
        mean += np.multiply(grads, 1 - beta1, out=scratch)
        square *= beta2
        np.multiply(grads, grads, out=grads)
        grads *= 1 - beta2
        square += grads
        self._descend(values, mean, square, scratch)

    def _descend(self, values: Array, mean: Array, square: Array, scratch: Array) -> None:
        np.sqrt(square, out=scratch)
        scratch *= self._root_correction
        scratch += self.eps
        np.divide(mean, scratch, out=scratch)
        scratch *= self._rate
        values -= scratch
