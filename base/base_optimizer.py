"""How gradients change parameters."""

from abc import ABC, abstractmethod
from typing import Any

from base.constraints import Positive
from base.shared_memory import shared_zeros
from base.types import Array


class BaseOptimizer(ABC):
    """A rule that updates each parameter from its own gradient and its own state.

    The state is one vector a slot, laid out like the model's vector of parameters. `update` treats every number by
    itself, so the vector can be cut anywhere and its pieces updated by different threads with the same bits.
    """

    slots: tuple[str, ...] = ()

    def __init__(self, lr: Positive) -> None:
        self.lr: float = lr
        self.steps = 0
        self.state: dict[str, Array] = {}

    def bind(self, values: Array) -> None:
        """Make zeroed state for a vector of parameters like this one."""
        self.state = {slot: shared_zeros(len(values), values.dtype) for slot in self.slots}

    def begin(self, lr: float) -> None:
        """Start a step at this learning rate."""
        self.lr = lr
        self.steps += 1
        self.prepare()

    def step(self, part: slice, values: Array, grads: Array, scratch: Array) -> None:
        """Update one part of the vector; the three arrays are whole vectors, and the last two may be overwritten."""
        self.update(values[part], grads[part], scratch[part], *(self.state[slot][part] for slot in self.slots))

    @abstractmethod
    def prepare(self) -> None:
        """Compute what all parts of a step share; `steps` already counts that step (1, 2, ...)."""

    @abstractmethod
    def update(self, values: Array, grads: Array, scratch: Array, *state: Any) -> None:
        """Change `values` in place. `state` comes in the order of `slots`; `grads` and `scratch` may be overwritten."""
