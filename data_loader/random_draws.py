"""Random numbers of augmentation: which samples are changed, and by how much."""

from typing import Annotated

import numpy as np

from base.constraints import NonNegative, Range
from base.types import Array

Probability = Annotated[float, Range(ge=0, le=1)]


def bernoulli(p: float, count: int, generator: np.random.Generator) -> Array:
    """Booleans (count,), each true with probability p: never for 0, always for 1."""
    return generator.random(count) < p


Interval = tuple[float, float]
Angles = NonNegative | Interval
ShearAngle = Annotated[float, Range(gt=-90, lt=90)]
PositiveShearAngle = Annotated[float, Range(ge=0, lt=90)]
ShearAngles = PositiveShearAngle | tuple[ShearAngle, ShearAngle] | tuple[ShearAngle, ShearAngle, ShearAngle, ShearAngle]


def interval(name: str, given: float | Interval) -> Interval:
    """The lowest and highest value of an argument; a single number v stands for (-v, v).

    Raises ValueError where the lowest is above the highest.
    """
    low, high = given if isinstance(given, tuple) else (-given, given)
    if low > high:
        raise ValueError(f"{name}: expected the lower end first, got [{low:g}, {high:g}]; swap them")
    return low, high


def shear_intervals(name: str, given: ShearAngles) -> tuple[Interval, Interval]:
    """The intervals of the shears along x and y; along y there is none unless four numbers are given."""
    if isinstance(given, tuple) and len(given) == 4:
        return interval(name, given[:2]), interval(name, given[2:])
    return interval(name, given), (0.0, 0.0)


def uniform(within: Interval, count: int, generator: np.random.Generator) -> Array:
    """`count` numbers drawn uniformly from the interval."""
    return generator.uniform(*within, count)
