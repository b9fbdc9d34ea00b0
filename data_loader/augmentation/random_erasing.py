"""Images with a rectangle erased."""

from typing import Annotated, Literal

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.constraints import Positive, Range
from base.exact_math import exp, log
from base.types import Array, Shape
from data_loader.image_batches import rectangle_mask, require_images
from data_loader.random_draws import Probability, bernoulli, interval

Share = Annotated[float, Range(gt=0, le=1)]

_TRIES = 10


class RandomErasing(BaseAugmentation):
    """A rectangle of an image (H, W, C) is overwritten, as torchvision's class of that name does.

    Zhong, Zheng, Kang, Li and Yang, "Random erasing data augmentation", AAAI 2020. Of ten rectangles the first that is
    smaller than the image in both directions is taken; where there is none the image stays as it is.

    p: the probability that an image is augmented.
    scale: the area of the rectangle as a fraction of the image's, as [low, high].
    ratio: its height divided by its width, as [low, high]; the logarithm is uniform.
    value: what is written: a number, or "random" for N(0, 1) in every pixel.
    """

    def __init__(
        self,
        p: Probability = 0.5,
        scale: tuple[Share, Share] = (0.02, 0.33),
        ratio: tuple[Positive, Positive] = (0.3, 3.3),
        value: float | Literal["random"] = 0.0,
    ) -> None:
        self.p = p
        self.scale = interval("scale", scale)
        self.ratio = interval("ratio", ratio)
        self.value = value

    def check(self, input_shape: Shape) -> None:
        require_images(self, input_shape)

    def apply(self, x: Array, target: Array, generator: np.random.Generator) -> tuple[Array, Array]:
        count, shape = len(x), x.shape[1:3]
        sizes, fits = self._sizes(count, shape, generator)
        corners = generator.integers(0, np.maximum(np.array(shape) - sizes + 1, 1))
        erased = rectangle_mask(corners, sizes, shape)
        erased &= (fits & bernoulli(self.p, count, generator))[:, None, None]
        if self.value == "random":
            x[erased] = generator.standard_normal((np.count_nonzero(erased), x.shape[3]), x.dtype)
        else:
            np.copyto(x, self.value, where=erased[..., None])
        return x, target

    def _sizes(self, count: int, shape: Shape, generator: np.random.Generator) -> tuple[Array, Array]:
        """Heights and widths (count, 2), and whether these are smaller than the image's."""
        area = shape[0] * shape[1] * generator.uniform(*self.scale, (count, _TRIES))
        ratio = exp(generator.uniform(log(self.ratio[0]), log(self.ratio[1]), (count, _TRIES)))
        sizes = np.rint(np.sqrt(np.stack([area * ratio, area / ratio], axis=-1))).astype(int)
        fits: Array = np.less(sizes, shape).all(axis=-1)
        first = fits.argmax(axis=1)
        return sizes[np.arange(count), first], np.any(fits, axis=1)
