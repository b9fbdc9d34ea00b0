"""Pruners: rules that end poor trials early."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import optuna


class BasePruner(ABC):
    """Compares a trial's figures so far with those of others after as many epochs."""

    @abstractmethod
    def make(self, epochs: int) -> optuna.pruners.BasePruner:
        """Optuna's pruner for trials of so many epochs, those of all seeds together."""
