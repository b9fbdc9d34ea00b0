"""Rectangles are the pixels from their corner on, as far as they lie in the image."""

import numpy as np

from data_loader.image_batches import rectangle_mask


def test_a_rectangle_within_the_image() -> None:
    found = rectangle_mask(np.array([1, 2]), np.array([2, 1]), (4, 5))
    assert {tuple(pixel) for pixel in np.argwhere(found).tolist()} == {(1, 2), (2, 2)}


def test_what_lies_beyond_the_edge_is_left_out() -> None:
    found = rectangle_mask(np.array([[-2, -1], [3, 4], [9, 9]]), 3, (4, 5))
    assert [np.argwhere(one).tolist() for one in found] == [[[0, 0], [0, 1]], [[3, 4]], []]


def test_sizes_differ_from_rectangle_to_rectangle() -> None:
    found = rectangle_mask(np.zeros((2, 3, 2), int), np.arange(12).reshape(2, 3, 2), (20, 20))
    assert found.sum(axis=(2, 3)).tolist() == [[0, 6, 20], [42, 72, 110]]
