"""Loaders without test files hold some samples out."""

from dataclasses import dataclass

import numpy as np
import pytest

from base.dataset import Dataset, all_rows
from base.errors import DataError
from base.random_streams import RandomStreams
from data_loader.held_out import HeldOutDataLoader


@dataclass(eq=False)
class Counted(HeldOutDataLoader):
    """Sample i is the number i, of class i % 2; `own` of others come as test data."""

    own: int = 0

    def read_whole(self) -> Dataset:
        return self._numbers(0, 20)

    def read_own_test(self) -> Dataset | None:
        return self._numbers(20, self.own) if self.own else None

    def _numbers(self, first: int, count: int) -> Dataset:
        numbers = np.arange(first, first + count)
        return Dataset(numbers[:, None], numbers % 2, all_rows(numbers), ("even", "odd"))


def numbers(data: Dataset) -> list[int]:
    return [int(number) for number in data.inputs[data.rows, 0]]


@pytest.mark.parametrize(("split", "count"), [(0.25, 5), (3, 3)])
def test_what_is_not_held_out_is_trained_on(split: float, count: int) -> None:
    loader = Counted(test_split=split)
    training, test = numbers(loader.read_training()), numbers(loader.read_test())
    assert len(test) == count
    assert sorted(training + test) == list(range(20))


def test_the_runs_seed_moves_no_sample_between_training_and_test() -> None:
    loader = Counted(validation_split=0.5)
    tests = [numbers(loader.load_test(RandomStreams(seed))) for seed in (1, 2)]
    trained = [numbers(part) for seed in (1, 2) for part in loader.load(RandomStreams(seed)) if part is not None]
    assert tests[0] == tests[1]
    assert all(set(tests[0]).isdisjoint(part) for part in trained)


def test_held_out_data_are_stratified_where_that_is_asked_for() -> None:
    test = Counted(test_split=10, stratify=True).read_test()
    assert np.bincount(test.read_targets(slice(None))).tolist() == [5, 5]


def test_nothing_is_held_out_where_there_are_test_data() -> None:
    loader = Counted(own=4)
    assert numbers(loader.read_training()) == list(range(20))
    assert numbers(loader.read_test()) == [20, 21, 22, 23]


def test_without_any_test_data_training_works_and_testing_says_why_not() -> None:
    loader = Counted(test_split=0)
    assert len(loader.read_training()) == 20
    with pytest.raises(DataError, match="test_split is 0, and no test files are named"):
        loader.read_test()


def test_holding_all_out_is_refused() -> None:
    with pytest.raises(ValueError, match="test_split takes 20 of 20 samples and leaves none to train on"):
        Counted(test_split=20).read_training()
