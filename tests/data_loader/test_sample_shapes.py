"""A position of a sample means the same in any shape that it is given, or the shape is refused."""

from pathlib import Path

import numpy as np
import pytest

from base.errors import DataError
from base.types import Shape
from data_loader.sample_shapes import shaped


@pytest.mark.parametrize(
    ("stored", "wanted"),
    [
        ((784,), [28, 28, 1]),
        ((28, 28), [784]),
        ((28, 28), [28, 28, 1]),
        ((1, 28, 28), [28, 28, 1]),
        ((3, 8, 8), [3, 8, 8]),
        ((3, 8, 8), [192]),
        ((3, 8, 8), [3, 64]),
        ((8, 8, 3), [64, 3, 1]),
        ((6, 4), [2, 3, 4]),
        ((), [1]),
        ((1,), [1, 1]),
    ],
    ids=str,
)
def test_neighbouring_axes_are_split_and_merged(stored: Shape, wanted: list[int]) -> None:
    inputs = np.arange(2 * np.prod(stored, dtype=int)).reshape(2, *stored)
    made, note = shaped(inputs, wanted, "x")
    assert made.shape[1:] == tuple(wanted)
    assert np.array_equal(made.reshape(-1), inputs.reshape(-1))
    assert note is None


@pytest.mark.parametrize("wanted", [[8, 10, 3], None], ids=["asked for", "by itself"])
def test_channels_that_are_stored_first_are_moved_to_the_end_with_a_note(wanted: list[int] | None) -> None:
    inputs = np.arange(2 * 3 * 8 * 10).reshape(2, 3, 8, 10)
    made, note = shaped(inputs, wanted, "x.npz: array 'x'")
    assert np.array_equal(made, inputs.transpose(0, 2, 3, 1))
    assert np.shares_memory(made, inputs)
    assert note is not None
    assert note.startswith("x.npz: array 'x': samples of shape (3, 8, 10) are read as (8, 10, 3): ")
    assert wanted or "to keep them as stored set data_loader.args.shape to [3, 8, 10]" in note


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_only_what_is_plainly_an_image_is_transposed_unasked(channels: int) -> None:
    assert shaped(np.zeros((2, channels, 5, 5)), None, "x")[0].shape == (2, 5, 5, channels)
    for stored in (
        (channels, 5, 4),
        (channels, 4, 5),
        (2, 5, 5),
        (5, 5, channels),
        (channels, 25),
        (channels, 5, 5, 5),
    ):
        made, note = shaped(np.zeros((2, *stored)), None, "x")
        assert (made.shape[1:], note) == (stored, None)


def test_other_arrays_move_channels_only_where_shape_says_so() -> None:
    inputs = np.arange(2 * 7 * 4 * 5 * 6).reshape(2, 7, 4, 5, 6)
    made, note = shaped(inputs, [4, 5, 6, 7], "x")
    assert np.array_equal(made, inputs.transpose(0, 2, 3, 4, 1))
    assert note is not None


@pytest.mark.parametrize(
    ("stored", "wanted"),
    [
        ((8, 8, 3), [3, 8, 8]),
        ((3, 8, 10), [10, 8, 3]),
        ((3, 8, 10), [3, 10, 8]),
        ((4, 6), [6, 4]),
        ((3, 64), [8, 8, 3]),
        ((2, 6), [3, 4]),
    ],
    ids=str,
)
def test_a_shape_that_mixes_axes_is_refused_by_both_names(stored: Shape, wanted: list[int]) -> None:
    with pytest.raises(DataError, match=r"^x: samples have shape .* would mix axes") as caught:
        shaped(np.zeros((2, *stored)), wanted, "x")
    assert str(stored) in str(caught.value)
    assert str(tuple(wanted)) in str(caught.value)


def test_another_number_of_values_is_refused() -> None:
    with pytest.raises(DataError, match=r"have shape \(2, 2\), which cannot be made \(5,\)"):
        shaped(np.zeros((3, 2, 2)), [5], "x")


def mapped(path: Path, array: np.ndarray) -> np.memmap:
    np.save(path, array)
    found = np.load(path, mmap_mode="r")
    assert isinstance(found, np.memmap)
    return found


def test_a_memory_map_is_never_copied(tmp_path: Path) -> None:
    images = np.arange(5 * 3 * 8 * 8.0).reshape(5, 3, 8, 8)
    in_order = mapped(tmp_path / "c.npy", images)
    in_fortran_order = mapped(tmp_path / "f.npy", np.asfortranarray(images))
    flat = mapped(tmp_path / "flat.npy", np.asfortranarray(images.reshape(5, 192)))
    for inputs, wanted in (
        (in_order, [192]), (in_order, [8, 8, 3]), (in_order, None), (in_fortran_order, [8, 8, 3]),
        (in_fortran_order, [3, 8, 2, 4]), (in_fortran_order, None), (flat, [3, 8, 8]), (flat, None),
    ):  # fmt: skip
        made, _ = shaped(inputs, wanted, "x")
        expected, _ = shaped(np.array(inputs), wanted, "x")
        assert np.shares_memory(made, inputs)
        assert np.array_equal(made, expected)
    with pytest.raises(DataError, match=r"^x: is stored in Fortran order.* \(3, 8, 8\) can be made \(192,\) only by"):
        shaped(in_fortran_order, [192], "x")
