"""Samples with their targets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Self

import numpy as np

from base.statistics import bounds, moments
from base.types import Array, Shape
from ops.ops import Ops

LARGEST_EXTENT = 1e30  # of values that float32, far from its limit, can subtract from each other
Normalize = Literal["min_max", "standardize"] | None


class TableColumn(NamedTuple):
    """A column of a table: where `texts` are given, its inputs are positions among them, and nan stands for a gap.

    `first_text` and `first_gap` tell where the first cell that is no number, or empty, stands, for messages.
    """

    name: str
    texts: tuple[str, ...] | None = None
    first_text: str = ""
    first_gap: str = ""


class SampleNames(NamedTuple):
    """Names of stored samples (M,): files, relative to the data's folder, or numbers of lines in a table's file."""

    kind: Literal["file", "line"]
    values: Sequence[str] | Sequence[int]


@dataclass(frozen=True)
class Dataset:
    """Samples as they are stored, and how to read them.

    `inputs` (M, ...) keep the type of their file, so that bytes stay bytes in memory, and may be a memory map; a
    network is given `(inputs - offset) / divisor`, numbers or arrays with one for each feature (or channel).
    `rows` says which of the M are part of this data set, so that a split copies nothing.
    `targets` (M,) are class indices, numbered as `classes`; or (M, ...) numbers, and then `classes` is None.
    `columns` are those of a table that inputs are read from, `groups` (M,) what must stay together in a split.
    `names` (M,) tell a user which samples these are; without them they are numbered as they are stored, from 0.
    `sample_weight` (M,) is how much each sample counts in the loss; None where all count the same.
    """

    inputs: Array
    targets: Array
    rows: Array
    classes: tuple[str, ...] | None = None
    divisor: float | Array = 1.0
    offset: Array | None = None
    columns: tuple[TableColumn, ...] | None = None
    groups: Array | None = None
    names: SampleNames | None = None
    sample_weight: Array | None = None

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
        """The targets of some samples: class indices keep their integer type, numbers to predict are floats."""
        targets = self.targets[self.rows[samples]]
        return targets if self.classes is not None or targets.dtype.kind == "f" else targets.astype(np.float64)

    def names_of(self, samples: Array | slice) -> list[str]:
        """The names of some samples."""
        rows = self.rows[samples].tolist()
        return [str(row if self.names is None else self.names.values[row]) for row in rows]

    def read_weights(self, samples: Array | slice) -> Array | None:
        """The weights of some samples, if they have any."""
        return None if self.sample_weight is None else self.sample_weight[self.rows[samples]]

    def subset(self, samples: Array) -> Self:
        """The same data, only these samples."""
        return replace(self, rows=self.rows[samples])

    def normalized(self, how: Normalize, training: "Dataset") -> Self:
        """The same data, scaled by the statistics of training data; a feature that is constant there is only shifted.

        Raises ValueError where values are so far apart that their difference may overflow.
        """
        if how is None:
            return self
        with np.errstate(over="ignore", invalid="ignore"):
            offset, extent = (bounds if how == "min_max" else moments)(training.inputs, training.rows)
        if not (extent < LARGEST_EXTENT).all():
            feature = int(np.argmin(extent < LARGEST_EXTENT))
            raise ValueError(
                f"normalize: the values of feature {feature}, counted from 0, differ by {extent[feature]:.3g}; "
                f"expected less than {LARGEST_EXTENT:g}, as float32 ends at 3.4e+38: scale them, or leave normalize out"
            )
        return replace(self, offset=offset, divisor=np.where(extent > 0, extent, 1.0))


def all_rows(inputs: Sequence[object] | Array) -> Array:
    """The `rows` of a data set that uses all its samples."""
    return np.arange(len(inputs))
