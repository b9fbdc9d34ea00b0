"""Settings like those that did well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.base_sampler import BaseSampler, Params
from base.constraints import NonNegativeInt
from trainer.search.seeding import seed_of

if TYPE_CHECKING:
    import optuna


class TPESampler(BaseSampler):
    """Tree-structured Parzen estimator: the setting whose like is most frequent among good results against the others.

    Bergstra et al., "Algorithms for hyper-parameter optimization", NeurIPS 2011. Trials that run count as bad until
    they end, so that workers look in different places.

    seed: draws the first settings, and candidates for those after them.
    n_startup_trials: how many settings are drawn at random before it learns from results.
    """

    def __init__(self, seed: NonNegativeInt = 0, n_startup_trials: NonNegativeInt = 10) -> None:
        self.seed = seed
        self.n_startup_trials = n_startup_trials

    def make(self, number: int, grid: list[Params]) -> optuna.samplers.BaseSampler:
        from optuna.samplers import TPESampler

        seed = seed_of(self.seed, number)
        return TPESampler(seed=seed, n_startup_trials=self.n_startup_trials, constant_liar=True)
