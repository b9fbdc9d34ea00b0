"""How samples are read and split: what every loader gets from its base class."""

import numpy as np
import pytest

from base.base_data_loader import BaseDataLoader
from base.dataset import Dataset, Normalize, all_rows
from base.random_streams import RandomStreams
from base.types import Array

SAMPLES = 50


class Numbered(BaseDataLoader):
    """Sample i is the number i."""

    def read_training(self) -> Dataset:
        numbers = np.arange(SAMPLES, dtype=np.uint8)
        return Dataset(numbers[:, None], numbers.astype("int64"), all_rows(numbers), divisor=255.0)

    def read_test(self) -> Dataset:
        return self.read_training()


def split(amount: float, seed: int = 1, batch_size: int = 4, shuffle: bool = True) -> tuple[Array, Array | None]:
    """The targets of the training and validation data."""
    loader = Numbered(batch_size=batch_size, shuffle=shuffle, validation_split=amount)
    training, validation = loader.load(RandomStreams(seed))
    return training.read_targets(slice(None)), None if validation is None else validation.read_targets(slice(None))


@pytest.mark.parametrize(("amount", "count"), [(0.2, 10), (0.5, 25), (0.03, 2), (1, 1), (49, 49)])
def test_every_sample_is_in_one_part_of_the_split(amount: float, count: int) -> None:
    training, validation = split(amount)
    assert validation is not None
    assert len(validation) == count
    assert sorted([*training, *validation]) == list(range(SAMPLES))


@pytest.mark.parametrize(("amount", "count"), [(50, 50), (60, 60), (0.99, 50)])
def test_a_split_that_leaves_nothing_to_train_on_is_refused(amount: float, count: int) -> None:
    with pytest.raises(ValueError, match=f"takes {count} of 50 samples and leaves none to train on"):
        split(amount)


def test_without_a_split_all_samples_are_trained_on() -> None:
    training, validation = split(0.0)
    assert validation is None
    assert training.tolist() == list(range(SAMPLES))


def test_the_split_depends_on_the_seed_alone() -> None:
    training, _ = split(0.2)
    assert np.array_equal(training, split(0.2, batch_size=7, shuffle=False)[0])
    assert not np.array_equal(training, split(0.2, seed=2)[0])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("samples", [slice(1, 4), np.array([3, 1, 1])], ids=["slice", "indices"])
def test_inputs_are_bytes_divided_by_255_in_the_networks_type(dtype: str, samples: slice | Array) -> None:
    every_byte = np.arange(256, dtype=np.uint8)
    data = Dataset(every_byte, every_byte, np.arange(255, -1, -1), divisor=255.0)
    out = np.empty(3, dtype)
    data.read_inputs(samples, out)
    expected = every_byte[::-1][samples].astype(dtype) / np.array(255, dtype)
    assert out.dtype == dtype
    assert np.array_equal(out, expected)
    assert np.array_equal(data.read_targets(samples), every_byte[::-1][samples])


def test_a_subset_of_a_subset_shares_the_inputs() -> None:
    data, _ = Numbered(batch_size=4).load(RandomStreams(0))
    part = data.subset(np.array([5, 6, 7])).subset(np.array([2, 0]))
    assert part.inputs is data.inputs
    assert (len(part), part.read_targets(slice(None)).tolist()) == (2, [7, 5])
    assert (part.input_shape, part.target_shape) == ((1,), ())


class Uneven(BaseDataLoader):
    """Twelve samples of class 0, four of class 1; sample i is (i, 7), and test sample i is (100 + i, 7)."""

    def read_training(self) -> Dataset:
        numbers = np.arange(16)
        inputs = np.stack([numbers, np.full(16, 7)], axis=1)
        return Dataset(inputs, (numbers >= 12).astype("int64"), all_rows(inputs), ("many", "few"), divisor=2.0)

    def read_test(self) -> Dataset:
        data = self.read_training()
        return Dataset(data.inputs + np.array([100, 0]), data.targets, data.rows, data.classes, data.divisor)


def given(data: Dataset) -> Array:
    """What a network is given."""
    out = np.empty((len(data), *data.input_shape))
    data.read_inputs(slice(None), out)
    return out


@pytest.mark.parametrize(("subset", "count"), [(8, 8), (0.25, 4), (16, 16), (None, 16)])
def test_a_subset_is_drawn_before_the_validation_data(subset: float | None, count: int) -> None:
    training, validation = Uneven(subset=subset, validation_split=0.25).load(RandomStreams(1))
    assert validation is not None
    assert (len(training), len(validation)) == (count - count // 4, count // 4)
    assert set(training.rows).isdisjoint(validation.rows)


def test_a_subset_larger_than_the_data_is_refused() -> None:
    with pytest.raises(ValueError, match="subset asks for 17 of 16 samples"):
        Uneven(subset=17).load(RandomStreams(1))


@pytest.mark.parametrize("seed", range(5))
def test_stratified_parts_have_the_classes_in_their_shares(seed: int) -> None:
    loader = Uneven(subset=8, validation_split=4, stratify=True)
    training, validation = loader.load(RandomStreams(seed))
    assert validation is not None
    assert sorted(training.read_targets(slice(None))) == sorted(validation.read_targets(slice(None))) == [0, 0, 0, 1]


def test_stratifying_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="stratify needs classes"):
        Numbered(validation_split=0.5, stratify=True).load(RandomStreams(1))


def test_statistics_are_those_of_the_training_part_alone_and_applied_to_all() -> None:
    for how in ("min_max", "standardize"):
        loader = Uneven(validation_split=0.5, normalize=how)
        training, validation = loader.load(RandomStreams(1))
        assert validation is not None
        stored = training.inputs[training.rows][:, 0]
        if how == "min_max":
            shift, scale = stored.min(), np.ptp(stored)
        else:
            shift, scale = stored.mean(), stored.std()
        for data in (training, validation, loader.load_test(RandomStreams(1))):
            assert np.allclose(given(data)[:, 0], (data.inputs[data.rows][:, 0] - shift) / scale)
            assert np.array_equal(given(data)[:, 1], np.zeros(len(data)))  # constant, so only centred


def test_without_normalize_test_data_are_as_read() -> None:
    assert given(Uneven().load_test(RandomStreams(1)))[0].tolist() == [50.0, 3.5]


def test_normalizing_keeps_bytes_as_bytes_and_small_differences_of_large_numbers() -> None:
    pixels = np.array([[0], [100], [200]], np.uint8)
    data = Dataset(pixels, np.zeros(3), all_rows(pixels), divisor=255.0)
    data = data.normalized("min_max", data)
    assert data.inputs is pixels
    assert given(data)[:, 0].tolist() == [0.0, 0.5, 1.0]
    large = np.array([[1e9], [1e9 + 1], [1e9 + 2]])
    data = Dataset(large, np.zeros(3), all_rows(large))
    out = np.empty((3, 1), np.float32)
    data.normalized("min_max", data).read_inputs(slice(None), out)
    assert out[:, 0].tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("how", ["min_max", "standardize"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_values_that_are_too_far_apart_to_be_subtracted_are_refused(how: Normalize, dtype: str) -> None:
    most = np.finfo(dtype).max
    inputs = np.array([[0.0, -most], [1.0, most], [2.0, 0.0]], dtype)
    data = Dataset(inputs, np.arange(3), all_rows(inputs))
    with pytest.raises(ValueError, match="normalize: the values of feature 1, counted from 0, differ by"):
        data.normalized(how, data)
