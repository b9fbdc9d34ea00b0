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
    lr_decay: the learning rate decay, as in the formula.
    weight_decay: L2 penalty on every parameter: weight_decay * w is added to the gradient.
    initial_accumulator_value: the initial value of v.
    eps: added to the denominator for numerical stability.
    groups: settings for some of the parameters, selected by name (param_groups in PyTorch).
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
        decayed_lr = lr / (1 + (self.steps - 1) * self.lr_decay)
        self.ops.adagrad(w, g, v, decayed_lr, self.eps, weight_decay)
