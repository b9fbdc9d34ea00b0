"""Losses that compare number by number."""

from abc import abstractmethod

from base.base_loss import BaseLoss
from base.types import Array, Shape
from model.targets import as_numbers, check_numbers


class PointwiseLoss(BaseLoss):
    """L = mean over samples and their D numbers of l(y, t); dL/dy = l'(y, t) / (N D).

    Class indices are taken as one-hot targets where there is an output for each class, and as 0 and 1 where there is a
    single output for two classes.
    """

    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        check_numbers(type(self).__name__, output_shape, target_shape, classes)

    def loss_denominator(self, target: Array) -> float:
        return float(len(target))

    def forward(self, output: Array, target: Array, loss_denominator: float) -> float:
        self._output, self._target = output, as_numbers(target, output)
        self._scale = len(output) / (loss_denominator * output.size)
        return self.ops.total(self.values(output, self._target)) * self._scale

    def backward(self) -> Array:
        grad = self.derivative(self._output, self._target)
        grad *= self._scale
        return grad

    @abstractmethod
    def values(self, output: Array, target: Array) -> Array:
        """l(y, t) for every number."""

    @abstractmethod
    def derivative(self, output: Array, target: Array) -> Array:
        """dl/dy for every number, in a new array."""
