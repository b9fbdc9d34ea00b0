"""The optimizers; a new one is one row."""

from dataclasses import dataclass

from base.base_optimizer import BaseOptimizer
from tests.cases.case import Case


@dataclass(frozen=True)
class OptimizerCase(Case):
    """An optimizer with arguments that solve both problems of the tests, and whether PyTorch has the same."""

    in_torch: bool = True

    def make(self) -> BaseOptimizer:
        """The optimizer, without state."""
        optimizer: BaseOptimizer = self.built(BaseOptimizer)
        return optimizer


CASES = [
    OptimizerCase("SGD", {"lr": 1e-3}),
    OptimizerCase("SGD", {"lr": 1e-3, "weight_decay": 0.01}),
    OptimizerCase("SGD", {"lr": 1e-3, "momentum": 0.9}),
    OptimizerCase("SGD", {"lr": 1e-3, "momentum": 0.9, "dampening": 0.3}),
    OptimizerCase("SGD", {"lr": 1e-3, "momentum": 0.9, "nesterov": True}),
    OptimizerCase("SGD", {"lr": 1e-3, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    OptimizerCase("SGD", {"lr": 1e-3, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    OptimizerCase("Adam", {"lr": 0.01}),
    OptimizerCase("Adam", {"lr": 0.05, "weight_decay": 0.01}),
    OptimizerCase("Adam", {"lr": 0.05, "betas": [0.5, 0.9], "eps": 1e-4}),
    OptimizerCase("Adam", {"lr": 0.01, "betas": [0.0, 0.99]}),
]
