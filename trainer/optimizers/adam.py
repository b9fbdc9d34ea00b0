"""Adam and AdamW."""

from abc import abstractmethod
from math import sqrt
from typing import Any

import numpy as np

from base.base_optimizer import BaseOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.parameter_group import Group
from base.types import Array


class AdaptiveMoments(BaseOptimizer):
    """The rule that Adam and AdamW share; they differ in how weights decay."""

    @abstractmethod
    def __init__(
        self,
        lr: Positive,
        betas: tuple[Fraction, Fraction],
        eps: Positive,
        weight_decay: NonNegative,
        amsgrad: bool,
        groups: list[Group] | None,
    ) -> None:
        super().__init__(lr, weight_decay, groups)
        self.betas = betas
        self.eps = eps
        self.amsgrad = amsgrad
        self.slots = {"exp_avg": 0.0, "exp_avg_sq": 0.0} | ({"max_exp_avg_sq": 0.0} if amsgrad else {})

    def prepare(self) -> None:
        beta1, beta2 = self.betas
        self._mean_correction = 1 / (1 - beta1**self.steps)
        self._root_correction = 1 / sqrt(1 - beta2**self.steps)

    def update(self, values: Array, grads: Array, scratch: Array, lr: float, *state: Any) -> None:
        mean, square, *largest = state
        beta1, beta2 = self.betas
        mean *= beta1
        mean += np.multiply(grads, 1 - beta1, out=scratch)
        square *= beta2
        np.multiply(grads, grads, out=grads)
        grads *= 1 - beta2
        square += grads
        for held in largest:
            square = np.maximum(held, square, out=held)
        np.sqrt(square, out=scratch)
        scratch *= self._root_correction
        scratch += self.eps
        np.divide(mean, scratch, out=scratch)
        scratch *= lr * self._mean_correction
        values -= scratch


class Adam(AdaptiveMoments):
    """m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w = w - lr m' / (sqrt(v') + eps). As torch.optim.Adam.

    m' = m / (1 - b1^t) and v' = v / (1 - b2^t) undo the bias of starting at 0 at step t. Kingma and Ba, ICLR 2015.

    lr: the learning rate.
    betas: b1 and b2, how much of the averages is kept each step.
    eps: added to the root so that nothing is divided by 0.
    weight_decay: weight_decay * w is added to the gradient, for every parameter.
    amsgrad: whether to use the largest v so far (Reddi, Kale and Kumar, ICLR 2018).
    groups: settings of its own for some parameters.
    """

    def __init__(
        self,
        lr: Positive = 1e-3,
        betas: tuple[Fraction, Fraction] = (0.9, 0.999),
        eps: Positive = 1e-8,
        weight_decay: NonNegative = 0.0,
        amsgrad: bool = False,
        groups: list[Group] | None = None,
    ) -> None:
        super().__init__(lr, betas, eps, weight_decay, amsgrad, groups)


class AdamW(AdaptiveMoments):
    """w = w - lr weight_decay w, then as Adam without decay. As torch.optim.AdamW. Loshchilov and Hutter, ICLR 2019.

    lr: the learning rate.
    betas: how much of the averages of the gradient and of its square is kept each step.
    eps: added to the root so that nothing is divided by 0.
    weight_decay: how much every parameter shrinks, in units of lr.
    amsgrad: whether to use the largest average of the square so far.
    groups: settings of its own for some parameters.
    """

    decoupled = True

    def __init__(
        self,
        lr: Positive = 1e-3,
        betas: tuple[Fraction, Fraction] = (0.9, 0.999),
        eps: Positive = 1e-8,
        weight_decay: NonNegative = 0.01,
        amsgrad: bool = False,
        groups: list[Group] | None = None,
    ) -> None:
        super().__init__(lr, betas, eps, weight_decay, amsgrad, groups)
