"""Checks and limits of losses that take probabilities."""

from base.errors import UserError
from base.types import Array

SMALLEST = 1e-30  # probability; its logarithm and reciprocal are far from the limits of float32
LARGEST = 1.001  # a sum that was rounded may exceed 1


def check_probabilities(name: str, output: Array, remedy: str) -> None:
    """Raise UserError for outputs that are no probabilities; nan is left to show in the loss."""
    low, high = output.min(initial=0.0), output.max(initial=0.0)
    if low < 0 or high > LARGEST:
        raise UserError(
            f"loss: {name} takes probabilities from 0 to 1, but the network's output holds "
            f"{low if low < 0 else high:.4g}; {remedy}"
        )
