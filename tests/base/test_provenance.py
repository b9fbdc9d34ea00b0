"""A checkpoint tells whether data are those that it was trained on, sample by sample."""

import time

import numpy as np
import pytest

from base.dataset import Dataset, TableColumn, all_rows
from base.provenance import MOST_HASHES, Provenance, sample_hashes
from base.types import Array


def data(inputs: Array, targets: Array | None = None, classes: tuple[str, ...] = ("a", "b")) -> Dataset:
    return Dataset(inputs, np.arange(len(inputs)) % 2 if targets is None else targets, all_rows(inputs), classes)


def of(one: Dataset) -> Provenance:
    return Provenance.of(one, one, None)


IMAGES = np.random.default_rng(1).integers(0, 256, (40, 6, 6, 1)).astype(np.uint8)


def test_the_same_data_are_the_same_whatever_their_rows_are_called() -> None:
    assert of(data(IMAGES)).changes(data(IMAGES.copy())) == []


@pytest.mark.parametrize(
    ("other", "changes"),
    [
        (data(IMAGES[:-1]), ["samples 39, was 40", "the targets differ", "the inputs differ"]),
        (data(IMAGES, (np.arange(40) + 1) % 2), ["the targets differ"]),
        (data(IMAGES, classes=("a", "c")), ["classes a, c, was a, b"]),
        (data(IMAGES ^ np.uint8(1)), ["the inputs differ"]),
        (data(IMAGES.reshape(40, 36)), ["shape 36, was 6, 6, 1"]),
    ],
    ids=["fewer", "labels", "classes", "pixels", "shape"],
)
def test_differences_are_named(other: Dataset, changes: list[str]) -> None:
    assert of(data(IMAGES)).changes(other) == changes


def test_a_moved_column_is_named() -> None:
    table = Dataset(np.ones((4, 2)), np.zeros(4), np.arange(4), columns=(TableColumn("x"), TableColumn("y")))
    moved = Dataset(np.ones((4, 2)), np.zeros(4), np.arange(4), columns=(TableColumn("y"), TableColumn("x")))
    assert of(table).changes(moved) == ["columns y, x, was x, y"]


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "float64", ">i4"])
def test_equal_numbers_have_equal_hashes_in_any_type_and_order(dtype: str) -> None:
    expected = sample_hashes(data(IMAGES))
    assert np.array_equal(sample_hashes(data(np.asarray(IMAGES, dtype, order="F"))), expected)
    assert len(set(expected.tolist())) == 40


def test_hashes_tell_apart_what_no_byte_holds() -> None:
    numbers = np.array([[0.5, 1], [0.5, 1 + 2**-50], [-0.0, 0.0], [0.0, 0.0], [256.0, 0], [-1.0, 0], [np.nan, 0]])
    first, second, *zeros = sample_hashes(data(numbers))[:4].tolist()
    assert first != second
    assert zeros[0] == zeros[1]
    assert len(set(sample_hashes(data(numbers)).tolist())) == 6


def test_samples_on_both_sides_are_counted() -> None:
    trained = of(data(IMAGES[:30]))
    assert trained.overlap(data(IMAGES[30:]), "test") == []
    assert trained.overlap(data(IMAGES[25:]), "test") == ["5 of the 15 test samples are training samples too"]


def test_of_many_samples_every_kth_is_known() -> None:
    many = np.arange(MOST_HASHES * 2 + 1, dtype=np.float64)[:, None]
    trained = of(data(many))
    assert (len(trained.hashes), trained.hash_step) == (133_334, 3)
    told = trained.overlap(data(many[:9]), "test")
    assert told == ["at least 3 of the 9 test samples are training samples too (one in 3 of these is known)"]


def test_a_state_is_the_provenance() -> None:
    trained = of(data(IMAGES))
    again = Provenance.from_state(trained.state_dict())
    assert again.changes(data(IMAGES)) == []
    assert again.trained_on(data(IMAGES)) == 40


def test_no_more_than_64_mebibytes_of_inputs_are_looked_at() -> None:
    large = np.zeros((3000, 40_000), np.uint8)  # 114 MiB
    trained, start = of(data(large[:1])), time.process_time()
    assert "samples 3000, was 1" in trained.changes(data(large))
    assert time.process_time() - start < 5
