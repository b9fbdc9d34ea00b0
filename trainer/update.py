"""The second half of a step: from the shards' gradients to new parameters."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from base.base_model import BaseModel
from base.base_optimizer import BaseOptimizer
from base.base_regularizer import BaseRegularizer, WeightBound
from base.not_finite import NotFinite
from base.shared_memory import shared_zeros
from base.types import Array
from trainer.parallel_model import divide
from trainer.update_ratio import UpdateRatio
from trainer.workers.workers import Workers
from utils.trainer_settings import Averaging, GradientClip

PIECE = 2**16  # numbers at a time: a piece of every vector of a step stays in a core's cache
CLIP_EPS = 1e-6  # as in PyTorch's clip_grad_norm_
TEAMS = 4  # pieces come in multiples of this, so that up to so many workers have as many each


class Update:
    """Sums the gradients of the shards, adds the penalty's, bounds them, and lets the optimizer change the parameters.

    The optimizer must be bound already. All of it treats each number by itself but for the gradient's norm, so the
    vector is cut into pieces, always the same; a bound on weights is then applied to each as a whole. `grad_norm` is
    that of the last step, of loss and penalty, for parameters that are not frozen, before it was bounded. `average` is
    the moving average of the parameters, if there is one; `ratio` measures updates at every `measure_every`-th step, if
    asked to. In the steps that `careful_steps` holds, parameters and optimizer are put back where the new parameters
    are not finite; copying them costs too much to do it always.
    """

    def __init__(
        self,
        model: BaseModel,
        optimizer: BaseOptimizer,
        regularizer: BaseRegularizer | None,
        workers: Workers,
        clip: GradientClip | None = None,
        averaging: Averaging | None = None,
        measure_every: int | None = None,
    ) -> None:
        self.model = model
        self.optimizer = optimizer
        self.regularizer = regularizer
        self.workers = workers
        self.clip = clip or GradientClip(norm=math.inf)
        self.averaging = averaging
        self.average: Array | None = None
        if averaging:
            self.average = shared_zeros(len(model.values), model.values.dtype)
            self.average[...] = model.values
        self.grad_norm = 0.0
        self.careful_steps: set[int] = set()
        self._weights = model.weight_ranges() if regularizer else []
        self._bounded = _trained_weights(model, optimizer) if isinstance(regularizer, WeightBound) else []
        self._pieces = divide(len(model.values), TEAMS * math.ceil(len(model.values) / (TEAMS * PIECE)))
        self._trained = [_within(piece, trained_parts(optimizer)) for piece in self._pieces]
        # Two, as a process may still read the one while another, a phase ahead, writes the other.
        self._gradient_squares = shared_zeros(len(self._pieces), np.float64)
        self._value_squares = shared_zeros(len(self._pieces), np.float64)
        self.ratio = UpdateRatio(model, self._pieces, measure_every) if measure_every else None

    def apply(self, grads: list[Array], lr: float, step: int = 0) -> None:
        """One step; the first of the gradients is overwritten. Raises NotFinite for gradients or new parameters."""
        self.workers.run(lambda number: self._add(number, grads), range(len(self._pieces)))
        self.grad_norm = math.sqrt(np.sum(self._gradient_squares))
        if not math.isfinite(self.grad_norm):
            raise NotFinite("gradient")
        kept = self._copies() if step in self.careful_steps else None
        self.optimizer.begin(lr)
        measured = self.ratio if self.ratio and self.ratio.due(step) else None
        self.workers.run(lambda number: self._step(number, grads[0], measured), range(len(self._pieces)))
        if not math.isfinite(np.sum(self._value_squares)):
            self._put_back(kept)
            raise NotFinite("weights", spoilt=kept is None)
        if isinstance(self.regularizer, WeightBound):
            self.workers.run(self.regularizer.project, self._bounded)
        if self.average is not None:
            self.workers.run(self._follow, self._pieces)

    def penalty(self) -> float:
        """The regularizer's term for the parameters as they are."""
        if self.regularizer is None:
            return 0.0
        return sum(self.regularizer.penalty(self.model.values[weights]) for weights in self._weights)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """A time in which the model's parameters are their moving average, if there is one."""
        if self.average is None:
            yield
            return
        own = self.model.values.copy()
        self.model.values[...] = self.average
        try:
            yield
        finally:
            self.model.values[...] = own

    def _add(self, number: int, grads: list[Array]) -> None:
        piece, scratch = self._pieces[number], self.model.grads
        total = grads[0][piece]
        for other in grads[1:]:
            total += other[piece]
        for part in _within(piece, self._weights):
            self._add_penalty(self.model.values[part], grads[0][part], scratch[part])
        self._gradient_squares[number] = sum(_square(grads[0][part]) for part in self._trained[number])

    def _add_penalty(self, values: Array, grads: Array, scratch: Array) -> None:
        if self.regularizer:
            self.regularizer.add_gradient(values, grads, scratch)

    def _step(self, number: int, grads: Array, measured: UpdateRatio | None) -> None:
        piece = self._pieces[number]
        before = measured.before(number) if measured else None
        if self.clip.value is not None:
            np.clip(grads[piece], -self.clip.value, self.clip.value, out=grads[piece])
        elif self.clip.norm is not None and self.clip.norm < self.grad_norm + CLIP_EPS:
            grads[piece] *= self.clip.norm / (self.grad_norm + CLIP_EPS)
        self.optimizer.step(piece, self.model.values, grads, self.model.grads)
        self._value_squares[number] = _square(self.model.values[piece])
        if measured and before is not None:
            measured.after(number, before)

    def _copies(self) -> tuple[int, list[Array]]:
        return self.optimizer.steps, [vector.copy() for vector in self._changing()]

    def _put_back(self, kept: tuple[int, list[Array]] | None) -> None:
        if kept is None or not self.workers.leading:
            return
        self.optimizer.steps = kept[0]
        for vector, copy in zip(self._changing(), kept[1], strict=True):
            vector[...] = copy

    def _changing(self) -> list[Array]:
        """All that a step of the optimizer changes."""
        return [self.model.values, *self.optimizer.state.values()]

    def _follow(self, piece: slice) -> None:
        """After the first step the average is the parameters, as in PyTorch's AveragedModel."""
        assert self.averaging is not None
        assert self.average is not None
        keep = 0.0 if self.optimizer.steps == 1 else self.averaging.decay
        average = self.average[piece]
        average *= keep
        average += np.multiply(self.model.values[piece], 1 - keep, out=self.model.grads[piece])


def trained_parts(optimizer: BaseOptimizer) -> list[slice]:
    """What of the vector of parameters is not frozen, in as few parts as can be."""
    parts: list[slice] = []
    for segment in optimizer.segments:
        if parts and parts[-1].stop == segment.part.start:
            parts[-1] = slice(parts[-1].start, segment.part.stop)
        else:
            parts.append(segment.part)
    return parts


def _within(piece: slice, parts: list[slice]) -> list[slice]:
    both = (slice(max(piece.start, part.start), min(piece.stop, part.stop)) for part in parts)
    return [part for part in both if part.start < part.stop]


def _trained_weights(model: BaseModel, optimizer: BaseOptimizer) -> list[Array]:
    trained, ranges = trained_parts(optimizer), model.parameter_ranges()
    return [
        held.value
        for name, held in model.named_parameters()
        if held.is_weight and any(part.start <= ranges[name].start < part.stop for part in trained)
    ]


def _square(vector: Array) -> float:
    """The square of a vector's norm; in the vector's own type, which is fast, unless it overflows there."""
    with np.errstate(over="ignore"):
        square = float(np.dot(vector, vector))
    return square if math.isfinite(square) else float(np.sum(np.square(vector, dtype=np.float64)))
