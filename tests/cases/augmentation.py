"""The augmentations; a new one is one row."""

from dataclasses import dataclass

from base.base_augmentation import BaseAugmentation
from base.types import Shape
from tests.cases.case import Case


@dataclass(frozen=True)
class AugmentationCase(Case):
    """An augmentation, a sample's shape that it takes, and one that it refuses with words that the message holds."""

    shape: Shape
    refused: Shape
    words: str

    def make(self) -> BaseAugmentation:
        """The augmentation."""
        augmentation: BaseAugmentation = self.built(BaseAugmentation)
        return augmentation


CASES = [
    AugmentationCase("RandomShift", {"max_pixels": 1}, (4, 5, 1), (20,), r"needs images \(H, W, C\)"),
    AugmentationCase("RandomShift", {"max_pixels": 3}, (4, 5, 2), (9, 3, 2), "max_pixels 3 would move all of an image"),
]
