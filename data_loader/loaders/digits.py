"""The small digits that come with scikit-learn."""

from dataclasses import dataclass

import numpy as np

from base.dataset import Dataset, all_rows
from base.preprocessing import Preprocessing
from data_loader.held_out import HeldOutDataLoader

_CLASSES, _WHITE = tuple("0123456789"), 16.0


@dataclass(eq=False)
class DigitsDataLoader(HeldOutDataLoader):
    """1,797 handwritten digits, images (8, 8, 1) from 0 to 1; scikit-learn brings them, so nothing is downloaded.

    E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits", UCI machine learning repository, 1998.
    """

    def described(self) -> Preprocessing | None:
        return None if self.normalize else Preprocessing(_CLASSES, input_shape=(8, 8, 1), dtype="uint8", scale=_WHITE)

    def read_whole(self) -> Dataset:
        from sklearn.datasets import load_digits

        digits = load_digits()
        images = digits.images.astype(np.uint8)[..., None]
        return Dataset(images, digits.target, all_rows(images), _CLASSES, divisor=_WHITE)

    def read_own_test(self) -> None:
        """There are none."""
