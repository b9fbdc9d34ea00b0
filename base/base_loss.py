"""Loss functions: value, and gradient with respect to the network's output."""

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence

from base.outputs import Meaning
from base.types import Array, Shape
from ops.ops import Ops


class BaseLoss(ABC):
    """A loss over samples, and its gradient with respect to the network's output.

    `forward` and `backward` see a shard of the batch: they sum over its samples and divide by the denominator of the
    whole batch, so that the shards' losses and gradients add up to those of the mean loss.

    Targets are those of the data set; where these are class indices (N,), also soft targets, probabilities of the
    classes (N, C), which augmentation such as Mixup makes of them.

    `sample_weight` (N,) is given where samples count unequally: the mean is then sum_n w_n l_n / sum_n w_n. A loss
    whose methods do not take it is refused for such data.
    """

    ops: Ops = Ops()  # NumPy or compiled operations; set when a run is built
    # Set when a run is built: the classes' names and numbers of training samples, where targets are class indices.
    class_names: Sequence[str] = ()
    class_counts: Array | None = None
    outputs: Meaning = "numbers"  # how outputs are interpreted (logits, probabilities, ...)

    @abstractmethod
    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        """Raise ValueError where outputs of this shape cannot be compared with the targets (shapes of one sample).

        `classes` is the number of classes where targets are class indices, else None.
        """

    def loss_denominator(self, target: Array, sample_weight: Array | None = None) -> float:
        """The number that the sum of a whole batch's losses is divided by: its size, or the sum of its weights."""
        return float(len(target)) if sample_weight is None else math.fsum(sample_weight)

    @abstractmethod
    def forward(
        self, output: Array, target: Array, loss_denominator: float, sample_weight: Array | None = None
    ) -> float:
        """The shard's part of the batch's mean loss; stores what `backward` needs."""

    @abstractmethod
    def backward(self) -> Array:
        """The gradient of the last forward's loss with respect to `output`, which must not have changed since."""
