"""The words in which a component states what its arguments may be.

A constructor annotates each argument with one of these; the config check, the messages about mistakes and
`config.schema.json` are all read off those annotations.
"""

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True)
class Range:
    """Bounds of a number: greater or equal, greater, less or equal, less."""

    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None


@dataclass(frozen=True)
class Example:
    """A usual value of a whole number, to show where it is missing."""

    value: int


@dataclass(frozen=True)
class Length:
    """The least number of items of a list."""

    at_least: int


@dataclass(frozen=True)
class Distinct:
    """No item of a list is there twice."""


@dataclass(frozen=True)
class Pattern:
    """A regular expression that the whole of a text must match, and that in words."""

    regex: str
    words: str


@dataclass(frozen=True)
class IsPath:
    """A text that is the path of a file or folder: ~ and $NAME in it are expanded when components are built."""


PathText = Annotated[str, IsPath()]
PositiveInt = Annotated[int, Range(ge=1)]
NonNegativeInt = Annotated[int, Range(ge=0)]
Positive = Annotated[float, Range(gt=0)]
NonNegative = Annotated[float, Range(ge=0)]
Fraction = Annotated[float, Range(ge=0, lt=1)]  # from 0 up to, but not, 1: momentum, dropout, betas
