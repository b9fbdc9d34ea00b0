"""Adam and AdamW."""

from typing import Any

from base.base_optimizer import FusedOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.exact_math import integer_power
from base.parameter_group import Group
from base.types import Array


class Adam(FusedOptimizer):
    """m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w = w - lr m_hat / (sqrt(v_hat) + eps).

    m_hat = m / (1 - b1^t) and v_hat = v / (1 - b2^t), at step t = 1, 2, ..., correct the bias of averages that start at
    0. As torch.optim.Adam. Kingma and Ba, ICLR 2015.

    lr: the learning rate.
    betas: b1 and b2, the decay rates of the averages of the gradient and of its square.
    eps: added to the denominator for numerical stability.
    weight_decay: L2 penalty on every parameter: weight_decay * w is added to the gradient.
    amsgrad: whether to use the largest v so far (Reddi, Kale and Kumar, ICLR 2018).
    groups: settings for some of the parameters, selected by name (param_groups in PyTorch).
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
        m, v, *rest = state
        v_max = rest[0] if self.amsgrad else None
        beta1, beta2 = self.betas
        corrections = (1 / (1 - integer_power(beta1, self.steps)), 1 / (1 - integer_power(beta2, self.steps)))
        self.ops.adam(w, g, m, v, v_max, lr, self.betas, corrections, self.eps, weight_decay, self.decoupled)


class AdamW(Adam):
    """w = w - lr weight_decay w, then as Adam without decay. As torch.optim.AdamW. Loshchilov and Hutter, ICLR 2019.

    lr: the learning rate.
    betas: the decay rates of the averages of the gradient and of its square.
    eps: added to the denominator for numerical stability.
    weight_decay: decoupled weight decay: every parameter shrinks by lr * weight_decay * w.
    amsgrad: whether to use the largest average of the squared gradient so far.
    groups: settings for some of the parameters, selected by name (param_groups in PyTorch).
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
