"""GaussianNoise adds normal numbers."""

import numpy as np
import pytest

from data_loader.augmentation.gaussian_noise import GaussianNoise


def test_noise_has_the_mean_and_deviation_given_and_is_added() -> None:
    x = np.repeat(np.arange(4.0)[:, None], 20000, axis=1)
    noise = GaussianNoise(std=0.5, mean=2).apply(x.copy(), np.empty(0), np.random.default_rng(1))[0] - x
    np.testing.assert_allclose(noise.mean(axis=1), 2, atol=0.02)
    np.testing.assert_allclose(noise.std(axis=1), 0.5, atol=0.02)
    assert (noise < 2).mean() == pytest.approx(0.5, abs=0.01)


def test_clip_bounds_what_results() -> None:
    after = GaussianNoise(std=5, clip=(-1, 2)).apply(np.zeros((3, 200)), np.empty(0), np.random.default_rng(1))[0]
    assert (after.min(), after.max()) == (-1, 2)
    assert np.count_nonzero((after > -1) & (after < 2)) > 0
