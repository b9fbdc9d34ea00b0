"""RMSprop."""

from typing import Any

from base.base_optimizer import FusedOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.parameter_group import Group
from base.types import Array


class RMSprop(FusedOptimizer):
    """v = alpha v + (1 - alpha) g^2; u = momentum u + g / (sqrt(v) + eps); w = w - lr u. As torch.optim.RMSprop.

    One difference: a variance (centered) that rounding makes negative counts as 0 here; PyTorch takes its root, nan.

    Tieleman and Hinton, Coursera, lecture 6.5, 2012; centered: Graves, arXiv:1308.0850, 2013.

    lr: the learning rate.
    alpha: the decay rate of the average of squared gradients.
    eps: added to the denominator for numerical stability.
    weight_decay: L2 penalty on every parameter: weight_decay * w is added to the gradient.
    momentum: the momentum factor.
    centered: whether v is an estimate of the gradient's variance: the square of its average is subtracted.
    groups: settings for some of the parameters, selected by name (param_groups in PyTorch).
    """

    def __init__(
        self,
        lr: Positive = 0.01,
        alpha: Fraction = 0.99,
        eps: Positive = 1e-8,
        weight_decay: NonNegative = 0.0,
        momentum: Fraction = 0.0,
        centered: bool = False,
        groups: list[Group] | None = None,
    ) -> None:
        super().__init__(lr, weight_decay, groups)
        self.alpha = alpha
        self.eps = eps
        self.momentum = momentum
        self.centered = centered
        used = {"square_avg": True, "grad_avg": centered, "momentum_buffer": momentum > 0}
        self.slots = {slot: 0.0 for slot, needed in used.items() if needed}

    def apply(self, w: Array, g: Array, lr: float, weight_decay: float, *state: Any) -> None:
        held = dict(zip(self.slots, state, strict=True))
        m, u = held.get("grad_avg"), held.get("momentum_buffer")
        self.ops.rmsprop(w, g, held["square_avg"], m, u, lr, self.alpha, self.eps, self.momentum, weight_decay)
