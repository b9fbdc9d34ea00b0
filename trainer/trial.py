"""Two samples through a network and back, to find layers that break the rules before anything is trained."""

from __future__ import annotations

from typing import Any

import numpy as np

from base.base_layer import ShardClock
from base.base_model import BaseModel
from base.errors import UserError
from base.types import Array, Shape
from trainer.experiment import Experiment
from trainer.layer_watch import watching

SAMPLES = 2
UNWRITTEN = 1.2345e-30  # what no gradient is everywhere


def try_layers(experiment: Experiment) -> None:
    """Raises UserError that names the layer whose outputs or gradients have other shapes than they should, or types,
    or which leaves a gradient unwritten."""
    data, loss = experiment.training, experiment.run.loss
    samples = np.arange(min(SAMPLES, len(data)))
    model = experiment.model.replica(ShardClock(experiment.streams, 0))
    model.grads.fill(UNWRITTEN)
    x, targets = data.inputs_of(samples, model.values.dtype), data.read_targets(samples)
    shapes = _Shapes(model)
    with np.errstate(all="ignore"), model.as_written(), watching(model, shapes.see_output, shapes.see_gradient):
        loss.forward(model.forward(x), targets, loss.normaliser(targets))
        model.backward(loss.backward())
    for name, parameter in model.named_parameters():
        if parameter.grad.size and (parameter.grad == np.asarray(UNWRITTEN, x.dtype)).all():
            path, _, own = name.rpartition(".")
            raise UserError(
                f"{_who(model, path)}: backward leaves the gradient of its parameter {own!r} unwritten; set "
                f"self.{own}.grad[...] in each call"
            )


class _Shapes:
    """Compares what layers make with what they said when they were built."""

    def __init__(self, model: BaseModel) -> None:
        self._model = model
        self._layers = dict(model.leaves())
        self._given: dict[str, Shape] = {}

    def see_output(self, name: str, given: Array, made: Any) -> None:
        """What forward was given, and made of it."""
        self._given[name] = given.shape
        self._expect(name, "forward", made, (len(given), *(self._layers[name].output_shape or ())))

    def see_gradient(self, name: str, given: Array, made: Any) -> None:
        """What backward was given, and made of it; None where nobody needs it."""
        if made is not None or self._layers[name].needs_input_gradient:
            self._expect(name, "backward", made, self._given[name])

    def _expect(self, name: str, method: str, made: Any, shape: Shape) -> None:
        dtype = self._model.values.dtype
        if not isinstance(made, np.ndarray):
            found = f"returned {type(made).__name__}, not an array"
        elif made.shape != shape:
            found = f"returned an array of shape {made.shape}"
        elif made.dtype != dtype:
            found = f"returned an array of {made.dtype}"
        else:
            return
        why = "as build said" if method == "forward" else "that of its input"
        raise UserError(f"{_who(self._model, name)}: {method} {found}; expected shape {shape}, {why}, of {dtype}")


def _who(model: BaseModel, name: str) -> str:
    return f"layer {name} ({type(dict(model.named_layers())[name]).__name__})"
