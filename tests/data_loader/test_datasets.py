"""How samples are read and split: what every loader gets from its base class."""

import numpy as np
import pytest

from base.base_data_loader import BaseDataLoader, Dataset, all_rows
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
    training, validation = Numbered(batch_size, shuffle, amount).load(RandomStreams(seed))
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
