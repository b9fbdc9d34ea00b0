"""Adam and AdamW."""

from typing import Any

from base.base_optimizer import FusedOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.exact_math import integer_power
from base.parameter_group import Group
from base.types import Array


class Adam(FusedOptimizer):
    """m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w = w - lr m_hat / (sqrt(v_hat) + eps).

    m_hat = m / (1 - b1^t) and v_hat = v / (1 - b2^t) undo the bias of starting at 0 at step t. As torch.optim.Adam.
    Kingma and Ba, ICLR 2015.

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
        super().__init__(lr, weight_decay, groups)
        self.betas = betas
        self.eps = eps
        self.amsgrad = amsgrad
        self.slots = {"exp_avg": 0.0, "exp_avg_sq": 0.0} | ({"max_exp_avg_sq": 0.0} if amsgrad else {})

    def apply(self, w: Array, g: Array, lr: float, weight_decay: float, *state: Any) -> None:
        m, v, *held = state
        v_max = held[0] if self.amsgrad else None
        beta1, beta2 = self.betas
        corrections = (1 / (1 - integer_power(beta1, self.steps)), 1 / (1 - integer_power(beta2, self.steps)))
        self.ops.adam(w, g, m, v, v_max, lr, self.betas, corrections, self.eps, weight_decay, self.decoupled)


class AdamW(Adam):
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
