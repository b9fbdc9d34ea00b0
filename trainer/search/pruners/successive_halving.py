"""Giving more epochs only to what did best with fewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from base.base_pruner import BasePruner
from base.constraints import NonNegativeInt, PositiveInt, Range

if TYPE_CHECKING:
    import optuna


class SuccessiveHalvingPruner(BasePruner):
    """Of the trials that reach a rung of epochs, the best 1 / `reduction_factor` go on to the next, that much higher.

    Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020.

    min_resource: the epochs of the lowest rung.
    reduction_factor: how much higher each rung is than the one before.
    min_early_stopping_rate: leave out so many of the lowest rungs.
    """

    def __init__(
        self,
        min_resource: PositiveInt = 1,
        reduction_factor: Annotated[int, Range(ge=2)] = 4,
        min_early_stopping_rate: NonNegativeInt = 0,
    ) -> None:
        self.min_resource = min_resource
        self.reduction_factor = reduction_factor
        self.min_early_stopping_rate = min_early_stopping_rate

    def make(self, epochs: int) -> optuna.pruners.BasePruner:
        from optuna.pruners import SuccessiveHalvingPruner

        return SuccessiveHalvingPruner(self.min_resource, self.reduction_factor, self.min_early_stopping_rate)
