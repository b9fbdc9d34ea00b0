"""A penalty on weights."""

from abc import ABC, abstractmethod

from base.types import Array


class BaseRegularizer(ABC):
    """A term added to the loss that depends on the weights alone; biases and the scales of norms are left out.

    Both methods are given parts of the vector of parameters and must treat each number by itself.
    """

    @abstractmethod
    def penalty(self, weights: Array) -> float:
        """The term's value for these weights; the values of parts add up."""

    @abstractmethod
    def add_gradient(self, weights: Array, grad: Array, scratch: Array) -> None:
        """Add the term's gradient to `grad` in place; `scratch`, of the same shape, may be overwritten."""
