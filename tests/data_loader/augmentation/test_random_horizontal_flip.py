"""RandomHorizontalFlip mirrors whole images."""

import numpy as np

from data_loader.augmentation.random_horizontal_flip import RandomHorizontalFlip


def test_images_are_mirrored_left_for_right_with_their_channels_kept() -> None:
    x = np.random.default_rng(2).random((3, 4, 5, 2))
    np.testing.assert_array_equal(
        RandomHorizontalFlip(p=1).apply(x.copy(), np.empty(0), np.random.default_rng(1))[0], np.flip(x, 2)
    )


def test_half_of_the_images_are_mirrored_by_default() -> None:
    x = np.random.default_rng(2).random((1000, 2, 2, 1))
    after = RandomHorizontalFlip().apply(x.copy(), np.empty(0), np.random.default_rng(1))[0]
    mirrored = (after == np.flip(x, 2)).all(axis=(1, 2, 3))
    assert ((after == x).all(axis=(1, 2, 3)) ^ mirrored).all()
    assert abs(mirrored.mean() - 0.5) < 0.1
