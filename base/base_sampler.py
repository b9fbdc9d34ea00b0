"""Samplers: rules that choose the settings that a search tries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import optuna

Params = dict[str, Any]  # a value for each name, as Optuna keeps a setting


class BaseSampler(ABC):
    """Chooses settings. What is chosen for a setting depends on the sampler's seed, its number and results so far.

    So a search that was stopped does not begin its random numbers again, and no two workers draw the same.
    """

    exhaustive = False  # whether it tries each point of a space, which must then be a grid, once

    @abstractmethod
    def make(self, number: int, grid: list[Params]) -> optuna.samplers.BaseSampler:
        """Optuna's sampler for the setting of this number; `grid` has every point where the sampler is exhaustive."""
