"""Stochastic gradient descent."""

from typing import Any

from base.base_optimizer import FusedOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.parameter_group import Group
from base.types import Array


class SGD(FusedOptimizer):
    """v = momentum v + (1 - dampening) g, in the first step v = g; w = w - lr v. As torch.optim.SGD.

    With nesterov the step is lr (g + momentum v). Sutskever et al., ICML 2013.

    lr: the learning rate.
    momentum: the momentum factor.
    dampening: the share of the gradient that is not added to the momentum.
    nesterov: whether to use Nesterov momentum.
    weight_decay: L2 penalty on every parameter: weight_decay * w is added to the gradient.
    groups: settings for some of the parameters, selected by name (param_groups in PyTorch).
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

    def apply(self, w: Array, g: Array, lr: float, weight_decay: float, *state: Any) -> None:
        (v,) = state or (None,)
        dampening = 0.0 if self.steps == 1 else self.dampening
        self.ops.sgd(w, g, v, lr, self.momentum, dampening, self.nesterov, weight_decay)
