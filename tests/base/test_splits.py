"""Random parts are random, whole, and stratified where that is asked for."""

import numpy as np
import pytest

from base.splits import draw_order, sample_count


def generator(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=seed))


@pytest.mark.parametrize("labels", [None, np.arange(50) % 7], ids=["random", "stratified"])
def test_the_order_has_every_sample_once_and_depends_on_the_generator_alone(labels: np.ndarray | None) -> None:
    order = draw_order(50, generator(), labels)
    assert sorted(order) == list(range(50))
    assert np.array_equal(order, draw_order(50, generator(), labels))
    assert not np.array_equal(order, draw_order(50, generator(2), labels))


@pytest.mark.parametrize("count", [10, 33, 100, 299])
def test_every_stratified_part_has_each_class_to_within_a_sample(count: int) -> None:
    labels = np.repeat([0, 1, 3], [200, 90, 10])  # class 2 has no samples
    part = labels[draw_order(300, generator(), labels)[:count]]
    expected = np.array([200, 90, 0, 10]) * count / 300
    assert np.abs(np.bincount(part, minlength=4) - expected).max() < 1


def test_stratified_samples_of_a_class_are_drawn_evenly() -> None:
    labels = np.array([0] * 4 + [1] * 4)
    firsts = [draw_order(8, generator(seed), labels)[:2] for seed in range(400)]
    counts = np.bincount(np.concatenate(firsts), minlength=8)
    assert counts.min() > 60  # of 100 expected


@pytest.mark.parametrize(("amount", "count"), [(0, 0), (0.0, 0), (7, 7), (0.25, 2), (0.99, 10)])
def test_an_amount_is_a_count_or_a_share(amount: float, count: int) -> None:
    assert sample_count("subset", amount, 10) == count


def test_a_share_of_less_than_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match=r"subset 0\.01 of 10 samples is less than one"):
        sample_count("subset", 0.01, 10)
