"""ElasticDeformation moves pixels by smoothed noise."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from base.types import Array
from data_loader.augmentation.elastic_deformation import ElasticDeformation
from ops.choose import Enum
from tests.every_ops import choose_ops, every_ops


def moves(alpha: float, sigma: float, size: tuple[int, int], count: int = 50) -> Array:
    """Displacements (count, 2, H, W) from places that are all 0."""
    change = ElasticDeformation(alpha, sigma)
    places = np.zeros((count, 2, size[0] * size[1]))
    out = np.empty_like(places)
    change.find(places, size, change.drawn(count, size, np.random.default_rng(5)), out)
    return out.reshape(count, 2, *size)


@pytest.mark.parametrize(("alpha", "sigma"), [(34, 4), (8, 1.5), (3, 0.4), (5, 40)])
def test_moves_are_uniform_noise_smoothed_as_scipy_smooths(alpha: float, sigma: float) -> None:
    levels = np.frombuffer(np.random.default_rng(5).bytes(50 * 2 * 14 * 9), np.uint8)
    noise = levels.reshape(50, 2, 14, 9) / 127.5 - 1
    wanted = alpha * gaussian_filter(noise, sigma, mode="constant", truncate=8, axes=(2, 3))
    np.testing.assert_allclose(moves(alpha, sigma, (14, 9)), wanted, rtol=0, atol=1e-12)


def test_moves_have_the_deviation_that_the_docstring_gives_and_no_direction() -> None:
    inner = moves(34, 4, (48, 48))[:, :, 16:-16, 16:-16]
    assert inner.std() == pytest.approx(34 / (6 * 4), rel=0.1)
    assert abs(inner.mean()) < 0.1
    along, across = inner[:, 0].ravel(), inner[:, 1].ravel()
    assert abs(np.corrcoef(along, across)[0, 1]) < 0.1


def test_a_strength_of_0_gives_the_very_images() -> None:
    x = np.random.default_rng(2).standard_normal((5, 8, 7, 2)).astype("float32")
    np.testing.assert_array_equal(
        ElasticDeformation(alpha=0).apply(x.copy(), np.empty(0), np.random.default_rng(1))[0], x
    )


def test_neighbours_move_together_and_those_far_apart_do_not() -> None:
    rows = moves(34, 3, (60, 60))[:, 0]
    near = np.corrcoef(rows[:, 30, 20], rows[:, 30, 21])[0, 1]
    far = np.corrcoef(rows[:, 30, 10].ravel(), rows[:, 30, 50].ravel())[0, 1]
    assert near > 0.9
    assert abs(far) < 0.5


@every_ops
def test_threads_that_share_an_augmentation_do_not_disturb_each_other(ops: Enum) -> None:
    change, start = ElasticDeformation(), Barrier(4)
    change.ops = choose_ops(ops)
    x = np.random.default_rng(1).random((100, 28, 28, 1), "float32")

    def deform(seed: int) -> list[Array]:
        start.wait()
        return [change.apply(x.copy(), np.empty(0), np.random.default_rng(seed))[0] for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(deform, range(4)))
    for seed, results in enumerate(together):
        alone = change.apply(x.copy(), np.empty(0), np.random.default_rng(seed))[0]
        assert all(np.array_equal(result, alone) for result in results)
