"""Points of the plane, in two classes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from base.base_data_loader import BaseDataLoader
from base.constraints import NonNegative, NonNegativeInt, PositiveInt
from base.dataset import Dataset, all_rows
from base.exact_math import cos, sin
from base.preprocessing import Preprocessing
from base.random_streams import RandomStreams
from base.types import Array

Points = tuple[Array, Array]
Generator = np.random.Generator
SAMPLES = 100


@dataclass(eq=False)
class TwoDimensionalDataLoader(BaseDataLoader):
    """Points (2,) in two classes, drawn by a formula, and as many others to test on.

    Of "linear", uniform in the unit square, 1 are those with y > x. Of "xor", (0.1 i, 0.1 i) for i = 0 ... 10 are 0,
    and (0.1 i, 1 - 0.1 i) without i = 5 are 1, 21 points in all. "moons" are two half circles of radius 1 that
    interlock, "circles" have radius 1 and 1/2, "spirals" are two arms of one and a half turns up to radius 1.

    task: which points.
    samples: how many (null: 100); xor is always the same 21.
    test_samples: how many to test on (null: as many as `samples`).
    noise: the deviation of what is added to the points after they are labelled.
    data_seed: draws the points; the run's seed does not, so that runs with several seeds see the same points.
    """

    task: Literal["linear", "xor", "moons", "circles", "spirals"]
    samples: PositiveInt | None = None
    test_samples: PositiveInt | None = None
    noise: NonNegative = 0.0
    data_seed: NonNegativeInt = 0

    def __post_init__(self) -> None:
        if self.task == "xor" and (self.samples or self.test_samples):
            raise ValueError("xor has 21 points; leave samples and test_samples out")

    def described(self) -> Preprocessing | None:
        return None if self.normalize else Preprocessing(("0", "1"), input_shape=(2,), dtype="float64", scale=1.0)

    def read_training(self) -> Dataset:
        return self._draw("training", self.samples)

    def read_test(self) -> Dataset:
        return self._draw("test", self.test_samples or self.samples)

    def _draw(self, part: str, samples: int | None) -> Dataset:
        generator = RandomStreams(self.data_seed).generator(f"two_dimensional/{part}")
        points, labels = _TASKS[self.task](samples or SAMPLES, generator)
        points = points + self.noise * generator.standard_normal(points.shape)
        return Dataset(points, labels.astype(np.int64), all_rows(points), ("0", "1"))


def _linear(samples: int, generator: Generator) -> Points:
    points = generator.random((samples, 2))
    labels: Array = points[:, 1] > points[:, 0]
    return points, labels


def _xor(samples: int, generator: Generator) -> Points:
    numbers = np.arange(11)
    equal = np.stack([numbers, numbers], axis=1)
    opposite = np.stack([numbers, 10 - numbers], axis=1)[numbers != 5]
    return np.concatenate([equal, opposite]) / 10, np.arange(21) >= 11


def _moons(samples: int, generator: Generator) -> Points:
    labels, angles = _alternating(samples), np.pi * generator.random(samples)
    outer = _polar(np.ones(samples), angles)
    return np.where(labels[:, None], (1.0, 0.5) - outer, outer), labels


def _circles(samples: int, generator: Generator) -> Points:
    labels, angles = _alternating(samples), 2 * np.pi * generator.random(samples)
    return _polar(np.where(labels, 0.5, 1.0), angles), labels


def _spirals(samples: int, generator: Generator) -> Points:
    labels, radius = _alternating(samples), np.sqrt(generator.random(samples))
    return _polar(radius, np.pi * (3 * radius + labels)), labels


def _alternating(samples: int) -> Array:
    return np.arange(samples) % 2 > 0


def _polar(radius: Array, angle: Array) -> Array:
    return np.stack([radius * cos(angle), radius * sin(angle)], axis=1)


_TASKS: dict[str, Callable[[int, Generator], Points]] = {
    "linear": _linear,
    "xor": _xor,
    "moons": _moons,
    "circles": _circles,
    "spirals": _spirals,
}
