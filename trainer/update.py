"""The second half of a step: sum of the shards' gradients, penalty, clipping, optimizer step."""

import math
from collections.abc import Iterator, Sequence
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
PIECES_MULTIPLE = 4  # of which the number of pieces is a multiple, so that 2 or 4 workers get the same number each


@dataclass(frozen=True)
class Stretch:
    """A range of the parameter vector that the penalty applies to as a whole (weights), or not at all."""

    part: slice
    is_weight: bool


class Update:
    """Sums the gradients of the shards, adds the penalty's, clips them, and lets the optimizer change the parameters.

    The optimizer must be bound already. All but the gradient's norm is elementwise, so the flat vectors are processed
    in fixed pieces, by all workers. There are two phases, as no parameter may change before the norm of the whole
    gradient is known to be finite.

    `grad_norm` is that of the last step's gradient of loss and penalty, without frozen parameters, before clipping.
    `average` is the exponential moving average of the parameters, or None; `average_buffers` are the buffers that go
    with it, or None where the average has moved since they were made. `ratio` measures the size of updates at
    every `measure_every`-th step, or is None. In the steps in `backup_steps`, parameters and optimizer are restored
    where the new parameters are not finite; a backup in every step would cost too much.
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
        self.average_buffers: Array | None = None
        if averaging:
            self.average = shared_zeros(len(model.values), model.values.dtype)
            self.average[...] = model.values
        self.grad_norm = 0.0
        self.backup_steps: set[int] = set()
        self._weights = model.weight_ranges() if regularizer else []
        self._bounded = _trained_weights(model, optimizer) if isinstance(regularizer, WeightBound) else []
        self.pieces = divide(
            len(model.values), PIECES_MULTIPLE * math.ceil(len(model.values) / (PIECES_MULTIPLE * self.ops.piece))
        )
        self._trained = [_stretches(piece, trained_parts(optimizer), self._weights) for piece in self.pieces]
        # An array for each phase: one worker process may write the second while another still reads the first.
        self._gradient_squares = shared_zeros(len(self.pieces), np.float64)
        self._are_finite = shared_zeros(len(self.pieces), np.bool_)
        self._numbers = [slice(index, index + 1) for index in range(len(self.pieces))]
        self._average_is_whole = True
        if (own := workers.own(self.pieces)) is not None:
            optimizer.hold(own, lambda vector, part: workers.gather(vector, part, self.pieces))
        self.ratio = UpdateRatio(model, self.pieces, measure_every, self.ops) if measure_every else None

    def apply(self, grads: list[Array], lr: float, step: int = 0) -> None:
        """Update the parameters; `grads` are overwritten. Raises NotFinite for the gradient or the new parameters."""
        terms = self.workers.exchange(grads, self.pieces)
        self.workers.run(lambda index: self._sum_shards(index, terms), range(len(self.pieces)))
        self.workers.share_pieces(self._gradient_squares, self._numbers)
        self.grad_norm = math.sqrt(tree_sum(self._gradient_squares.tolist()))
        if not math.isfinite(self.grad_norm):
            raise NotFinite("gradient")
        backup = self._backup() if step in self.backup_steps else None
        self.optimizer.begin(lr)
        measured = self.ratio if self.ratio and self.ratio.due(step) else None
        self.workers.run(lambda index: self._step(index, terms[0], measured), range(len(self.pieces)))
        self.workers.share_pieces(self._are_finite, self._numbers)
        self.workers.share_pieces(self.model.values, self.pieces)
        if measured:
            self.workers.share(list(measured.squares))
        if not self._are_finite.all():
            self._restore(backup)
            raise NotFinite("weights", params_changed=backup is None)
        if isinstance(self.regularizer, WeightBound):
            self.workers.run_in_each(self.regularizer.project, self._bounded)
        if self.average is not None:
            self.average_buffers = None
            self._move_average()

    def state_dict(self) -> State:
        """The moving average of the parameters, if there is one, and the buffers that go with it, if there are any."""
        if self.average is None:
            return {}
        self._make_average_whole()
        ema = {"ema": self.model.named_views(self.average)}
        return (
            ema if self.average_buffers is None else ema | {"ema_buffer": self.model.buffer_views(self.average_buffers)}
        )

    def load_state_dict(self, state: State) -> None:
        """Restore the moving average; without one in the state, it starts from the parameters."""
        if "ema" in state:
            self.average_buffers = self.model.buffers.copy() if "ema_buffer" in state else None
            load_arrays(self.state_dict(), state)

    def _make_average_whole(self) -> None:
        """Hand on the parts of the average where ranks have moved one each."""
        if self.average is not None and not self._average_is_whole:
            with self.workers.together():
                self.workers.share_pieces(self.average, self.pieces)
            self._average_is_whole = True

    def penalty(self) -> float:
        """The penalty term for the current parameters."""
        if self.regularizer is None:
            return 0.0
        return sum(self.regularizer.penalty(self.model.values[weights]) for weights in self._weights)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Context manager: the model has the parameters' moving average, if there is one, and the buffers of that."""
        if self.average is None:
            yield
            return
        self._make_average_whole()
        values, buffers = self.model.values.copy(), self.model.buffers.copy()
        self.model.values[...] = self.average
        if self.average_buffers is not None:
            self.model.buffers[...] = self.average_buffers
        try:
            yield
        finally:
            self.model.values[...], self.model.buffers[...] = values, buffers

    def _sum_shards(self, index: int, grads: Sequence[Array]) -> None:
        """For one piece, write the gradient of loss and penalty over the first shard's, and its squared norm."""
        squares = [self._sum_stretch(stretch, grads) for stretch in self._trained[index]]
        self._gradient_squares[index] = tree_sum(squares) if squares else 0.0

    def _sum_stretch(self, stretch: Stretch, grads: Sequence[Array]) -> float:
        part, penalty = stretch.part, self.regularizer if stretch.is_weight else None
        w, shards = self.model.values[part], [grad[part] for grad in grads]
        if isinstance(penalty, NormPenalty):
            return self.ops.sum_shards(shards, w, penalty.l1, penalty.l2)
        squares = self.ops.sum_shards(shards, w)
        if penalty is None or isinstance(penalty, WeightBound):
            return squares
        penalty.add_gradient(w, shards[0], self.model.grads[part])
        return self.ops.sum_of_squares(shards[0])

    def _step(self, index: int, grads: Array, measured: UpdateRatio | None) -> None:
        """For one piece, clip the gradient and let the optimizer change the parameters."""
        piece = self.pieces[index]
        before = measured.before(index) if measured else None
        for stretch in self._trained[index]:
            self._clip(grads[stretch.part])
        self.optimizer.step(piece, self.model.values, grads, self.model.grads)
        self._are_finite[index] = self.ops.all_finite(self.model.values[piece])
        if measured and before is not None:
            measured.after(index, before)

    def _clip(self, grads: Array) -> None:
        if self.clip.value is not None:
            self.ops.clip(grads, self.clip.value)
        elif self.clip.norm is not None and self.clip.norm < self.grad_norm + CLIP_EPS:
            self.ops.scale(grads, self.clip.norm / (self.grad_norm + CLIP_EPS))

    def _backup(self) -> tuple[int, list[Array]]:
        return self.optimizer.steps, [vector.copy() for vector in self._step_vectors()]

    def _restore(self, backup: tuple[int, list[Array]] | None) -> None:
        if backup is None or not self.workers.keeps_state:  # the vectors are shared by all worker processes
            return
        self.optimizer.steps, copies = backup
        for vector, copy in zip(self._step_vectors(), copies, strict=True):
            vector[...] = copy

    def _step_vectors(self) -> list[Array]:
        """The vectors that the optimizer's step changes."""
        return [self.model.values, *self.optimizer.state.values()]

    def _move_average(self) -> None:
        """Move the average towards the parameters; after step 1 it equals them, as in PyTorch's AveragedModel."""
        assert self.averaging is not None
        average, values, decay = self.average, self.model.values, self.averaging.decay_at(self.optimizer.steps)
        assert average is not None
        self.workers.run(lambda piece: self.ops.move_average(average[piece], values[piece], decay), self.pieces)
        self._average_is_whole = False


def trained_parts(optimizer: BaseOptimizer) -> list[slice]:
    """The ranges of the parameter vector that are not frozen; adjacent ones are joined."""
    parts: list[slice] = []
    for segment in optimizer.segments:
        if parts and parts[-1].stop == segment.part.start:
            parts[-1] = slice(parts[-1].start, segment.part.stop)
        else:
            parts.append(segment.part)
    return parts


def _stretches(piece: slice, trained: list[slice], weights: list[slice]) -> list[Stretch]:
    """The trained ranges of a piece, cut where weights begin and end."""
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
