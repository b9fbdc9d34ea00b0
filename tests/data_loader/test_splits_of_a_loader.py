"""Splits by order, group and fold, validation data of their own, and what cannot be had together."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from base.dataset import Dataset, all_rows
from base.errors import DataError
from base.random_streams import RandomStreams
from base.splits import Split
from base.types import Array
from data_loader.held_out import HeldOutDataLoader

SAMPLES = 60
ORDER, GROUP = Split(by="order"), Split(by="group", column="g")


@dataclass(eq=False)
class Numbered(HeldOutDataLoader):
    """Sample i is the number i, of class i % 3 and group i // 7; `own` of them are validation data too."""

    own: int = 0
    grouped: bool = True
    wrong: int = 0
    lost: int = 0

    def read_whole(self) -> Dataset:
        return self._of(np.arange(SAMPLES))

    def read_own_test(self) -> Dataset | None:
        return None

    def read_validation(self) -> Dataset | None:
        return self._of(np.arange(self.own)) if self.own else None

    def _of(self, numbers: Array) -> Dataset:
        classes = ("a", "b", "c")
        groups = numbers // 7 if self.grouped else None
        targets = (numbers % 3 + self.wrong)[self.lost :]
        return Dataset(numbers[:, None], targets, all_rows(numbers), classes, groups=groups)


def parts(seed: int = 1, **settings: Any) -> list[list[int]]:
    """The numbers in training, validation and test data."""
    loader = Numbered(**settings)
    training, validation = loader.load(RandomStreams(seed))
    found = [training, validation, loader.load_test(RandomStreams(seed)) if loader.test_split else None]
    return [[] if data is None else data.inputs[data.rows, 0].tolist() for data in found]


def test_by_order_the_last_are_tested_and_those_before_validated() -> None:
    training, validation, test = parts(split=ORDER, validation_split=0.25, test_split=0.2)
    assert [training, validation, test] == [[*range(36)], [*range(36, 48)], [*range(48, 60)]]
    assert parts(split=ORDER, subset=10, validation_split=4, test_split=0)[:2] == [[*range(50, 56)], [*range(56, 60)]]


def test_classes_of_which_no_sample_is_left_to_train_on_are_told() -> None:
    rest = Numbered(split=Split(by="group", column="g"), test_split=0)
    rest.load(RandomStreams(1))
    assert rest.notes == []
    loader = Numbered(split=ORDER, subset=2, test_split=0)
    loader.load(RandomStreams(1))
    assert loader.notes == ["no training sample is of class 'a', so none can be recognised as such"]


@pytest.mark.parametrize("seed", range(4))
def test_by_group_no_group_is_on_both_sides(seed: int) -> None:
    training, validation, test = parts(seed, split=GROUP, validation_split=0.25, test_split=0.2)
    groups = [{number // 7 for number in part} for part in (training, validation, test)]
    assert all(groups)
    assert sum(map(len, groups)) == len(set().union(*groups)) == 9
    assert 5 <= len(validation) <= 18
    assert 7 <= len(test) <= 19


def test_by_group_at_least_one_group_is_left_to_train_on() -> None:
    training, validation, _ = parts(split=GROUP, validation_split=59, test_split=0)
    assert training
    assert validation


@pytest.mark.parametrize("stratify", [False, True])
def test_folds_are_all_the_data_once(stratify: bool) -> None:
    folds = [parts(split=Split(by="fold", index=index, count=4), stratify=stratify)[:2] for index in range(4)]
    assert sorted(number for _, validation in folds for number in validation) == sorted(folds[0][0] + folds[0][1])
    for training, validation in folds:
        assert set(training).isdisjoint(validation)
        assert len(validation) == 12
        if stratify:
            assert max(np.bincount([number % 3 for number in validation])) <= 5


def test_validation_data_of_their_own_are_all_of_them() -> None:
    training, validation, _ = parts(own=10, test_split=0)
    assert (len(training), validation) == (SAMPLES, [*range(10)])


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "validated twice": ({"own": 10, "validation_split": 0.2}, "validation data of their own; leave validation_split"),
    "folds and files": ({"own": 9, "split": Split(by="fold", index=0, count=3)}, "validation data of their own"),
    "folds and a share": ({"split": Split(by="fold", index=0, count=3), "validation_split": 0.1}, "by fold says"),
    "more folds than samples": ({"split": Split(by="fold", index=0, count=90)}, "90 folds, but there are only"),
    "stratified groups": ({"split": GROUP, "stratify": True, "validation_split": 0.1}, "stratify cannot be had with"),
    "stratified order": ({"split": ORDER, "stratify": True, "validation_split": 0.1}, "stratify cannot be had with"),
    "no groups": ({"split": GROUP, "grouped": False}, "Numbered has no columns"),
    "balanced and in order": ({"class_balanced": True, "shuffle": False}, "so shuffle must be true"),
    "fewer targets than samples": ({"lost": 1}, r"there are 60 training samples but 59 targets"),
    "a class beyond the last": ({"wrong": 1}, r"sample 2, counted from 0, has class index 3; 3 classes"),
    "a class before the first": ({"wrong": -1}, r"sample 0, counted from 0, has class index -1; 3 classes"),
}


@pytest.mark.parametrize(("settings", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises((ValueError, DataError), match=words):
        parts(**settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"by": "group"}, '"column" belongs to by "group"'),
        ({"by": "order", "column": "a"}, '"column" belongs to by "group"'),
        ({"by": "fold", "index": 1}, "needs both"),
        ({"by": "order", "count": 3}, '"index" and "count" belong to'),
        ({"by": "fold", "index": 3, "count": 3}, "index 3 is not below count 3"),
    ],
)
def test_a_split_is_whole(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Split(**settings)


def test_all_of_one_group_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="all samples are of one group"):
        Numbered(split=GROUP).hold_out(
            Numbered().read_whole().subset(np.arange(7)), 3, RandomStreams(1).generator("x"), "n"
        )
