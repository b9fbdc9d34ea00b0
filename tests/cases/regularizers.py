"""The regularizers; a new one is one row."""

from dataclasses import dataclass
from typing import Any

from base.base_regularizer import BaseRegularizer
from tests.cases.case import Case


@dataclass(frozen=True)
class RegularizerCase(Case):
    """A regularizer, and its penalty for the weights 1, -2 and 3."""

    penalty: float

    def make(self) -> BaseRegularizer:
        """The regularizer."""
        regularizer: BaseRegularizer = self.built(BaseRegularizer)
        return regularizer


CASES = [
    RegularizerCase("L2", {"weight": 0.5}, 3.5),
    RegularizerCase("L2", {"weight": 0}, 0.0),
    RegularizerCase("L1", {"weight": 0.5}, 3.0),
    RegularizerCase("L1", {"weight": 0}, 0.0),
    RegularizerCase("ElasticNet", {"l1": 0.1, "l2": 0.5}, 4.1),
    RegularizerCase("ElasticNet", {"l1": 0, "l2": 0.5}, 3.5),
    RegularizerCase("MaxNorm", {}, 0.0),
    RegularizerCase("MaxNorm", {"max_norm": 0.5}, 0.0),
]

# Arguments that cannot be: type, args, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("L2", {"weight": -1}, "weight: expected a number of at least 0, got -1"),
    ("L1", {"weight": -1}, "weight: expected a number of at least 0, got -1"),
    ("L1", {}, "weight: is missing: the strength"),
    ("ElasticNet", {"l1": -1, "l2": 1}, "l1: expected a number of at least 0, got -1"),
    ("ElasticNet", {"l1": 1}, "l2: is missing: the strength of the squares"),
    ("MaxNorm", {"max_norm": 0}, "max_norm: expected a number above 0, got 0"),
]
