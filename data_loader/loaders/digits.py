"""The small digits that come with scikit-learn."""

from dataclasses import dataclass

import numpy as np

from base.dataset import Dataset, all_rows
from data_loader.held_out import HeldOutDataLoader


@dataclass(eq=False)
class DigitsDataLoader(HeldOutDataLoader):
    """1,797 handwritten digits, images (8, 8, 1) from 0 to 1; scikit-learn brings them, so nothing is downloaded.

    E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits", UCI machine learning repository, 1998.
    """

    def read_whole(self) -> Dataset:
        from sklearn.datasets import load_digits

        digits = load_digits()
        images = digits.images.astype(np.uint8)[..., None]
        return Dataset(images, digits.target, all_rows(images), tuple("0123456789"), divisor=16.0)

    def read_own_test(self) -> None:
        """There are none."""
