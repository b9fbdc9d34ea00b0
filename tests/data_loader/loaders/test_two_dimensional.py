"""The points are those that their formulas say."""

import numpy as np
import pytest

from base.types import Array
from data_loader.loaders.two_dimensional import TwoDimensionalDataLoader


def points(task: str, samples: int | None = 200, **more: float) -> tuple[Array, Array]:
    data = TwoDimensionalDataLoader(task, samples, **more).read_training()
    return data.inputs, data.targets


def test_linear_points_fill_the_unit_square_and_are_labelled_by_the_diagonal() -> None:
    x, y = points("linear")
    assert x.shape == (200, 2)
    assert (x >= 0).all()
    assert (x <= 1).all()
    assert np.array_equal(y, x[:, 1] > x[:, 0])
    assert TwoDimensionalDataLoader("linear").read_training().inputs.shape == (100, 2)


def test_xor_is_the_21_points_of_the_published_task() -> None:
    expected = [((0.1 * i, 0.1 * i), 0) for i in range(11)]
    expected += [((0.1 * i, 1 - 0.1 * i), 1) for i in range(11) if i != 5]
    x, y = points("xor", None)
    assert np.allclose(x, [point for point, _ in expected], rtol=0, atol=1e-15)
    assert y.tolist() == [label for _, label in expected]
    assert np.array_equal(TwoDimensionalDataLoader("xor").read_test().inputs, x)


def test_moons_circles_and_spirals_lie_on_their_curves() -> None:
    x, y = points("moons")
    centred = np.where(y[:, None] == 1, (1.0, 0.5) - x, x)
    assert np.allclose(np.hypot(*centred.T), 1)
    assert (centred[:, 1] >= 0).all()
    x, y = points("circles")
    assert np.allclose(np.hypot(*x.T), np.where(y == 1, 0.5, 1.0))
    x, y = points("spirals")
    turned = np.angle(x[:, 0] + 1j * x[:, 1]) - np.pi * (3 * np.hypot(*x.T) + y)
    assert np.allclose(np.cos(turned), 1)


@pytest.mark.parametrize("task", ["moons", "circles", "spirals"])
def test_both_classes_have_the_same_number_of_points(task: str) -> None:
    assert np.bincount(points(task)[1]).tolist() == [100, 100]


def test_noise_moves_the_points_and_not_the_labels() -> None:
    (x, y), (noisy, labels) = points("linear", 2000), points("linear", 2000, noise=0.1)
    assert np.array_equal(y, labels)
    assert (noisy - x).std() == pytest.approx(0.1, rel=0.1)


def test_points_are_a_function_of_their_own_seed_and_those_to_test_on_are_others() -> None:
    x, _ = points("linear")
    assert np.array_equal(x, points("linear")[0])
    assert not np.array_equal(x, points("linear", data_seed=1)[0])
    assert not np.array_equal(x, TwoDimensionalDataLoader("linear", 200).read_test().inputs)
