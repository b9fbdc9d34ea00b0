"""The regularizers; a new one is one row."""

from dataclasses import dataclass

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
]
