"""What augmentations of images expect."""

from base.base_augmentation import BaseAugmentation
from base.types import Shape


def require_images(augmentation: BaseAugmentation, input_shape: Shape) -> None:
    """Raise ValueError where a sample is no image (H, W, C)."""
    if len(input_shape) != 3:
        name = type(augmentation).__name__
        raise ValueError(f"{name} needs images (H, W, C), but a sample has shape {input_shape}; remove {name}")
