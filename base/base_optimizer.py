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
Gather = Callable[[Array, Array], bool]


class BaseOptimizer(ABC):
    """A rule that updates each parameter from its own gradient and its own state.

    Parameters, gradients and each slot of the state (such as "exp_avg") are flat vectors of one layout. `update` is
    elementwise, so pieces of them can be updated by different workers with the same bits.

    Weight decay is coupled by default: weight_decay * w is added to the gradient. With `decoupled`, w shrinks by
    lr * weight_decay * w before the update (Loshchilov and Hutter, ICLR 2019).
    """

    ops: Ops = Ops()  # NumPy or compiled operations; set when a run is built
    decoupled = False

    def __init__(self, lr: Positive, weight_decay: NonNegative = 0.0, groups: list[Group] | None = None) -> None:
        self.base_lr: float = lr
        self.lr: float = lr
        self.weight_decay = weight_decay
        self.groups = groups or []
        self.slots: Mapping[str, float] = {}  # names of the state's vectors, and their initial values
        self.steps = 0
        self.state: dict[str, Array] = {}
        self.segments: list[Segment] = []
        self.part: slice | None = None
        self._views: Views
        self._whole: dict[str, Array] = {}
        self._gather: Gather
        self._gathered_at = 0

    def bind(self, values: Array, ranges: Mapping[str, slice], views: Views | None = None) -> None:
        """Allocate state for the flat parameter vector; `ranges` maps names to slices.

        `views` gives the parts of such a vector by name, in the parameters' shapes (default: flat). Raises ValueError
        where a group names a parameter that does not exist.
        """
        self._views = views or (lambda vector: {name: vector[part] for name, part in ranges.items()})
        self.segments = segments(ranges, self.groups, self.weight_decay)
        self.steps = 0
        self.part, self._whole = None, {}
        self.state = {slot: shared_zeros(len(values), values.dtype) for slot in self.slots}
        for slot, initial in self.slots.items():
            self.state[slot][...] = initial

    def hold(self, part: slice, gather: Gather) -> None:
        """Keep the state of this part of the vector alone, as parts are updated by processes without common memory.

        `gather(whole, part)` writes the parts of all of them into a whole vector, and returns False in a process that
        has none to write into: there the state is that of the part.
        """
        self.part, self._gather, self._whole, self._gathered_at = part, gather, self.state, self.steps
        self.state = {slot: vector[part].copy() for slot, vector in self.state.items()}
        has_whole = [gather(vector, self.state[slot]) for slot, vector in self._whole.items()]
        if not all(has_whole):
            self._whole = {}

    def state_dict(self) -> State:
        """The optimizer's type, the number of steps, and each slot by parameter name (views)."""
        if self.part is not None and self._gathered_at != self.steps:
            for slot, vector in self.state.items():
                self._gather(self._whole.get(slot, vector), vector)
            self._gathered_at = self.steps
        return {"type": type(self).__name__, "steps": self.steps} | self._slots()

    def load_state_dict(self, state: State) -> None:
        """Restore the state of an optimizer of this type. Raises CheckpointError where its slots do not fit."""
        load_arrays(self._slots(), state)
        self.steps = self._gathered_at = state["steps"]
        for slot, vector in self._whole.items():
            self.state[slot][...] = vector[self.part]

    def _slots(self) -> State:
        if self.part is None or self._whole:
            return {slot: self._views(vector) for slot, vector in (self._whole or self.state).items()}
        return {slot: {"part": vector} for slot, vector in self.state.items()}

    def begin(self, lr: float) -> None:
        """Start a step with this learning rate: count it, and prepare what its parts share."""
        self.lr = lr
        self.steps += 1
        self.prepare()

    def step(self, part: slice, values: Array, grads: Array, scratch: Array) -> None:
        """Update one part of the vectors, which are given whole; `grads` and `scratch` may be overwritten."""
        for segment in self.segments:
            overlap = slice(max(part.start, segment.part.start), min(part.stop, segment.part.stop))
            if overlap.start < overlap.stop:
                lr = self.lr if segment.lr is None else self.lr * (segment.lr / self.base_lr)
                begin = self.part.start if self.part else 0
                state = [self.state[slot][overlap.start - begin : overlap.stop - begin] for slot in self.slots]
                self.decay_and_update(
                    values[overlap], grads[overlap], scratch[overlap], lr, segment.weight_decay, *state
                )

    def prepare(self) -> None:  # noqa: B027  # most optimizers have nothing to prepare
        """Compute what all parts of a step share; `steps` is that step's number, from 1."""

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
