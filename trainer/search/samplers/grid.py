"""Every point of a grid."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from base.base_sampler import BaseSampler, Params
from base.constraints import NonNegativeInt

if TYPE_CHECKING:
    import optuna


class GridSampler(BaseSampler):
    """Every point of the grid once, in an order drawn by the seed, so that a search cut short has seen all regions.

    seed: draws the order.
    """

    exhaustive = True

    def __init__(self, seed: NonNegativeInt = 0) -> None:
        self.seed = seed

    def make(self, number: int, grid: list[Params]) -> optuna.samplers.BaseSampler:
        from optuna.samplers import PartialFixedSampler, RandomSampler

        order = list(range(len(grid)))
        random.Random(self.seed).shuffle(order)
        return PartialFixedSampler(grid[order[number]], RandomSampler())
