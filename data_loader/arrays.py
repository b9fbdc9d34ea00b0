"""Data sets that come as an array of inputs and an array of targets."""

from abc import abstractmethod
from dataclasses import dataclass
from math import prod
from typing import Annotated, Literal, NamedTuple

import numpy as np

from base.constraints import Distinct, PositiveInt
from base.dataset import Dataset, all_rows
from base.errors import DataError
from base.statistics import BLOCK
from base.types import Array
from data_loader.held_out import HeldOutDataLoader
from data_loader.labels import class_indices, known_labels


class Arrays(NamedTuple):
    """Inputs (N, ...) and targets (N,) or (N, D) as they are stored, and where each is from, for messages."""

    inputs: Array
    targets: Array
    inputs_from: str
    targets_from: str


@dataclass(kw_only=True, eq=False)
class ArrayDataLoader(HeldOutDataLoader):
    """Inputs and targets as arrays; a subclass reads them from files.

    task: whether targets are class labels, whole numbers or texts, or numbers to predict.
    classes: the names of the classes; labels that are numbers then are positions in this list (null: the labels that
        occur are the classes, and their names).
    shape: the shape of a sample, such as [28, 28, 1] for images that are stored as 784 numbers (null: as stored).
    """

    task: Literal["classification", "regression"] = "classification"
    classes: Annotated[list[str], Distinct()] | None = None
    shape: list[PositiveInt] | None = None

    @abstractmethod
    def training_arrays(self) -> Arrays:
        """The arrays to train on, and where there are no test arrays also to test on. Raises DataError."""

    @abstractmethod
    def test_arrays(self) -> Arrays | None:
        """The arrays to test on, if any. Raises DataError for files that are not right."""

    def read_whole(self) -> Dataset:
        """All samples but the test data that come with them."""
        arrays = self.training_arrays()
        return self._dataset(arrays, arrays)

    def read_own_test(self) -> Dataset | None:
        """The test data, with the classes of the training data."""
        arrays = self.test_arrays()
        return None if arrays is None else self._dataset(arrays, self.training_arrays())

    def _dataset(self, arrays: Arrays, training: Arrays) -> Dataset:
        inputs, targets = arrays.inputs, arrays.targets
        if inputs.shape[:1] != targets.shape[:1] or inputs.size == 0:
            raise DataError(
                f"{arrays.inputs_from} has shape {inputs.shape} and {arrays.targets_from} {targets.shape}; they must "
                "have as many samples as targets, which is their first axis, and at least one"
            )
        if inputs.ndim == 0:
            raise DataError(f"{arrays.inputs_from} and {arrays.targets_from}: expected arrays, got single numbers")
        inputs = _shaped(inputs, self.shape, arrays.inputs_from)
        check_numbers(inputs, arrays.inputs_from)
        if self.task == "regression":
            check_numbers(targets, arrays.targets_from)
            return Dataset(inputs, targets, all_rows(inputs))
        if targets.ndim != 1:
            raise DataError(f"{arrays.targets_from}: expected one class label a sample, got shape {targets.shape}")
        labels = known_labels(training.targets, self.classes, training.targets_from)
        indices = class_indices(targets, labels, arrays.targets_from)
        return Dataset(inputs, indices, all_rows(inputs), tuple(self.classes or labels))


def check_numbers(values: Array, where: str) -> None:
    """Raise DataError where an array does not hold numbers that are all finite; looks at one piece after the other."""
    if values.dtype.kind not in "biuf":
        raise DataError(f"{where}: expected numbers, found {values.dtype}")
    step = max(1, BLOCK // max(1, values[:1].size))
    for start in range(0, len(values) if values.dtype.kind == "f" else 0, step):
        finite = np.isfinite(values[start : start + step]).reshape(-1, values[:1].size).all(axis=1)
        if not finite.all():
            row = start + int(finite.argmin())
            raise DataError(f"{where}: sample {row}, counted from 0, holds nan or an infinity; mend or remove it")


def _shaped(inputs: Array, shape: list[int] | None, where: str) -> Array:
    wanted = tuple(shape or inputs.shape[1:] or (1,))
    if prod(wanted) != prod(inputs.shape[1:]) or 0 in wanted:
        raise DataError(f"{where}: samples have shape {inputs.shape[1:]}, which cannot be made {wanted}")
    return inputs.reshape(-1, *wanted)
