"""The initializers; a new one is one row."""

from dataclasses import dataclass
from math import inf, sqrt
from typing import Any

from base.base_initializer import BaseInitializer
from base.types import Shape
from tests.cases.case import Case


@dataclass(frozen=True)
class InitializerCase(Case):
    """An initializer, the shape drawn, and what its formula says of the values: deviation, mean, largest distance."""

    shape: Shape
    std: float
    mean: float = 0.0
    bound: float = inf

    def __str__(self) -> str:
        return f"{super().__str__()} of {self.shape}"

    def make(self) -> BaseInitializer:
        """The initializer."""
        initializer: BaseInitializer = self.built(BaseInitializer)
        return initializer


WIDE, KERNEL = (200, 600), (5, 5, 20, 60)

CASES = [
    InitializerCase("Zeros", {}, (3, 2), std=0, bound=0),
    InitializerCase("Constant", {"value": 2}, (3,), std=0, mean=2, bound=0),
    InitializerCase("Normal", {}, WIDE, std=1),
    InitializerCase("Normal", {"std": 0.01, "mean": 3}, WIDE, std=0.01, mean=3),
    InitializerCase("HeNormal", {}, WIDE, std=sqrt(2 / 200)),
    InitializerCase("HeNormal", {}, KERNEL, std=sqrt(2 / 500)),
    InitializerCase("HeNormal", {"negative_slope": 0.5}, WIDE, std=sqrt(2 / 1.25 / 200)),
    InitializerCase("HeUniform", {}, WIDE, std=sqrt(2 / 200), bound=sqrt(6 / 200)),
    InitializerCase("HeUniform", {"negative_slope": sqrt(5)}, WIDE, std=sqrt(1 / 600), bound=sqrt(1 / 200)),
    InitializerCase("XavierNormal", {}, WIDE, std=sqrt(2 / 800)),
    InitializerCase("XavierNormal", {"gain": 5 / 3}, KERNEL, std=5 / 3 * sqrt(2 / 2000)),
    InitializerCase("XavierUniform", {}, WIDE, std=sqrt(2 / 800), bound=sqrt(6 / 800)),
    InitializerCase("XavierUniform", {"gain": 2}, KERNEL, std=2 * sqrt(2 / 2000), bound=2 * sqrt(6 / 2000)),
]

# Arguments that cannot be: type, args, and what the message must say.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("Zeros", {"value": 0}, "Zeros has no argument 'value'"),
    ("Constant", {}, "value: is missing"),
    ("Normal", {"std": -1}, "std: expected a number of at least 0, got -1"),
    ("HeNormal", {"negative_slope": -1}, "negative_slope: expected a number of at least 0, got -1"),
    ("HeUniform", {"negative_slope": "x"}, 'negative_slope: expected a number of at least 0, got "x"'),
    ("XavierNormal", {"gain": 0}, "gain: expected a number above 0, got 0"),
    ("XavierUniform", {"gain": None}, "gain: expected a number above 0, got null"),
]
