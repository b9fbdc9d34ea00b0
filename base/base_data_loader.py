"""Where samples come from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np

from base.constraints import PositiveInt, Range
from base.random_streams import RandomStreams
from base.types import Array, Shape


@dataclass(frozen=True)
class Dataset:
    """Samples as they are stored, and how to read them.

    `inputs` (M, ...) keep the type of their file, so that bytes stay bytes in memory; a network is given
    `inputs / divisor`. `rows` says which of the M are part of this data set, so that a split copies nothing.
    `targets` (M,) are class indices, numbered as `classes`; or (M, ...) numbers, and then `classes` is None.
    """

    inputs: Array
    targets: Array
    rows: Array
    classes: tuple[str, ...] | None = None
    divisor: float = 1.0

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def input_shape(self) -> Shape:
        """The shape of one sample."""
        return self.inputs.shape[1:]

    @property
    def target_shape(self) -> Shape:
        """The shape of one target; () for class indices."""
        return self.targets.shape[1:]

    def read_inputs(self, samples: Array | slice, out: Array) -> None:
        """Write the inputs of some samples, numbered from 0 to len(self) - 1, into `out`."""
        np.divide(self.inputs[self.rows[samples]], self.divisor, out=out, dtype=out.dtype, casting="unsafe")

    def inputs_of(self, samples: Array | slice, dtype: np.dtype | type = np.float32) -> Array:
        """The inputs of some samples, as a new array."""
        inputs = np.empty((len(self.rows[samples]), *self.input_shape), dtype)
        self.read_inputs(samples, inputs)
        return inputs

    def read_targets(self, samples: Array | slice) -> Array:
        """The targets of some samples."""
        return self.targets[self.rows[samples]]

    def subset(self, samples: Array) -> Dataset:
        """The same data, only these samples."""
        return replace(self, rows=self.rows[samples])


class BaseDataLoader(ABC):
    """A data set with its split into training, validation and test data; a subclass reads the files.

    Constructors read nothing: a config is checked whole before a file is opened.
    """

    def __init__(
        self,
        batch_size: PositiveInt,
        shuffle: bool = True,
        validation_split: Annotated[float, Range(ge=0, lt=1)] | PositiveInt = 0.0,
    ) -> None:
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.validation_split = validation_split

    @abstractmethod
    def read_training(self) -> Dataset:
        """All samples that may be trained on, before the split. Raises DataError for files that are not right."""

    @abstractmethod
    def read_test(self) -> Dataset:
        """The samples kept for the final score. Raises DataError for files that are not right."""

    def load(self, streams: RandomStreams) -> tuple[Dataset, Dataset | None]:
        """Training and validation data; which sample goes where depends on the seed alone.

        Raises ValueError where the split leaves nothing to train on.
        """
        data = self.read_training()
        count = self._validation_count(len(data))
        if count == 0:
            return data, None
        order = streams.generator("split").permutation(len(data))
        return data.subset(np.sort(order[count:])), data.subset(np.sort(order[:count]))

    def _validation_count(self, samples: int) -> int:
        split = self.validation_split
        count = split if isinstance(split, int) else round(samples * split)
        if split > 0 and count == 0:
            raise ValueError(f"validation_split {split} of {samples} samples is less than one; raise it or set it to 0")
        if count >= samples:
            raise ValueError(f"validation_split takes {count} of {samples} samples and leaves none to train on")
        return count


def all_rows(inputs: Sequence[object] | Array) -> Array:
    """The `rows` of a data set that uses all its samples."""
    return np.arange(len(inputs))
