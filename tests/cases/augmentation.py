"""The augmentations; a new one is one row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from base.base_augmentation import BaseAugmentation
from base.types import Shape
from tests.cases.case import Case


@dataclass(frozen=True)
class AugmentationCase(Case):
    """An augmentation, a sample's shape that it takes, and one that it refuses with words that the message holds.

    `refused` is None where any shape will do; `ways` is how many results there are, where those are few.
    """

    shape: Shape
    refused: Shape | None = None
    words: str = ""
    ways: int = 10

    def make(self, **changes: Any) -> BaseAugmentation:
        """The augmentation, with some arguments changed."""
        args: Mapping[str, Any] = {**self.args, **changes}
        augmentation: BaseAugmentation = Case(self.kind, args).built(BaseAugmentation)
        return augmentation


NO_IMAGE = ((20,), r"needs images \(H, W, C\), but a sample has shape \(20,\)")

CASES = [
    AugmentationCase("RandomShift", {"max_pixels": 1, "fill": 1}, (4, 5, 1), *NO_IMAGE, ways=9),
    AugmentationCase("RandomShift", {"max_pixels": 3}, (4, 5, 2), (9, 3, 2), "max_pixels 3 would move all of an image"),
    AugmentationCase("RandomShift", {"max_pixels": 2, "p": 0.9}, (6, 5, 1), *NO_IMAGE),
    AugmentationCase("RandomRotation", {"degrees": 30}, (6, 7, 1), *NO_IMAGE),
    AugmentationCase("RandomRotation", {"degrees": [90, 180], "p": 0.9, "fill": -1}, (5, 4, 3), *NO_IMAGE),
    AugmentationCase("RandomScale", {"scale": [0.5, 2], "p": 0.9}, (6, 7, 2), *NO_IMAGE),
    AugmentationCase("RandomShear", {"degrees": 40}, (6, 7, 1), *NO_IMAGE),
    AugmentationCase("RandomShear", {"degrees": [10, 20, -20, 0], "fill": 0.5, "p": 0.9}, (6, 7, 2), *NO_IMAGE),
    AugmentationCase("RandomAffine", {"degrees": 20}, (1, 9, 1), *NO_IMAGE),
    AugmentationCase(
        "RandomAffine",
        {"degrees": [0, 360], "translate": [0.5, 0], "scale": [0.8, 1.2], "shear": [-10, 0], "fill": 0.1, "p": 0.9},
        (7, 5, 3),
        *NO_IMAGE,
    ),
    AugmentationCase("ElasticDeformation", {}, (8, 7, 1), *NO_IMAGE),
    AugmentationCase("ElasticDeformation", {"alpha": 3, "sigma": 0.5, "p": 0.9}, (6, 9, 2), *NO_IMAGE),
    AugmentationCase("GaussianNoise", {}, (7,)),
    AugmentationCase("GaussianNoise", {"std": 2, "mean": -1, "clip": [-1, 1], "p": 0.9}, (4, 5, 2)),
    AugmentationCase("RandomErasing", {}, (8, 9, 2), *NO_IMAGE),
    AugmentationCase("RandomErasing", {"scale": [0.1, 0.5], "value": "random", "p": 0.9}, (8, 9, 3), *NO_IMAGE),
    AugmentationCase("RandomHorizontalFlip", {}, (4, 5, 2), *NO_IMAGE, ways=2),
    AugmentationCase("RandomHorizontalFlip", {"p": 0.8}, (3, 4, 1), *NO_IMAGE, ways=2),
    AugmentationCase("Mixup", {}, (7,), ways=1),
    AugmentationCase("Mixup", {"alpha": 2, "p": 0.8}, (4, 5, 2), ways=1),
    AugmentationCase("Cutout", {"size": 3}, (6, 7, 1), *NO_IMAGE),
    AugmentationCase("Cutout", {"size": 2, "holes": 3, "fill": 0.5, "p": 0.9}, (7, 6, 3), (1, 1, 3), "cuts out all of"),
]

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("RandomShift", {"max_pixels": 1, "p": 1.5}, "p: expected a number of at least 0 and of at most 1, got 1.5"),
    *(
        (kind, {**args, "p": 1.5}, r"\.p: expected a number of at least 0 and of at most 1, got 1.5")
        for kind, args in {
            "RandomRotation": {"degrees": 5},
            "RandomScale": {"scale": [0.9, 1.1]},
            "RandomShear": {"degrees": 5},
            "RandomAffine": {"degrees": 5},
            "ElasticDeformation": {},
            "GaussianNoise": {},
            "RandomErasing": {},
            "Mixup": {},
            "Cutout": {"size": 2},
        }.items()
    ),
    ("RandomShift", {"max_pixels": 1, "fill": None}, "fill: expected a number, got null"),
    ("RandomRotation", {}, "degrees: is missing"),
    ("RandomRotation", {"degrees": -5}, "degrees: expected a number of at least 0 or a list of 2"),
    ("RandomRotation", {"degrees": [10, -10]}, r"degrees: expected the lower end first, got \[10, -10\]; swap them"),
    ("RandomScale", {"scale": [0, 1]}, "scale.0: expected a number above 0, got 0"),
    ("RandomScale", {"scale": 0.9}, "scale: expected a list of 2"),
    ("RandomScale", {"scale": [1.1, 0.9]}, "scale: expected the lower end first"),
    ("RandomShear", {"degrees": 90}, "degrees: expected a number of at least 0 and below 90"),
    ("RandomShear", {"degrees": [0, 1, 2]}, "degrees: expected .* or a list of 4"),
    ("RandomShear", {"degrees": [0, 1, 3, 2]}, r"degrees: expected the lower end first, got \[3, 2\]"),
    ("RandomAffine", {"degrees": 5, "translate": [0.1, 1.1]}, "translate.1: expected .* of at most 1, got 1.1"),
    ("RandomAffine", {"degrees": 5, "scale": [2, 1]}, "scale: expected the lower end first"),
    ("RandomAffine", {"degrees": 5, "shear": [5, -5]}, "shear: expected the lower end first"),
    ("RandomAffine", {"degrees": 5, "angle": 5}, "RandomAffine has no argument 'angle'"),
    ("ElasticDeformation", {"sigma": 0}, "sigma: expected a number above 0, got 0"),
    ("ElasticDeformation", {"alpha": -1}, "alpha: expected a number of at least 0, got -1"),
    ("Mixup", {"alpha": 0}, "alpha: expected a number above 0, got 0"),
    ("GaussianNoise", {"std": -1}, "std: expected a number of at least 0, got -1"),
    ("GaussianNoise", {"clip": [1, 0]}, "clip: expected the lower end first"),
    ("RandomErasing", {"scale": [0.1, 1.2]}, "scale.1: expected a number above 0 and of at most 1, got 1.2"),
    ("RandomErasing", {"ratio": [3, 0.3]}, "ratio: expected the lower end first"),
    ("RandomErasing", {"value": "rand"}, 'value: expected a number or "random", got "rand"'),
    ("RandomHorizontalFlip", {"p": -0.1}, "p: expected a number of at least 0"),
    ("Cutout", {"size": 0}, "size: expected a whole number of at least 1, got 0"),
    ("Cutout", {"size": 2, "holes": 0.5}, "holes: expected a whole number of at least 1, got 0.5"),
]
