"""Pooling: who gets the gradient, what lies over the edge, and what is left out."""

import numpy as np
import pytest

from base.types import Array
from model.layers.pooling import AvgPool2D, GlobalAvgPool2D, MaxPool2D, Pool2D
from tests.one_layer import batch, built


def input_gradient(layer: Pool2D, x: Array, above: Array | float = 1.0) -> Array:
    model = built(layer, x.shape[1:])
    model.root.needs_input_gradient = True
    output = model.forward(x)
    return np.asarray(model.backward(np.broadcast_to(above, output.shape)))


def image(rows: list[list[float]]) -> Array:
    """One image of one channel."""
    return np.array(rows, float)[None, :, :, None]


def first_largest(x: Array, size: int) -> Array:
    """A one for the first of the largest numbers of each window, row by row, found one window at a time."""
    gradient = np.zeros_like(x)
    for n, row, column, channel in np.ndindex(len(x), x.shape[1] // size, x.shape[2] // size, x.shape[3]):
        window = x[n, row * size : (row + 1) * size, column * size : (column + 1) * size, channel]
        i, j = np.unravel_index(np.argmax(window), window.shape)
        gradient[n, row * size + i, column * size + j, channel] = 1
    return gradient


@pytest.mark.parametrize("size", [2, 3])
def test_among_equal_numbers_the_first_gets_the_whole_gradient(size: int) -> None:
    x = np.random.default_rng(8).integers(0, 3, (5, 6, 6, 4)).astype(float)  # ties everywhere, as after ReLU
    np.testing.assert_array_equal(input_gradient(MaxPool2D(size), x), first_largest(x, size))


def test_the_first_is_the_first_row_before_the_first_column() -> None:
    x = image([[0, 1], [1, 0]])
    np.testing.assert_array_equal(input_gradient(MaxPool2D(2), x), image([[0, 1], [0, 0]]))


def test_windows_that_share_their_largest_number_add_their_gradients_up() -> None:
    x = image([[0, 0, 0], [0, 5, 0], [0, 0, 0]])
    above = image([[1, 2], [3, 4]])
    expected = image([[0, 0, 0], [0, 10, 0], [0, 0, 0]])
    np.testing.assert_array_equal(input_gradient(MaxPool2D(2, stride=1), x, above), expected)


def test_nothing_over_the_edge_is_ever_the_largest() -> None:
    model = built(MaxPool2D(2, padding=1), (2, 2, 1))
    x = image([[-1, -2], [-3, -4]])
    np.testing.assert_array_equal(model.forward(x), x)


def test_the_edge_of_a_larger_batch_does_not_stay_for_a_smaller_one() -> None:
    model = built(AvgPool2D(3, padding=1), (3, 3, 2))
    x = batch(4, (3, 3, 2))
    large = model.forward(x).copy()
    np.testing.assert_array_equal(model.forward(x[1:3]), large[1:3])


@pytest.mark.parametrize(("include", "corner"), [(True, 4 / 9), (False, 1.0)])
def test_a_mean_counts_what_lies_over_the_edge_or_not(include: bool, corner: float) -> None:
    model = built(AvgPool2D(3, 1, 1, count_include_pad=include), (4, 4, 1))
    output = model.forward(np.ones((1, 4, 4, 1)))[0, :, :, 0]
    np.testing.assert_allclose([output[0, 0], output[1, 1]], [corner, 1.0])


@pytest.mark.parametrize("layer", [MaxPool2D, AvgPool2D])
def test_rows_and_columns_that_fill_no_window_get_no_gradient(layer: type[Pool2D]) -> None:
    gradient = input_gradient(layer(2), batch(2, (5, 3, 2)))
    assert not gradient[:, 4].any()
    assert not gradient[:, :, 2].any()
    assert gradient[:, :4, :2].sum() == 2 * 2 * 1 * 2


@pytest.mark.parametrize("layer", [MaxPool2D, AvgPool2D])
def test_an_input_that_is_not_contiguous_is_pooled_alike(layer: type[Pool2D]) -> None:
    x = batch(2, (3, 4, 4)).transpose(0, 2, 3, 1)
    model = built(layer(2), (4, 4, 3))
    output = model.forward(x).copy()
    np.testing.assert_array_equal(output, model.forward(x.copy()))
    model.root.needs_input_gradient = True
    above = batch(2, (3, 2, 2)).transpose(0, 2, 3, 1)
    gradient = np.array(model.backward(above))
    np.testing.assert_array_equal(gradient, model.backward(above.copy()))


@pytest.mark.parametrize(("kernel", "padding"), [(2, 2), (3, 2), ((4, 1), 1), ((1, 4), (1, 0))])
def test_padding_beyond_half_of_the_kernel_is_refused(
    kernel: int | tuple[int, int], padding: int | tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match=r"padding must be at most half of kernel_size .*, got"):
        MaxPool2D(kernel, padding=padding)


def test_the_mean_of_all_is_as_exact_as_its_type() -> None:
    x = 1000 + batch(3, (28, 28, 5), "float32")
    output = built(GlobalAvgPool2D(), (28, 28, 5), "float32").forward(x)
    np.testing.assert_allclose(output, x.astype(float).mean(axis=(1, 2)), rtol=1e-6)
