"""The second half of a step: from the shards' gradients to new parameters."""

from math import ceil

from base.base_model import BaseModel
from base.base_optimizer import BaseOptimizer
from base.base_regularizer import BaseRegularizer
from base.types import Array
from trainer.parallel_model import divide
from trainer.workers.workers import Workers

PIECE = 2**16  # numbers at a time: a piece of every vector of a step stays in a core's cache


class Update:
    """Sums the gradients of the shards, adds the penalty's, and lets the optimizer change the parameters.

    All of it treats each number by itself, so the vector may be cut anywhere with the same bits: it is cut into pieces
    that fit a core's cache, as many for each worker.
    """

    def __init__(
        self, model: BaseModel, optimizer: BaseOptimizer, regularizer: BaseRegularizer | None, workers: Workers
    ) -> None:
        self.model = model
        self.optimizer = optimizer
        self.regularizer = regularizer
        self.workers = workers
        self._weights = model.weight_ranges() if regularizer else []
        self._pieces = divide(len(model.values), workers.count * ceil(len(model.values) / (workers.count * PIECE)))

    def apply(self, grads: list[Array], lr: float) -> None:
        """One step; the first of the gradients is overwritten."""
        self.optimizer.begin(lr)
        self.workers.run(lambda piece: self._apply(piece, grads), self._pieces)

    def penalty(self) -> float:
        """The regularizer's term for the parameters as they are."""
        if self.regularizer is None:
            return 0.0
        return sum(self.regularizer.penalty(self.model.values[weights]) for weights in self._weights)

    def _apply(self, piece: slice, grads: list[Array]) -> None:
        values, total, scratch = self.model.values, grads[0], self.model.grads
        for other in grads[1:]:
            total[piece] += other[piece]
        for weights in self._weights:
            part = slice(max(piece.start, weights.start), min(piece.stop, weights.stop))
            if self.regularizer and part.start < part.stop:
                self.regularizer.add_gradient(values[part], total[part], scratch[part])
        self.optimizer.step(piece, values, total, scratch)
