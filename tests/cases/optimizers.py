"""The optimizers; a new one is one row."""

from dataclasses import dataclass
from typing import Any

from base.base_optimizer import BaseOptimizer
from tests.cases.case import Case


@dataclass(frozen=True)
class OptimizerCase(Case):
    """An optimizer with arguments that solve both problems of the tests, and whether PyTorch has the same.

    Adadelta, whose steps begin at the root of eps, takes too many for the second, a valley.
    """

    in_torch: bool = True
    crosses_valley: bool = True

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
    OptimizerCase("Adam", {"lr": 0.05, "amsgrad": True, "weight_decay": 0.01}),
    OptimizerCase("AdamW", {"lr": 0.05}),
    OptimizerCase("AdamW", {"lr": 0.05, "weight_decay": 1e-3, "amsgrad": True, "betas": [0.8, 0.9]}),
    OptimizerCase("AdamW", {"lr": 0.05, "eps": 1e-4, "weight_decay": 1e-3}),
    OptimizerCase("RMSprop", {"lr": 0.01}),
    OptimizerCase("RMSprop", {"lr": 0.01, "momentum": 0.5, "weight_decay": 0.01}),
    OptimizerCase("RMSprop", {"lr": 0.01, "centered": True, "alpha": 0.9, "eps": 1e-3}),
    OptimizerCase("RMSprop", {"lr": 0.002, "centered": True, "momentum": 0.9, "eps": 1e-3}),
    OptimizerCase("Adagrad", {"lr": 0.5}),
    OptimizerCase("Adagrad", {"lr": 0.5, "weight_decay": 0.01, "initial_accumulator_value": 0.1}),
    OptimizerCase("Adagrad", {"lr": 0.8, "lr_decay": 1e-4, "eps": 1e-6}),
    OptimizerCase("Adadelta", {}, crosses_valley=False),
    OptimizerCase("Adadelta", {"lr": 0.5, "rho": 0.95, "eps": 1e-4, "weight_decay": 0.01}, crosses_valley=False),
    OptimizerCase("Lion", {"lr": 1e-3}, in_torch=False),
    OptimizerCase("Lion", {"lr": 1e-3, "betas": [0.8, 0.9], "weight_decay": 0.01}, in_torch=False),
]

# Arguments that cannot be: type, args, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("SGD", {}, "lr: is missing"),
    ("SGD", {"lr": 0}, "lr: expected a number above 0, got 0"),
    ("SGD", {"lr": 0.1, "momentum": 1}, "momentum: expected a number of at least 0 and below 1, got 1"),
    ("SGD", {"lr": 0.1, "nesterov": True}, "nesterov needs a momentum above 0"),
    ("SGD", {"lr": 0.1, "groups": [{"lr": 1}]}, r"groups\.0\.names: is missing"),
    ("Adam", {"betas": [0.9, 1]}, r"betas\.1: expected a number of at least 0 and below 1, got 1"),
    ("Adam", {"betas": [0.9]}, "betas: expected a list of 2"),
    ("AdamW", {"eps": 0}, "eps: expected a number above 0, got 0"),
    ("AdamW", {"weight_decay": -1}, "weight_decay: expected a number of at least 0, got -1"),
    ("RMSprop", {"alpha": 1}, "alpha: expected a number of at least 0 and below 1, got 1"),
    ("RMSprop", {"centered": 1}, "centered: expected true or false, got 1"),
    ("Adagrad", {"lr_decay": -1}, "lr_decay: expected a number of at least 0, got -1"),
    ("Adagrad", {"initial_accumulator_value": -1}, "initial_accumulator_value: expected a number of at least 0, got"),
    ("Adadelta", {"rho": 1}, "rho: expected a number of at least 0 and below 1, got 1"),
    ("Lion", {"betas": [1, 0.9]}, r"betas\.0: expected a number of at least 0 and below 1, got 1"),
]
