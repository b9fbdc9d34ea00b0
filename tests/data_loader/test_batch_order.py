"""Which samples a step gets is a function of seed and step alone."""

import numpy as np
import pytest

from base.random_streams import RandomStreams
from base.types import Array
from data_loader.batch_order import BatchOrder


def order(
    samples: int = 10, batch_size: int = 4, shuffle: bool = True, seed: int = 1, labels: Array | None = None
) -> BatchOrder:
    """Ten samples in batches of four, unless said otherwise."""
    return BatchOrder(samples, batch_size, shuffle, RandomStreams(seed), labels)


def unequal(*counts: int) -> Array:
    """Labels, each of its class so many times, mixed."""
    return np.random.default_rng(5).permutation(np.repeat(np.arange(len(counts)), counts)).astype(np.uint8)


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


@pytest.mark.parametrize("counts", [(90, 7, 3), (1, 1, 60), (5, 5), (8,), (0, 4, 0, 9), (1, 2, 3, 4)], ids=str)
def test_balanced_passes_have_as_many_samples_of_each_class_to_within_one(counts: tuple[int, ...]) -> None:
    labels = unequal(*counts)
    for samples in passes(order(len(labels), 4, labels=labels), 3):
        assert len(samples) == len(labels)
        drawn = np.bincount(labels[samples], minlength=len(counts))[np.array(counts) > 0]
        assert drawn.max() - drawn.min() <= 1


def test_a_rare_class_goes_through_whole_permutations_and_a_common_one_is_drawn_in_part() -> None:
    labels = unequal(90, 7, 3)
    for samples in passes(order(100, 8, labels=labels), 4):
        times = np.bincount(samples, minlength=100)
        assert set(times[labels == 0]) == {0, 1}
        for rare, size in ((1, 7), (2, 3)):
            share = np.count_nonzero(labels[samples] == rare)
            assert {share // size, -(-share // size)} == set(times[labels == rare])


def test_parts_of_a_common_class_are_drawn_anew_so_that_all_of_it_is_seen() -> None:
    labels = unequal(60, 20)
    found = passes(order(80, 8, labels=labels), 12)
    assert len({tuple(samples) for samples in found}) == 12
    assert set(np.concatenate(found)) == set(range(80))


def test_which_class_has_a_sample_more_changes() -> None:
    labels = unequal(4, 4, 3)
    shares = {tuple(np.bincount(labels[samples])) for samples in passes(order(11, 4, labels=labels), 20)}
    assert shares == {(4, 4, 3), (4, 3, 4), (3, 4, 4)}


def test_classes_of_a_balanced_pass_are_mixed() -> None:
    labels = unequal(900, 100)
    (samples,) = passes(order(1000, 50, labels=labels), 1)
    shares = labels[samples].reshape(20, 50).mean(axis=1)
    assert ((shares > 0.2) & (shares < 0.8)).all()


def test_a_balanced_step_asked_for_out_of_order_has_the_same_batch() -> None:
    labels = unequal(9, 2)
    in_order = [batch.tolist() for batch in map(order(11, labels=labels).batch, range(9))]
    again = order(11, labels=labels)
    assert all(again.batch(step).tolist() == in_order[step] for step in (8, 0, 4, 1, 8, 3))
    assert order(11, labels=labels).batch(7).tolist() == in_order[7]


def test_another_seed_gives_another_balanced_order() -> None:
    labels = unequal(90, 10)
    assert not np.array_equal(passes(order(100, labels=labels), 1), passes(order(100, seed=2, labels=labels), 1))


def test_balanced_classes_without_shuffling_are_refused() -> None:
    with pytest.raises(ValueError, match="shuffle must be true"):
        order(11, shuffle=False, labels=unequal(9, 2))
