"""A user's own arrays, in one file."""

from dataclasses import dataclass
from pathlib import Path

from data_loader.arrays import ArrayDataLoader, Arrays
from data_loader.npy import read_npz


@dataclass(eq=False)
class NpzDataLoader(ArrayDataLoader):
    """Arrays of an .npz file, as numpy.savez writes them.

    path: the file.
    inputs: the name of the array of inputs, (samples, ...).
    targets: the name of the array of targets.
    test_path: the file of test data (null: that of the training data, where it has test arrays).
    test_inputs: the name of the array of test inputs (null: as in the training data).
    test_targets: the name of the array of test targets (null: as in the training data).
    """

    path: str
    inputs: str = "x"
    targets: str = "y"
    test_path: str | None = None
    test_inputs: str | None = None
    test_targets: str | None = None

    def __post_init__(self) -> None:
        if self.test_path is None and (self.test_inputs is None) != (self.test_targets is None):
            raise ValueError("give both test_inputs and test_targets, or neither")

    def training_arrays(self) -> Arrays:
        return _read(self.path, self.inputs, self.targets)

    def test_arrays(self) -> Arrays | None:
        if self.test_path is None and self.test_inputs is None:
            return None
        return _read(self.test_path or self.path, self.test_inputs or self.inputs, self.test_targets or self.targets)


def _read(path: str, inputs: str, targets: str) -> Arrays:
    x, y = read_npz(Path(path), (inputs, targets))
    return Arrays(x, y, f"{path}: array {inputs!r}", f"{path}: array {targets!r}")
