"""What is gathered while an epoch goes on."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from base.base_metric import BaseMetric
from base.base_trainer import Record
from base.errors import CheckpointError, UserError
from base.types import Array


class EpochMetrics:
    """Loss and metrics over the batches of an epoch so far."""

    def __init__(self, metrics: Sequence[BaseMetric]) -> None:
        self.metrics = metrics
        self.reset()

    def reset(self) -> None:
        """Begin an epoch."""
        self._loss = self._total = 0.0
        for metric in self.metrics:
            metric.reset()

    def add(self, loss: float, loss_denominator: float, outputs: Array, targets: Array) -> None:
        """Take in a batch with its mean loss."""
        self._loss += loss * loss_denominator
        self._total += loss_denominator
        self._update(outputs, targets)

    def record(self) -> Record:
        """The epoch's figures."""
        loss = self._loss / self._total if self._total else math.nan
        return {"loss": loss} | {metric.name: metric.compute() for metric in self.metrics}

    def state(self) -> dict[str, Array]:
        """All of it as arrays by name. Raises UserError for a metric that gathers elsewhere than in `totals`."""
        held = {"loss": np.array(self._loss), "total": np.array(self._total)}
        for number, metric in enumerate(self.metrics):
            if not metric.totals:
                raise UserError(
                    f"metrics: {metric.name} gathers nothing in self.totals, so no checkpoint can be made in the "
                    f"middle of an epoch; keep there what it gathers (docs/extending.md)"
                )
            held |= {f"{number}/{name}": _array(total) for name, total in metric.totals.items()}
        return held

    def restore(self, held: dict[str, Array], outputs: Array, targets: Array) -> None:
        """Go on from such arrays. Raises CheckpointError where metrics cannot go on from them with such a batch."""
        try:
            _expect_types(held, self._types(outputs, targets))
            self._take(held)
            self._update(outputs, targets)
            self.state()
            self.record()
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise CheckpointError(f"the checkpoint's figures of the epoch so far do not fit: {error}") from error
        self._take(held)

    def _update(self, outputs: Array, targets: Array) -> None:
        for metric in self.metrics:
            metric.update(outputs, targets)

    def _types(self, outputs: Array, targets: Array) -> dict[str, set[np.dtype]]:
        """Which types of numbers the arrays may have: those before any batch, and those after one."""
        self.reset()
        before = self.state()
        self._update(outputs, targets)
        after = self.state()
        return {name: {before[name].dtype, after[name].dtype} for name in before.keys() & after.keys()}

    def _take(self, held: dict[str, Array]) -> None:
        self.reset()
        if held.keys() != self.state().keys():
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
    """An array in the form that the total has at first. Raises CheckpointError where it has another."""
    if not isinstance(empty, list) and held.ndim != np.ndim(empty):
        raise CheckpointError(f"the checkpoint's figures of the epoch so far have a form of their own: {held.shape}")
    if isinstance(empty, list):
        return [held] if len(held) else []
    return held.copy() if isinstance(empty, np.ndarray) else held.item()
