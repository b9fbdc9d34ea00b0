"""Data sets that come as an array of inputs and an array of targets."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Annotated, Literal, NamedTuple

import numpy as np

from base.constraints import Distinct, PositiveInt
from base.dataset import Dataset, SampleNames, TableColumn, all_rows
from base.errors import DataError
from base.statistics import BLOCK
from base.types import Array
from data_loader.held_out import HeldOutDataLoader
from data_loader.labels import read_labels
from data_loader.sample_shapes import shaped


class Arrays(NamedTuple):
    """Inputs (N, ...) and targets (N,) or (N, D) as they are stored, and where each is from, for messages.

    `groups` (N,) are what must stay together in a split, `columns` those of a table, in which nan stands for a gap,
    `names` those of the samples.
    """

    inputs: Array
    targets: Array
    inputs_from: str
    targets_from: str
    groups: Array | None = None
    columns: tuple[TableColumn, ...] | None = None
    names: SampleNames | None = None


@dataclass(kw_only=True, eq=False)
class ArrayDataLoader(HeldOutDataLoader):
    """Inputs and targets as arrays; a subclass reads them from files.

    task: whether targets are class labels, whole numbers or texts, or numbers to predict.
    classes: the names of the classes; labels that are numbers then are positions in this list, as are the columns of
        one-hot rows (null: the labels that occur are the classes, and their names).
    shape: the shape of a sample, such as [28, 28, 1] for images that are stored as 784 numbers; it splits or merges
        neighbouring axes, or moves channels that are stored first to the end (null: as stored, but images with
        channels last).
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

    def validation_arrays(self) -> Arrays | None:
        """The arrays to validate on, where there are such. Raises DataError for files that are not right."""
        return None

    @property
    def groups_named(self) -> str | None:
        """The name of the array by which to split, if that is asked for."""
        return None if self.split is None else self.split.column

    def read_whole(self) -> Dataset:
        """All samples but the test data that come with them."""
        return self._dataset(self.training_arrays())

    def read_own_test(self) -> Dataset | None:
        """The test data, with the classes that they have themselves."""
        arrays = self.test_arrays()
        return None if arrays is None else self._dataset(arrays)

    def read_validation(self) -> Dataset | None:
        arrays = self.validation_arrays()
        return None if arrays is None else self._dataset(arrays)

    def _dataset(self, arrays: Arrays) -> Dataset:
        inputs, targets, groups = arrays.inputs, arrays.targets, arrays.groups
        if inputs.shape[:1] != targets.shape[:1] or 0 in (inputs.size, targets.size):
            raise DataError(
                f"{arrays.inputs_from} has shape {inputs.shape} and {arrays.targets_from} {targets.shape}; they must "
                "have as many samples as targets, which is their first axis, and at least one number for each"
            )
        if groups is not None and groups.shape not in ((len(inputs),), (len(inputs), 1)):
            raise DataError(
                f"{arrays.inputs_from}: has {len(inputs)} samples, but the groups of split have shape {groups.shape}; "
                "expected one group a sample"
            )
        inputs, note = shaped(inputs, self.shape, arrays.inputs_from)
        self.note(note)
        if arrays.columns is None:
            check_numbers(inputs, arrays.inputs_from)
        groups = None if groups is None else groups.reshape(-1)
        data = Dataset(inputs, targets, all_rows(inputs), columns=arrays.columns, groups=groups, names=arrays.names)
        if self.task == "regression":
            check_numbers(targets, arrays.targets_from)
            return data
        indices, classes, note = read_labels(targets, self.classes, arrays.targets_from)
        self.note(note)
        return replace(data, targets=indices, classes=tuple(classes))


def check_numbers(values: Array, where: str) -> None:
    """Raise DataError where an array does not hold numbers that are all finite, in float32 too.

    It looks at one piece after the other.
    """
    if values.dtype.kind not in "biuf":
        raise DataError(f"{where}: expected numbers, found {values.dtype}")
    step = max(1, BLOCK // max(1, values[:1].size))
    for start in range(0, len(values) if values.dtype.kind == "f" else 0, step):
        with np.errstate(over="ignore", invalid="ignore"):  # a signalling nan is invalid
            block = values[start : start + step].astype(np.float32, copy=False).reshape(-1, values[:1].size)
        finite = np.isfinite(block).all(axis=1)
        if not finite.all():
            row = start + int(finite.argmin())
            what = "nan or an infinity" if not np.isfinite(values[row]).all() else "a number larger than float32 holds"
            raise DataError(f"{where}: sample {row}, counted from 0, holds {what}; mend or remove it")
