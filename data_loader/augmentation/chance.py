"""Which samples of a batch are changed."""

from typing import Annotated

import numpy as np

from base.constraints import Range
from base.types import Array

Probability = Annotated[float, Range(ge=0, le=1)]


def chosen(p: float, count: int, generator: np.random.Generator) -> Array:
    """Booleans (count,), each true with probability p: never for 0, always for 1."""
    return generator.random(count) < p
