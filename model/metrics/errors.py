"""Errors of predicted numbers."""

from abc import abstractmethod

import numpy as np

from base.base_metric import SampleMean, sums_in_order
from base.types import Array
from model.targets import as_numbers


class ErrorMean(SampleMean):
    """The mean over samples and their outputs y of an error e(y - t); class indices are one-hot targets.

    softmax: whether y is the softmax of the network's output.
    """

    def __init__(self, softmax: bool = False) -> None:
        super().__init__(self._of_samples)
        self.softmax = softmax

    @abstractmethod
    def errors(self, differences: Array) -> Array:
        """e(y - t) of every number."""

    def _of_samples(self, output: Array, target: Array) -> Array:
        y = self.ops.softmax(output, np.empty(output.shape, output.dtype)) if self.softmax else output
        errors = self.errors(y - as_numbers(target, output)).reshape(len(output), -1)
        return sums_in_order(errors) / errors.shape[1]


class mean_squared_error(ErrorMean):  # noqa: N801 - a figure of the log, written as the others are
    """The mean of (y - t)^2 over samples and their outputs; class indices are one-hot targets.

    softmax: whether y is the softmax of the network's output.
    """

    def errors(self, differences: Array) -> Array:
        return np.square(differences)


class mean_absolute_error(ErrorMean):  # noqa: N801
    """The mean of |y - t| over samples and their outputs; class indices are one-hot targets.

    softmax: whether y is the softmax of the network's output.
    """

    def errors(self, differences: Array) -> Array:
        return np.abs(differences)
