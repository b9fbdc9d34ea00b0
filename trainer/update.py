"""The second half of a step: from the shards' gradients to new parameters."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from base.base_model import BaseModel
from base.base_optimizer import BaseOptimizer
from base.base_regularizer import BaseRegularizer, NormPenalty, WeightBound
from base.errors import NotFinite
from base.shared_memory import shared_zeros
from base.state import State, load_arrays
from base.types import Array
from ops.tree_sum import tree_sum
from trainer.parallel_model import divide
from trainer.update_ratio import UpdateRatio
from trainer.workers.workers import Workers
from utils.config.trainer_settings import Averaging, GradientClip

CLIP_EPS = 1e-6  # as in PyTorch's clip_grad_norm_
TEAMS = 4  # pieces come in multiples of this, so that up to so many workers have as many each


@dataclass(frozen=True)
class Stretch:
    """A part of the vector that is treated alike: all of it weights, or none of it."""

    part: slice
    is_weight: bool


class Update:
    """Sums the gradients of the shards, adds the penalty's, clips them, and lets the optimizer change the parameters.

    The optimizer must be bound already. All but the gradient's norm is elementwise, so the vector is processed in fixed
    pieces; a bound on weights is then applied to each as a whole. Nothing changes before the norm of the whole gradient
    is known to be finite, which makes two phases. `grad_norm` is that of the last step, of loss and penalty, for
    parameters that are not frozen, before clipping. `average` is the moving average of the parameters, if there is one;
    `ratio` measures updates at every `measure_every`-th step, if asked to. In the steps that `backup_steps` holds,
    parameters and optimizer are put back where the new parameters are not finite; copying them costs too much to do it
    always.
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
        self.ops = optimizer.ops
        self.workers = workers
        self.clip = clip or GradientClip(norm=math.inf)
        self.averaging = averaging
        self.average: Array | None = None
        if averaging:
            self.average = shared_zeros(len(model.values), model.values.dtype)
            self.average[...] = model.values
        self.grad_norm = 0.0
        self.backup_steps: set[int] = set()
        self._weights = model.weight_ranges() if regularizer else []
        self._bounded = _trained_weights(model, optimizer) if isinstance(regularizer, WeightBound) else []
        self._pieces = divide(len(model.values), TEAMS * math.ceil(len(model.values) / (TEAMS * self.ops.piece)))
        self._trained = [_stretches(piece, trained_parts(optimizer), self._weights) for piece in self._pieces]
        # Two, as a process may still read the one while another, a phase ahead, writes the other.
        self._gradient_squares = shared_zeros(len(self._pieces), np.float64)
        self._are_finite = shared_zeros(len(self._pieces), np.bool_)
        self.ratio = UpdateRatio(model, self._pieces, measure_every, self.ops) if measure_every else None

    def apply(self, grads: list[Array], lr: float, step: int = 0) -> None:
        """One step; the gradients are overwritten. Raises NotFinite for gradients or new parameters."""
        self.workers.run(lambda number: self._sum(number, grads), range(len(self._pieces)))
        self.grad_norm = math.sqrt(tree_sum(self._gradient_squares.tolist()))
        if not math.isfinite(self.grad_norm):
            raise NotFinite("gradient")
        kept = self._copies() if step in self.backup_steps else None
        self.optimizer.begin(lr)
        measured = self.ratio if self.ratio and self.ratio.due(step) else None
        self.workers.run(lambda number: self._step(number, grads[0], measured), range(len(self._pieces)))
        if not self._are_finite.all():
            self._put_back(kept)
            raise NotFinite("weights", params_changed=kept is None)
        if isinstance(self.regularizer, WeightBound):
            self.workers.run(self.regularizer.project, self._bounded)
        if self.average is not None:
            self.workers.run(self._follow, self._pieces)

    def state_dict(self) -> State:
        """The moving average of the parameters, if there is one."""
        return {} if self.average is None else {"ema": self.model.named_views(self.average)}

    def load_state_dict(self, state: State) -> None:
        """Continue a moving average; a state without one begins it with the parameters."""
        if "ema" in state:
            load_arrays(self.state_dict(), state)

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

    def _sum(self, number: int, grads: list[Array]) -> None:
        """Write the gradient of loss and penalty over the first shard's, and its squared norm."""
        squares = [self._sum_stretch(stretch, grads) for stretch in self._trained[number]]
        self._gradient_squares[number] = tree_sum(squares) if squares else 0.0

    def _sum_stretch(self, stretch: Stretch, grads: list[Array]) -> float:
        part, penalty = stretch.part, self.regularizer if stretch.is_weight else None
        w, shards = self.model.values[part], [grad[part] for grad in grads]
        if isinstance(penalty, NormPenalty):
            return self.ops.sum_shards(shards, w, penalty.l1, penalty.l2)
        squares = self.ops.sum_shards(shards, w)
        if penalty is None or isinstance(penalty, WeightBound):
            return squares
        penalty.add_gradient(w, shards[0], self.model.grads[part])
        return self.ops.sum_of_squares(shards[0])

    def _step(self, number: int, grads: Array, measured: UpdateRatio | None) -> None:
        piece = self._pieces[number]
        before = measured.before(number) if measured else None
        for stretch in self._trained[number]:
            self._clip(grads[stretch.part])
        self.optimizer.step(piece, self.model.values, grads, self.model.grads)
        self._are_finite[number] = self.ops.all_finite(self.model.values[piece])
        if measured and before is not None:
            measured.after(number, before)

    def _clip(self, grads: Array) -> None:
        if self.clip.value is not None:
            self.ops.clip(grads, self.clip.value)
        elif self.clip.norm is not None and self.clip.norm < self.grad_norm + CLIP_EPS:
            self.ops.scale(grads, self.clip.norm / (self.grad_norm + CLIP_EPS))

    def _copies(self) -> tuple[int, list[Array]]:
        return self.optimizer.steps, [vector.copy() for vector in self._changing()]

    def _put_back(self, kept: tuple[int, list[Array]] | None) -> None:
        if kept is None or not self.workers.is_leader:
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
        self.ops.move_average(self.average[piece], self.model.values[piece], keep)


def trained_parts(optimizer: BaseOptimizer) -> list[slice]:
    """The parts of the vector that are not frozen, in as few slices as can be."""
    parts: list[slice] = []
    for segment in optimizer.segments:
        if parts and parts[-1].stop == segment.part.start:
            parts[-1] = slice(parts[-1].start, segment.part.stop)
        else:
            parts.append(segment.part)
    return parts


def _stretches(piece: slice, trained: list[slice], weights: list[slice]) -> list[Stretch]:
    """The trained parts of a piece, cut where weights begin and end."""
    cuts = sorted({bound for part in weights for bound in (part.start, part.stop)})
    found = []
    for part in _within(piece, trained):
        bounds = [part.start, *(cut for cut in cuts if part.start < cut < part.stop), part.stop]
        found += [
            Stretch(slice(first, last), bool(_within(slice(first, last), weights))) for first, last in pairwise(bounds)
        ]
    return found


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
