"""Lion."""

from typing import Any

from base.base_optimizer import FusedOptimizer
from base.constraints import Fraction, NonNegative, Positive
from base.parameter_group import Group
from base.types import Array


class Lion(FusedOptimizer):
    """w = w - lr (sign(b1 m + (1 - b1) g) + weight_decay w); m = b2 m + (1 - b2) g.

    Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023, which advises a rate of a tenth to a
    third of Adam's, and a decay as many times larger.

    lr: the learning rate.
    betas: b1, the weight of the average in the update, and b2, the decay rate of the average.
    weight_decay: decoupled weight decay: every parameter shrinks by lr * weight_decay * w.
    groups: settings for some of the parameters, selected by name (param_groups in PyTorch).
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

    def apply(self, w: Array, g: Array, lr: float, weight_decay: float, *state: Any) -> None:
        (m,) = state
        self.ops.lion(w, g, m, lr, self.betas, weight_decay)
