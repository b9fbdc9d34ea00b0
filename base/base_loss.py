"""Loss functions: value, and gradient with respect to the network's output."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from base.outputs import Meaning
from base.types import Array, Shape
from ops.ops import Ops


class BaseLoss(ABC):
    """A loss over samples, and its gradient with respect to the network's output.

    A loss may be given only a part of a batch (a shard), so it sums over the samples that it is given and divides by
    the denominator of the whole batch: the parts' losses and gradients then add up to those of the mean loss.

    Targets come as the data has them, or for class indices (N,) also as probabilities of the classes (N, C), which is
    what mixing samples makes of them.
    """

    ops: Ops = Ops()  # what it computes with; whoever builds a run gives it that of the run
    class_names: Sequence[str] = ()  # and, where targets are class indices, the names of the classes
    class_counts: Array | None = None  # and how many training samples each has
    outputs: Meaning = "numbers"  # what it takes a network's outputs for

    @abstractmethod
    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        """Raise ValueError where outputs of this shape cannot be compared with the targets (shapes of one sample).

        `classes` is the number of classes where targets are class indices, else None.
        """

    @abstractmethod
    def loss_denominator(self, target: Array) -> float:
        """The number that the sum over a whole batch is divided by."""

    @abstractmethod
    def forward(self, output: Array, target: Array, loss_denominator: float) -> float:
        """The part's share of the batch's mean loss; keeps what `backward` needs."""

    @abstractmethod
    def backward(self) -> Array:
        """The gradient of the last forward with respect to its output, which must still be as it was."""
