"""MNIST."""

from pathlib import Path
from typing import Annotated

from base.base_data_loader import BaseDataLoader, Dataset, all_rows
from base.constraints import PositiveInt, Range
from base.errors import DataError
from data_loader.idx import read_idx


class MnistDataLoader(BaseDataLoader):
    """Handwritten digits: 60,000 for training, 10,000 for the test, images (28, 28, 1) from 0 to 1.

    LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998.

    data_dir: the folder with the four IDX files, compressed or not.
    batch_size: samples a step.
    shuffle: whether training data come in a new order each epoch.
    validation_split: how much of the training data to validate on instead, as a fraction or a number of samples.
    """

    def __init__(
        self,
        data_dir: str,
        batch_size: PositiveInt = 128,
        shuffle: bool = True,
        validation_split: Annotated[float, Range(ge=0, lt=1)] | PositiveInt = 0.0,
    ) -> None:
        super().__init__(batch_size, shuffle, validation_split)
        self.data_dir = Path(data_dir)

    def read_training(self) -> Dataset:
        return self._read("train")

    def read_test(self) -> Dataset:
        return self._read("t10k")

    def _read(self, part: str) -> Dataset:
        images = read_idx(self.data_dir, f"{part}-images-idx3-ubyte", axes=3)
        labels = read_idx(self.data_dir, f"{part}-labels-idx1-ubyte", axes=1)
        if len(images) != len(labels):
            raise DataError(f"{self.data_dir}: {part} has {len(images)} images but {len(labels)} labels")
        if len(labels) == 0 or labels.max() > 9:
            raise DataError(f"{self.data_dir}: {part} labels must be digits from 0 to 9, at least one")
        return Dataset(
            inputs=images[..., None],
            targets=labels.astype("int64"),
            rows=all_rows(images),
            classes=tuple("0123456789"),
            divisor=255.0,
        )
