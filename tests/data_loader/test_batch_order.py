"""Which samples a step gets is a function of seed and step alone."""

import numpy as np
import pytest

from base.random_streams import RandomStreams
from base.types import Array
from data_loader.batch_order import BatchOrder


def order(samples: int = 10, batch_size: int = 4, shuffle: bool = True, seed: int = 1) -> BatchOrder:
    """Ten samples in batches of four, unless said otherwise."""
    return BatchOrder(samples, batch_size, shuffle, RandomStreams(seed))


def passes(batches: BatchOrder, count: int) -> list[Array]:
    """The samples of the first passes, each in its order."""
    size = batches.batches_per_pass
    return [np.concatenate([batches.batch(number * size + step) for step in range(size)]) for number in range(count)]


@pytest.mark.parametrize(
    ("samples", "batch_size", "sizes"), [(10, 4, [4, 4, 2]), (8, 4, [4, 4]), (3, 4, [3]), (3, 1, [1, 1, 1])]
)
def test_the_last_batch_holds_what_is_left(samples: int, batch_size: int, sizes: list[int]) -> None:
    batches = order(samples, batch_size)
    assert batches.batches_per_pass == len(sizes)
    assert [len(batches.batch(step)) for step in range(2 * len(sizes))] == 2 * sizes


def test_each_pass_has_each_sample_once_in_an_order_of_its_own() -> None:
    found = passes(order(), 3)
    assert all(sorted(samples) == list(range(10)) for samples in found)
    assert len({tuple(samples) for samples in found}) == 3


def test_without_shuffling_every_pass_is_in_the_order_of_the_data() -> None:
    assert all(samples.tolist() == list(range(10)) for samples in passes(order(shuffle=False), 2))


def test_a_step_asked_for_out_of_order_has_the_same_batch() -> None:
    in_order = [batch.tolist() for batch in map(order().batch, range(9))]
    again = order()
    assert all(again.batch(step).tolist() == in_order[step] for step in (8, 0, 4, 1, 8, 3))
    assert order().batch(7).tolist() == in_order[7]


def test_another_seed_gives_another_order() -> None:
    assert not np.array_equal(passes(order(100), 1), passes(order(100, seed=2), 1))
