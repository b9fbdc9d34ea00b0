"""A user's own arrays, in one file."""

from dataclasses import dataclass
from pathlib import Path

from base.constraints import PathText
from data_loader.arrays import ArrayDataLoader, Arrays
from data_loader.npy import read_npz


@dataclass(eq=False)
class NpzDataLoader(ArrayDataLoader):
    """Arrays of an .npz file, as numpy.savez writes them.

    Split by group keeps together the samples that have the same value in the array `split.column`.

    path: the file.
    inputs: the name of the array of inputs, (samples, ...).
    targets: the name of the array of targets.
    validation_path: the file of validation data (null: that of the training data, where it has validation arrays).
    validation_inputs: the name of the array of validation inputs (null: as in the training data).
    validation_targets: the name of the array of validation targets (null: as in the training data).
    test_path: the file of test data (null: that of the training data, where it has test arrays).
    test_inputs: the name of the array of test inputs (null: as in the training data).
    test_targets: the name of the array of test targets (null: as in the training data).
    """

    path: PathText
    inputs: str = "x"
    targets: str = "y"
    validation_path: PathText | None = None
    validation_inputs: str | None = None
    validation_targets: str | None = None
    test_path: PathText | None = None
    test_inputs: str | None = None
    test_targets: str | None = None

    def __post_init__(self) -> None:
        if self.validation_path is None and (self.validation_inputs is None) != (self.validation_targets is None):
            raise ValueError("give both validation_inputs and validation_targets, or neither")
        if self.test_path is None and (self.test_inputs is None) != (self.test_targets is None):
            raise ValueError("give both test_inputs and test_targets, or neither")

    def training_arrays(self) -> Arrays:
        return self._read(self.path, self.inputs, self.targets, self.groups_named)

    def validation_arrays(self) -> Arrays | None:
        return self._other(self.validation_path, self.validation_inputs, self.validation_targets)

    def test_arrays(self) -> Arrays | None:
        return self._other(self.test_path, self.test_inputs, self.test_targets)

    def _other(self, path: str | None, inputs: str | None, targets: str | None) -> Arrays | None:
        if path is None and inputs is None:
            return None
        return self._read(path or self.path, inputs or self.inputs, targets or self.targets)

    def _read(self, path: str, inputs: str, targets: str, groups: str | None = None) -> Arrays:
        names = [inputs, targets] if groups is None else [inputs, targets, groups]
        x, y, *grouped = read_npz(Path(path), names)
        where = f"{path}: array {inputs!r}", f"{path}: array {targets!r}"
        return Arrays(x, y, *where, grouped[0] if grouped else None)
