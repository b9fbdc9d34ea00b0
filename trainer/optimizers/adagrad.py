"""Adagrad."""

from typing import Any

from base.base_optimizer import FusedOptimizer
from base.constraints import NonNegative, Positive
from base.parameter_group import Group
from base.types import Array


class Adagrad(FusedOptimizer):
    """v = v + g^2; w = w - lr / (1 + (t - 1) lr_decay) g / (sqrt(v) + eps) at step t. As torch.optim.Adagrad.

    Duchi, Hazan and Singer, JMLR 12, 2011.

    lr: the learning rate.
    lr_decay: how the rate falls with steps.
    weight_decay: weight_decay * w is added to the gradient, for every parameter.
    initial_accumulator_value: what v begins with.
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

    def apply(self, w: Array, g: Array, lr: float, weight_decay: float, *state: Any) -> None:
        (v,) = state
        slowed = lr / (1 + (self.steps - 1) * self.lr_decay)
        self.ops.adagrad(w, g, v, slowed, self.eps, weight_decay)
