"""Adadelta."""

from typing import Any

from base.base_optimizer import FusedOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.parameter_group import Group
from base.types import Array


class Adadelta(FusedOptimizer):
    """v = rho v + (1 - rho) g^2; d = sqrt(u + eps) / sqrt(v + eps) g; u = rho u + (1 - rho) d^2; w = w - lr d.

    As torch.optim.Adadelta. Zeiler, arXiv:1212.5701, 2012.

    lr: the learning rate.
    rho: the decay rate of the averages.
    eps: added under each root for numerical stability.
    weight_decay: L2 penalty on every parameter: weight_decay * w is added to the gradient.
    groups: settings for some of the parameters, selected by name (param_groups in PyTorch).
    """

    def __init__(
        self,
        lr: Positive = 1.0,
        rho: Fraction = 0.9,
        eps: Positive = 1e-6,
        weight_decay: NonNegative = 0.0,
        groups: list[Group] | None = None,
    ) -> None:
        super().__init__(lr, weight_decay, groups)
        self.rho = rho
        self.eps = eps
        self.slots = {"square_avg": 0.0, "acc_delta": 0.0}

    def apply(self, w: Array, g: Array, lr: float, weight_decay: float, *state: Any) -> None:
        v, u = state
        self.ops.adadelta(w, g, v, u, lr, self.rho, self.eps, weight_decay)
