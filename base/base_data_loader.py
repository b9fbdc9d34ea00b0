"""Data loaders: samples, their split, and their normalisation."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal, Self

import numpy as np

from base.constraints import Fraction, PositiveInt, Range
from base.random_streams import RandomStreams
from base.splits import draw_order, sample_count
from base.statistics import bounds, moments
from base.types import Array, Shape
from ops.ops import Ops

LARGEST_EXTENT = 1e30  # of values that float32, far from its limit, can subtract from each other
Normalize = Literal["min_max", "standardize"] | None


@dataclass(frozen=True)
class Dataset:
    """Samples as they are stored, and how to read them.

    `inputs` (M, ...) keep the type of their file, so that bytes stay bytes in memory, and may be a memory map; a
    network is given `(inputs - offset) / divisor`, numbers or arrays with one for each feature (or channel).
    `rows` says which of the M are part of this data set, so that a split copies nothing.
    `targets` (M,) are class indices, numbered as `classes`; or (M, ...) numbers, and then `classes` is None.
    """

    inputs: Array
    targets: Array
    rows: Array
    classes: tuple[str, ...] | None = None
    divisor: float | Array = 1.0
    offset: Array | None = None

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

    def read_inputs(self, samples: Array | slice, out: Array, ops: Ops = Ops()) -> None:
        """Write the inputs of some samples, numbered from 0 to len(self) - 1, into `out`."""
        ops.read_inputs(self.inputs, self.rows[samples], self.offset, self.divisor, out)

    def inputs_of(self, samples: Array | slice, dtype: np.dtype | type = np.float32) -> Array:
        """The inputs of some samples, as a new array."""
        inputs = np.empty((len(self.rows[samples]), *self.input_shape), dtype)
        self.read_inputs(samples, inputs)
        return inputs

    def read_targets(self, samples: Array | slice) -> Array:
        """The targets of some samples: class indices are whole numbers by type, numbers never are."""
        targets = self.targets[self.rows[samples]]
        return targets if self.classes is not None or targets.dtype.kind == "f" else targets.astype(np.float64)

    def subset(self, samples: Array) -> Self:
        """The same data, only these samples."""
        return replace(self, rows=self.rows[samples])

    def normalized(self, how: Normalize, like: "Dataset") -> Self:
        """The same data, read with the statistics of other data; a feature that is constant there is only centred.

        Raises ValueError where values are so far apart that their difference may have no float.
        """
        if how is None:
            return self
        with np.errstate(over="ignore", invalid="ignore"):
            offset, extent = (bounds if how == "min_max" else moments)(like.inputs, like.rows)
        if not (extent < LARGEST_EXTENT).all():
            feature = int(np.argmin(extent < LARGEST_EXTENT))
            raise ValueError(
                f"normalize: the values of feature {feature}, counted from 0, spread over {extent[feature]:.3g}; "
                f"expected less than {LARGEST_EXTENT:g}, as float32 ends at 3.4e+38: scale them, or leave normalize out"
            )
        return replace(self, offset=offset, divisor=np.where(extent > 0, extent, 1.0))


@dataclass(kw_only=True, eq=False)
class BaseDataLoader(ABC):
    """A data set with its split into training, validation and test data; a subclass reads the files.

    A subclass is a dataclass too, whose fields are arguments that a config gives beside these. Making one reads
    nothing: a config is checked whole before a file is opened. Which samples go where depends on the seed alone.

    batch_size: samples a step.
    shuffle: whether training data come in a new order each epoch.
    validation_split: how much of the training data to validate on instead, as a fraction or a number of samples.
    stratify: whether parts are drawn with the classes in the same shares as in the whole.
    subset: use only so much of the training data, drawn before the validation data are, as a fraction or a number of
        samples (null: all).
    normalize: shift and scale each feature, or channel of images, to lie from 0 to 1 ("min_max") or to have mean 0 and
        deviation 1 ("standardize"), by statistics of the training samples alone (null: as the loader reads them).
    """

    batch_size: PositiveInt = 128
    shuffle: bool = True
    validation_split: Fraction | PositiveInt = 0.0
    stratify: bool = False
    subset: Annotated[float, Range(gt=0, lt=1)] | PositiveInt | None = None
    normalize: Normalize = None

    @abstractmethod
    def read_training(self) -> Dataset:
        """All samples that may be trained on, before the split. Raises DataError for files that are not right."""

    @abstractmethod
    def read_test(self) -> Dataset:
        """The samples kept for the final score. Raises DataError for files that are not right."""

    def load(self, streams: RandomStreams) -> tuple[Dataset, Dataset | None]:
        """Training and validation data. Raises ValueError where the split leaves nothing to train on."""
        training, validation = self._split(streams)
        if validation is not None:
            validation = validation.normalized(self.normalize, training)
        return training.normalized(self.normalize, training), validation

    def load_test(self, streams: RandomStreams) -> Dataset:
        """Test data, normalized as the training data are."""
        test = self.read_test()
        return test if self.normalize is None else test.normalized(self.normalize, self._split(streams)[0])

    def _split(self, streams: RandomStreams) -> tuple[Dataset, Dataset | None]:
        data = self.read_training()
        wanted = len(data) if self.subset is None else sample_count("subset", self.subset, len(data))
        if wanted > len(data):
            raise ValueError(f"subset asks for {wanted} of {len(data)} samples; lower it or leave it out")
        if wanted < len(data):
            data = data.subset(np.sort(self._order(data, streams.generator("subset"))[:wanted]))
        count = sample_count("validation_split", self.validation_split, len(data))
        if count == 0:
            return data, None
        return self.split_data(data, count, streams.generator("split"), "validation_split")

    def split_data(
        self, data: Dataset, count: int, generator: np.random.Generator, name: str
    ) -> tuple[Dataset, Dataset]:
        """Split off `count` samples drawn at random; returns the rest and them, both in the order of the data.

        Raises ValueError, naming the argument that asks for it, where nothing is left to train on.
        """
        if count >= len(data):
            raise ValueError(f"{name} takes {count} of {len(data)} samples and leaves none to train on")
        order = self._order(data, generator)
        return data.subset(np.sort(order[count:])), data.subset(np.sort(order[:count]))

    def _order(self, data: Dataset, generator: np.random.Generator) -> Array:
        if self.stratify and data.classes is None:
            raise ValueError("stratify needs classes, but the targets are numbers; leave it out")
        return draw_order(len(data), generator, data.read_targets(slice(None)) if self.stratify else None)


def all_rows(inputs: Sequence[object] | Array) -> Array:
    """The `rows` of a data set that uses all its samples."""
    return np.arange(len(inputs))
