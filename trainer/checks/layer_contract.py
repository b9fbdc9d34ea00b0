"""A check of every layer's forward and backward with a few samples, before training starts."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from base.base_layer import RandomContext
from base.base_loss import BaseLoss
from base.base_model import BaseModel
from base.dataset import Dataset
from base.errors import UserError
from base.types import Array, Shape
from model.error_context import layer_error_context, layer_label
from model.hooks import layer_hooks
from trainer.experiment import Experiment

SAMPLES = 2
UNWRITTEN = 1.2345e-30  # sentinel: no gradient equals this everywhere


def check_layers(experiment: Experiment) -> None:
    """Run forward and backward with two samples, twice, and once with as many as a shard of a batch has.

    Raises UserError that names the layer if one raises an error, returns an array of the wrong shape or dtype, changes
    its argument, leaves a gradient unwritten, or accumulates it instead of overwriting it.
    """
    data, loss = experiment.training, copy.deepcopy(experiment.settings.loss)  # shards copy the one that was never used
    model = experiment.model.replica(RandomContext(experiment.streams, 0))
    model.grads.fill(UNWRITTEN)
    few, batch = min(SAMPLES, len(data)), min(experiment.settings.data_loader.batch_size, len(data))
    with threadpool_limits(limits=1, user_api="blas"):  # as training does: two are slower where cores are shared
        _try(model, loss, data, few)
        _check_written(model)
        first = model.grads.copy()
        _try(model, loss, data, few)
        _check_repeatable(model, first)
        _try(model, loss, data, -(-batch // experiment.shards))


def _try(model: BaseModel, loss: BaseLoss, data: Dataset, count: int) -> None:
    samples, calls = np.arange(count), _Calls(model)
    x, targets = data.inputs_of(samples, model.values.dtype), data.read_targets(samples)
    watched = layer_hooks(model, calls.see_output, calls.see_gradient, calls.see_given)
    with np.errstate(all="ignore"), layer_error_context(model), watched:
        loss.forward(model.forward(x), targets, loss.loss_denominator(targets))
        model.backward(loss.backward())


def _check_written(model: BaseModel) -> None:
    for name, parameter in model.named_parameters():
        if parameter.grad.size and (parameter.grad == np.asarray(UNWRITTEN, model.grads.dtype)).all():
            owner, own = _owner(model, name)
            raise UserError(
                f"{owner}: backward leaves the gradient of its parameter {own!r} unwritten; set self.{own}.grad[...] "
                f"in each call"
            )


def _check_repeatable(model: BaseModel, first: Array) -> None:
    again = model.named_views(model.grads)
    for name, grad in model.named_views(first).items():
        if not np.array_equal(grad, again[name], equal_nan=True):
            owner, own = _owner(model, name)
            raise UserError(
                f"{owner}: backward gives another gradient of its parameter {own!r} when the same batch comes again; "
                f"write it, self.{own}.grad[...] = ..., and do not add to it; random numbers come from self.generator()"
            )


class _Calls:
    """Hooks that compare each result with the shape that `build` returned."""

    def __init__(self, model: BaseModel) -> None:
        self._model = model
        self._layers = dict(model.leaves())
        self._shapes: dict[str, Shape] = {}
        self._given = np.empty(0)

    def see_given(self, name: str, given: Array) -> None:
        """Record the argument of a call, before it."""
        self._given = given.copy()

    def see_output(self, name: str, given: Array, made: Any) -> None:
        """Check forward's argument and result."""
        self._shapes[name] = given.shape
        self._expect_unchanged(name, "forward", given)
        self._expect(name, "forward", made, (len(given), *(self._layers[name].output_shape or ())))

    def see_gradient(self, name: str, given: Array, made: Any) -> None:
        """Check backward's argument and result; None where nobody needs it."""
        self._expect_unchanged(name, "backward", given)
        if made is not None or self._layers[name].needs_input_gradient:
            self._expect(name, "backward", made, self._shapes[name])

    def _expect_unchanged(self, name: str, method: str, given: Array) -> None:
        if not np.array_equal(given, self._given, equal_nan=True):
            layer = layer_label(self._model, self._layers[name])
            raise UserError(
                f"{layer}: {method} changes the array that it is given, which other layers need; compute into "
                f"self.empty(...)"
            )

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
        layer = layer_label(self._model, self._layers[name])
        raise UserError(f"{layer}: {method} {found}; expected shape {shape}, {why}, of {dtype}")


def _owner(model: BaseModel, parameter: str) -> tuple[str, str]:
    """The layer that a parameter belongs to, and the parameter's own name there."""
    path, _, own = parameter.rpartition(".")
    return layer_label(model, dict(model.named_layers())[path]), own
