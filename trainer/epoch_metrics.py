"""Running loss and metrics of an epoch."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from base.base_metric import BaseMetric
from base.base_trainer import Record
from base.errors import CheckpointError, UserError
from base.state import State, arrays_of
from base.types import Array


class EpochMetrics:
    """Loss and metrics over the batches of an epoch so far; a loaded state is tested with the batch `example`."""

    def __init__(self, metrics: Sequence[BaseMetric], example: tuple[Array, Array]) -> None:
        self.metrics = metrics
        self._example = example
        self.reset()

    def reset(self) -> None:
        """Clear loss and metrics for a new epoch."""
        self._loss = self._total = 0.0
        for metric in self.metrics:
            metric.reset()

    def add(self, loss: float, loss_denominator: float, outputs: Array, targets: Array) -> None:
        """Add a batch with its mean loss."""
        self._loss += loss * loss_denominator
        self._total += loss_denominator
        self._update(outputs, targets)

    def record(self) -> Record:
        """The epoch's loss and metrics."""
        loss = self._loss / self._total if self._total else math.nan
        return {"loss": loss} | {metric.name: metric.compute() for metric in self.metrics}

    def state_dict(self) -> State:
        """Sums and metrics' totals as arrays. Raises UserError for a metric that keeps nothing in `totals`."""
        held = {"loss": np.array(self._loss), "total": np.array(self._total)}
        for number, metric in enumerate(self.metrics):
            if not metric.totals:
                raise UserError(
                    f"metrics: {metric.name} gathers nothing in self.totals, so no checkpoint can be made in the "
                    f"middle of an epoch; keep there what it gathers (docs/extending.md)"
                )
            held |= {f"{number}/{name}": _array(total) for name, total in metric.totals.items()}
        return held

    def load_state_dict(self, state: State) -> None:
        """Restore a state. Raises CheckpointError where the metrics cannot go on from it with the example batch."""
        held = arrays_of(state)
        try:
            _expect_types(held, self._types())
            self._take(held)
            self._update(*self._example)
            self.state_dict()
            self.record()
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise CheckpointError(f"the checkpoint's figures of the epoch so far do not fit: {error}") from error
        self._take(held)

    def _update(self, outputs: Array, targets: Array) -> None:
        for metric in self.metrics:
            metric.update(outputs, targets)

    def _types(self) -> dict[str, set[np.dtype]]:
        """The dtypes that each array may have: before the first batch, and after it."""
        self.reset()
        before = self.state_dict()
        self._update(*self._example)
        after = self.state_dict()
        return {name: {before[name].dtype, after[name].dtype} for name in before.keys() & after.keys()}

    def _take(self, held: dict[str, Array]) -> None:
        self.reset()
        if held.keys() != self.state_dict().keys():
            raise CheckpointError("the checkpoint's figures of the epoch so far are not those of the config's metrics")
        self._loss, self._total = _total(held["loss"], 0.0), _total(held["total"], 0.0)
        for number, metric in enumerate(self.metrics):
            for name, empty in metric.totals.items():
                metric.totals[name] = _total(held[f"{number}/{name}"], empty)


def _expect_types(held: dict[str, Array], types: dict[str, set[np.dtype]]) -> None:
    """Raise CheckpointError for numbers of another type, or counts below zero."""
    for name, array in held.items():
        is_loss = name in ("loss", "total") and array.dtype.kind == "f"  # in the type that the loss computes in
        if not is_loss and array.dtype not in types.get(name, {array.dtype}):
            raise CheckpointError(f"the checkpoint's figures of the epoch so far: {name} is of {array.dtype}")
        if (array.dtype.kind == "i" or name == "total") and (array < 0).any():
            raise CheckpointError(f"the checkpoint's figures of the epoch so far: {name} counts below zero")


def _array(total: Any) -> Array:
    if isinstance(total, list):
        return np.concatenate(total) if total else np.empty(0)
    return np.asarray(total)


def _total(held: Array, empty: Any) -> Any:
    """An array as the list, number or array that the total is. Raises CheckpointError for another shape."""
    if not isinstance(empty, list) and held.ndim != np.ndim(empty):
        raise CheckpointError(f"the checkpoint's figures of the epoch so far have a form of their own: {held.shape}")
    if isinstance(empty, list):
        return [held] if len(held) else []
    return held.copy() if isinstance(empty, np.ndarray) else held.item()
