"""Magnitudes of everything that a step computes, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np

from base.base_augmentation import BaseAugmentation
from base.dataset import Dataset
from base.types import Array
from logger.console import aligned
from model.hooks import layer_hooks
from trainer.parallel_model import SCORE_ROWS, ParallelModel


@dataclass
class Sizes:
    """Magnitudes of some arrays; `total` and `largest` are those of the finite absolute values."""

    count: int = 0
    not_finite: int = 0
    total: float = 0.0
    largest: float = 0.0

    def add(self, array: Array) -> None:
        """Take in an array."""
        finite = np.abs(array[np.isfinite(array)], dtype=np.float64)
        self.count += array.size
        self.not_finite += array.size - len(finite)
        self.total += float(finite.sum())
        self.largest = max(self.largest, float(finite.max(initial=0.0)))

    def cells(self) -> list[str]:
        """Table cells: mean and largest absolute value, and how many numbers are not finite."""
        finite = self.count - self.not_finite
        sizes = [f"{self.total / finite:.3g}", f"{self.largest:.3g}"] if finite else ["", ""]
        return [*sizes, f"{self.not_finite:,}" if self.not_finite else ""]


@dataclass
class LayerReport:
    """Output and input gradient of a layer; values and gradients of its parameters by name."""

    output: Sizes = field(default_factory=Sizes)
    gradient: Sizes = field(default_factory=Sizes)
    parameters: dict[str, tuple[Sizes, Sizes]] = field(default_factory=dict)


@dataclass
class StepReport:
    """The numbers of a step, up to its gradient, by layer in the network's order."""

    loss: float
    batch: Sizes
    layers: dict[str, LayerReport]

    def first_not_finite(self) -> str | None:
        """The origin of the first number that is not finite, forward then backward; None where all are."""
        if self.batch.not_finite:
            return f"the batch itself, {self.batch.not_finite:,} of its {self.batch.count:,} inputs"
        for name, layer in self.layers.items():
            for parameter, (value, _) in layer.parameters.items():
                if value.not_finite:
                    return f"parameter {parameter}"
            if layer.output.not_finite:
                return f"the output of layer {name}{_largest(layer)}"
        for name, layer in reversed(self.layers.items()):
            for parameter, (_, gradient) in layer.parameters.items():
                if gradient.not_finite:
                    return f"the gradient of parameter {parameter} in layer {name}"
            if layer.gradient.not_finite:
                return f"the gradient that layer {name} passes down{_largest(layer)}"
        return None

    def text(self) -> str:
        """The loss, and a table of layers and parameters."""
        head = ["", "mean size", "largest", "not finite", "gradient's mean size", "largest", "not finite"]
        rows = [head]
        for name, layer in self.layers.items():
            rows.append([name, *layer.output.cells(), *layer.gradient.cells()])
            rows += [[f"  {key}", *value.cells(), *grad.cells()] for key, (value, grad) in layer.parameters.items()]
        return f"loss {self.loss:g}\n\n{aligned(rows)}"


def report_step(
    parallel: ParallelModel, data: Dataset, samples: Array, step: int, augmentation: Sequence[BaseAugmentation]
) -> StepReport:
    """Run forward and backward of a step and measure every array. Parameters do not change, running statistics do."""
    model = parallel.model
    report = StepReport(np.nan, Sizes(), {name: LayerReport() for name, _ in model.leaves()})

    def see_output(name: str, _: Array, made: Array) -> None:
        report.layers[name].output.add(made)

    def see_gradient(name: str, _: Array, made: Array | None) -> None:
        if made is not None:
            report.layers[name].gradient.add(made)

    with ExitStack() as stack, np.errstate(all="ignore"):
        for shard in parallel.shards:
            stack.enter_context(layer_hooks(shard.model, see_output, see_gradient))
        result = parallel.train_batch(data, samples, step, augmentation)
        report.loss = result.loss
        _add_inputs(report.batch, data, samples, model.values.dtype)
        _add_parameters(report, parallel, result.grads)
    return report


def first_overflow(parallel: ParallelModel, data: Dataset) -> str | None:
    """The first layer whose outputs are not all finite when the data set is evaluated; None where all are."""
    model, found = parallel.shards[0].model, list[str]()

    def see_output(name: str, _: Array, made: Array) -> None:
        if not np.isfinite(made).all():
            found.append(name)

    with parallel.evaluation_mode(), layer_hooks(model, see_output, see_output), np.errstate(all="ignore"):
        for start in range(0, len(data), SCORE_ROWS):
            samples = np.arange(start, min(start + SCORE_ROWS, len(data)))
            model.forward(data.inputs_of(samples, model.values.dtype))
    return found[0] if found else None


def _add_inputs(sizes: Sizes, data: Dataset, samples: Array, dtype: np.dtype) -> None:
    sizes.add(data.inputs_of(samples, dtype))


def _add_parameters(report: StepReport, parallel: ParallelModel, grads: list[Array]) -> None:
    model = parallel.model
    values, total = model.named_views(model.values), model.named_views(np.sum(grads, axis=0))
    for name, value in values.items():
        sizes = (Sizes(), Sizes())
        sizes[0].add(value)
        sizes[1].add(total[name])
        report.layers.setdefault(name.rpartition(".")[0], LayerReport()).parameters[name] = sizes


def _largest(layer: LayerReport) -> str:
    """The first parameter of a layer, whose size may be the cause."""
    for name, (value, _) in layer.parameters.items():
        return f" (its parameter {name} has numbers up to {value.largest:.3g})"
    return ""
