"""MNIST and the data sets that come in its form."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np

from base.base_data_loader import BaseDataLoader
from base.constraints import Distinct, Length, NonNegativeInt, PathText, Range
from base.dataset import Dataset, all_rows
from base.errors import DataError
from base.preprocessing import Preprocessing
from data_loader.download import fetch_missing
from data_loader.idx import read_idx

MNIST_SHAPE, WHITE = (28, 28, 1), 255.0
EMNIST = "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"


@dataclass(eq=False)
class MnistDataLoader(BaseDataLoader):
    """Images and labels in four IDX files; MNIST's are (28, 28, 1), from 0 to 1, 60,000 for training, 10,000 to test.

    LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998. Fashion-MNIST
    (Xiao et al., 2017) and KMNIST (Clanuwat et al., 2018) differ in their images alone; EMNIST (Cohen et al., 2017) is
    transposed, has prefixes such as emnist-letters-train, and numbers its letters from 1.

    data_dir: the folder with the four IDX files, compressed or not, also as archives of Kaggle have them.
    train_prefix: what the names of the training files begin with, before "-images-idx3-ubyte".
    test_prefix: what the names of the test files begin with.
    validation_prefix: what the names of files of validation data begin with, if there are any.
    classes: how many classes there are, or their names.
    first_label: the label of the first class.
    transpose: whether to exchange rows and columns of each image.
    download: the data set to download from its authors' server where data_dir lacks its files (null: never).
    """

    data_dir: PathText
    train_prefix: str = "train"
    test_prefix: str = "t10k"
    validation_prefix: str | None = None
    classes: Annotated[int, Range(ge=1, le=256)] | Annotated[list[str], Length(1), Distinct()] = 10
    first_label: NonNegativeInt = 0
    transpose: bool = False
    download: Literal["MNIST", "FashionMNIST", "KMNIST"] | None = None

    def __post_init__(self) -> None:
        if self.download is not None and (self.train_prefix, self.test_prefix) != ("train", "t10k"):
            raise ValueError(f"the files of {self.download} are called train-... and t10k-...; leave the prefixes out")

    def described(self) -> Preprocessing | None:
        return (
            None
            if self.normalize
            else Preprocessing(self._names(), input_shape=MNIST_SHAPE, dtype="uint8", scale=WHITE)
        )

    def read_training(self) -> Dataset:
        return self._read(self.train_prefix)

    def read_validation(self) -> Dataset | None:
        return None if self.validation_prefix is None else self._read(self.validation_prefix)

    def read_test(self) -> Dataset:
        return self._read(self.test_prefix)

    def decoding(self) -> str:
        turned = ", rows and columns exchanged" if self.transpose else ""
        return f"Grey images (height, width, 1) of bytes as in IDX files, 0 the background and 255 the ink{turned}"

    def _source(self) -> str:
        """A hint where to get missing files of a data set, which its prefixes tell."""
        if self.train_prefix.startswith("emnist-"):
            name = self.train_prefix.removesuffix("-train")
            return f"EMNIST is got by hand: from {EMNIST} (560 MB) unpack the four files {name}-* into {self.data_dir}"
        if self.download is None and (self.train_prefix, self.test_prefix) == ("train", "t10k"):
            return "to have it downloaded: --set data_loader.args.download=MNIST (or FashionMNIST or KMNIST)"
        return ""

    def _read(self, part: str) -> Dataset:
        folder, names = Path(self.data_dir), self._names()
        if self.download is not None:
            fetch_missing(self.download, folder)
        source = self._source()
        images = read_idx(folder, f"{part}-images-idx3-ubyte", axes=3, source=source)
        labels = (
            read_idx(folder, f"{part}-labels-idx1-ubyte", axes=1, source=source).astype(np.int64) - self.first_label
        )
        if len(images) != len(labels):
            raise DataError(f"{folder}: {part} has {len(images)} images but {len(labels)} labels")
        if len(labels) == 0:
            raise DataError(f"{folder}: {part} has no images")
        if labels.min() < 0 or labels.max() >= len(names):
            first, low, high = self.first_label, labels.min() + self.first_label, labels.max() + self.first_label
            raise DataError(
                f"{folder}: {part} has labels from {low} to {high}; for these {len(names)} classes they must be from "
                f"{first} to {first + len(names) - 1}"
            )
        if self.transpose:
            images = np.ascontiguousarray(images.swapaxes(1, 2))
        return Dataset(images[..., None], labels, all_rows(images), names, divisor=WHITE)

    def _names(self) -> tuple[str, ...]:
        if isinstance(self.classes, int):
            return tuple(str(self.first_label + number) for number in range(self.classes))
        return tuple(self.classes)
