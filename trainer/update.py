"""The second half of a step: from the shards' gradients to new parameters."""

from base.base_model import BaseModel
from base.base_optimizer import BaseOptimizer
from base.base_regularizer import BaseRegularizer
from base.types import Array
from trainer.parallel_model import divide
from trainer.workers import Workers

SMALL_PIECE = 2**19  # numbers below which handing a piece to another thread costs more than it saves


class Update:
    """Sums the gradients of the shards, adds the penalty's, and lets the optimizer change the parameters.

    All of it treats each number by itself, so the vector may be cut anywhere with the same bits: a large one is cut
    into a piece a thread.
    """

    def __init__(
        self, model: BaseModel, optimizer: BaseOptimizer, regularizer: BaseRegularizer | None, workers: Workers
    ) -> None:
        self.model = model
        self.optimizer = optimizer
        self.regularizer = regularizer
        self.workers = workers
        self._weights = model.weight_ranges() if regularizer else []
        size = len(model.values)
        self._pieces = divide(size, max(1, min(workers.threads, size // SMALL_PIECE)))

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
