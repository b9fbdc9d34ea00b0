"""Several kinds of successive halving side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from base.base_pruner import BasePruner
from base.constraints import PositiveInt, Range

if TYPE_CHECKING:
    import optuna


class HyperbandPruner(BasePruner):
    """Successive halving in brackets, from one that ends trials early to one that trains all to their end.

    Li et al., "Hyperband: a novel bandit-based approach to hyperparameter optimization", JMLR 2018.

    min_resource: the epochs of the lowest rung.
    reduction_factor: how much higher each rung is than the one before.
    """

    def __init__(self, min_resource: PositiveInt = 1, reduction_factor: Annotated[int, Range(ge=2)] = 3) -> None:
        self.min_resource = min_resource
        self.reduction_factor = reduction_factor

    def make(self, epochs: int) -> optuna.pruners.BasePruner:
        from optuna.pruners import HyperbandPruner

        return HyperbandPruner(self.min_resource, max(epochs, self.min_resource), self.reduction_factor)
