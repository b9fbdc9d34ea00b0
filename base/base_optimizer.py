"""Optimizers: rules that change parameters by their gradients."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from base.constraints import NonNegative, Positive
from base.parameter_group import Group, Segment, segments
from base.shared_memory import shared_zeros
from base.state import State, load_arrays
from base.types import Array
from ops.ops import Ops

Views = Callable[[Array], dict[str, Array]]


class BaseOptimizer(ABC):
    """A rule that updates each parameter from its own gradient and its own state.

    The state is one vector a slot, laid out like the model's vector of parameters. `update` is elementwise, so the
    vector can be cut anywhere and its pieces updated by different processes with the same bits.

    Weight decay is coupled where a subclass does not say otherwise: weight_decay * w is added to the gradient.
    Decoupled, w shrinks by lr * weight_decay * w before the update (Loshchilov and Hutter, ICLR 2019).
    """

    ops: Ops = Ops()  # what it computes with; whoever builds a run gives it that of the run
    decoupled = False

    def __init__(self, lr: Positive, weight_decay: NonNegative = 0.0, groups: list[Group] | None = None) -> None:
        self.base_lr: float = lr
        self.lr: float = lr
        self.weight_decay = weight_decay
        self.groups = groups or []
        self.slots: Mapping[str, float] = {}  # the state's vectors, and the number that each begins with
        self.steps = 0
        self.state: dict[str, Array] = {}
        self.segments: list[Segment] = []
        self._views: Views

    def bind(self, values: Array, ranges: Mapping[str, slice], views: Views | None = None) -> None:
        """Allocate state for the flat parameter vector; `ranges` maps names to slices.

        `views` gives the parts of such a vector by name, in the parameters' shapes (default: flat). Raises ValueError
        where a group names a parameter that there is not.
        """
        self._views = views or (lambda vector: {name: vector[part] for name, part in ranges.items()})
        self.segments = segments(ranges, self.groups, self.weight_decay)
        self.steps = 0
        self.state = {slot: shared_zeros(len(values), values.dtype) for slot in self.slots}
        for slot, initial in self.slots.items():
            self.state[slot][...] = initial

    def state_dict(self) -> State:
        """The rule's name, the number of steps, and each slot by parameter (views)."""
        slots = {slot: self._views(vector) for slot, vector in self.state.items()}
        return {"type": type(self).__name__, "steps": self.steps} | slots

    def load_state_dict(self, state: State) -> None:
        """Continue from the state of the same rule. Raises CheckpointError where its slots do not fit."""
        load_arrays({slot: self._views(vector) for slot, vector in self.state.items()}, state)
        self.steps = state["steps"]

    def begin(self, lr: float) -> None:
        """Start a step at this learning rate."""
        self.lr = lr
        self.steps += 1
        self.prepare()

    def step(self, part: slice, values: Array, grads: Array, scratch: Array) -> None:
        """Update one part of the vector; the three arrays are whole vectors, and the last two may be overwritten."""
        for segment in self.segments:
            both = slice(max(part.start, segment.part.start), min(part.stop, segment.part.stop))
            if both.start < both.stop:
                lr = self.lr if segment.lr is None else self.lr * (segment.lr / self.base_lr)
                state = [self.state[slot][both] for slot in self.slots]
                self.decay_and_update(values[both], grads[both], scratch[both], lr, segment.weight_decay, *state)

    def prepare(self) -> None:  # noqa: B027  # most rules have nothing to prepare
        """Compute what all parts of a step share; `steps` already counts that step (1, 2, ...)."""

    @abstractmethod
    def update(self, values: Array, grads: Array, scratch: Array, lr: float, *state: Any) -> None:
        """Change `values` in place. `state` comes in the order of `slots`; `grads` and `scratch` may be overwritten."""

    def decay_and_update(
        self, values: Array, grads: Array, scratch: Array, lr: float, weight_decay: float, *state: Any
    ) -> None:
        """Apply weight decay, then `update`."""
        if weight_decay and self.decoupled:
            values *= 1 - lr * weight_decay
        elif weight_decay:
            grads += np.multiply(values, weight_decay, out=scratch)
        self.update(values, grads, scratch, lr, *state)


class FusedOptimizer(BaseOptimizer):
    """An optimizer of one operation, which includes weight decay: a single pass over memory."""

    @abstractmethod
    def apply(self, w: Array, g: Array, lr: float, weight_decay: float, *state: Any) -> None:
        """Change parameters w and state in place; g is left as it is."""

    def update(self, values: Array, grads: Array, scratch: Array, lr: float, *state: Any) -> None:
        self.apply(values, grads, lr, 0.0, *state)

    def decay_and_update(
        self, values: Array, grads: Array, scratch: Array, lr: float, weight_decay: float, *state: Any
    ) -> None:
        self.apply(values, grads, lr, weight_decay, *state)
