"""Settings drawn at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.base_sampler import BaseSampler, Params
from base.constraints import NonNegativeInt
from trainer.search.seeding import seed_of

if TYPE_CHECKING:
    import optuna


class RandomSampler(BaseSampler):
    """Each setting drawn by itself, evenly (where `log` is true evenly in the logarithm).

    Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 2012.

    seed: draws the settings.
    """

    def __init__(self, seed: NonNegativeInt = 0) -> None:
        self.seed = seed

    def make(self, number: int, grid: list[Params]) -> optuna.samplers.BaseSampler:
        from optuna.samplers import RandomSampler

        return RandomSampler(seed=seed_of(self.seed, number))
