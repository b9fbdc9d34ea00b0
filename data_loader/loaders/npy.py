"""A user's own arrays, in a file each, of any size."""

from dataclasses import dataclass
from pathlib import Path

from base.constraints import PathText
from base.errors import DataError
from base.types import Array
from data_loader.arrays import ArrayDataLoader, Arrays
from data_loader.npy import map_npy, read_npy
from utils.paths import expanded


@dataclass(eq=False)
class NpyDataLoader(ArrayDataLoader):
    """Arrays of .npy files, as numpy.save writes them; inputs may be larger than memory.

    Inputs are memory-mapped: batches read the rows that they need, and whatever looks at all of them, such as the
    search for nan, does so in pieces.

    Split by group keeps together the samples that have the same value in the file `split.column`.

    inputs: the file of inputs, (samples, ...).
    targets: the file of targets.
    validation_inputs: the file of validation inputs, if any.
    validation_targets: the file of validation targets, if any.
    test_inputs: the file of test inputs, if any.
    test_targets: the file of test targets, if any.
    """

    inputs: PathText
    targets: PathText
    validation_inputs: PathText | None = None
    validation_targets: PathText | None = None
    test_inputs: PathText | None = None
    test_targets: PathText | None = None

    def __post_init__(self) -> None:
        if (self.validation_inputs is None) != (self.validation_targets is None):
            raise ValueError("give both validation_inputs and validation_targets, or neither")
        if (self.test_inputs is None) != (self.test_targets is None):
            raise ValueError("give both test_inputs and test_targets, or neither")

    def training_arrays(self) -> Arrays:
        groups = None if self.groups_named is None else _read_groups(self.groups_named)
        return _read(self.inputs, self.targets)._replace(groups=groups)

    def validation_arrays(self) -> Arrays | None:
        if self.validation_inputs is None or self.validation_targets is None:
            return None
        return _read(self.validation_inputs, self.validation_targets)

    def test_arrays(self) -> Arrays | None:
        if self.test_inputs is None or self.test_targets is None:
            return None
        return _read(self.test_inputs, self.test_targets)


def _read(inputs: str, targets: str) -> Arrays:
    return Arrays(map_npy(Path(inputs)), read_npy(Path(targets)), inputs, targets)


def _read_groups(path: str) -> Array:
    try:
        return read_npy(Path(expanded(path)))
    except ValueError as error:
        raise DataError(f"data_loader.args.split.column: {error}") from error
