"""Losses that compare number by number."""

from abc import abstractmethod

from base.base_loss import BaseLoss
from base.types import Array, Shape
from model.targets import as_numbers, by_sample, check_numbers


class PointwiseLoss(BaseLoss):
    """L = mean over samples and their D numbers of l(y, t); dL/dy = l'(y, t) / (N D).

    Class indices are taken as one-hot targets where there is an output for each class, and as 0 and 1 where there is a
    single output for two classes.
    """

    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        check_numbers(type(self).__name__, output_shape, target_shape, classes)

    def forward(
        self, output: Array, target: Array, loss_denominator: float, sample_weight: Array | None = None
    ) -> float:
        self._output, self._target, self._sample_weight = output, as_numbers(target, output), sample_weight
        self._scale = len(output) / (loss_denominator * output.size)
        return self.ops.total(by_sample(self.values(output, self._target), sample_weight)) * self._scale

    def backward(self) -> Array:
        grad = self.derivative(self._output, self._target)
        grad *= self._scale
        return by_sample(grad, self._sample_weight)

    @abstractmethod
    def values(self, output: Array, target: Array) -> Array:
        """l(y, t) for every number."""

    @abstractmethod
    def derivative(self, output: Array, target: Array) -> Array:
        """dl/dy for every number, in a new array."""
