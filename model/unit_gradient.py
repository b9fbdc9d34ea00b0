"""The gradient of one unit with respect to the network's input."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.types import Array


def unit_gradient(model: BaseModel, layer: str, unit: int) -> Array:
    """The gradient of one number of a layer's output, of the sample that went through the model last, (1, ...).

    `unit` counts the output's numbers in row-major order. `model.root.needs_input_gradient` must be true. It is a
    backward pass of zeros, in which the layer is given a one in the unit's place: so it holds for a layer inside any
    others. Gradients of the parameters are overwritten. Raises KeyError for a layer, IndexError for a unit that is not
    there.
    """
    chosen = dict(model.named_layers())[layer]
    assert chosen.output_shape is not None
    dtype = model.values.dtype
    dy = np.zeros((1, *chosen.output_shape), dtype)
    dy.reshape(-1)[unit] = 1
    with _given(chosen, dy):
        dx = model.backward(np.zeros((1, *model.output_shape), dtype))
    assert dx is not None
    return dx.copy()


@contextmanager
def _given(layer: BaseLayer, dy: Array) -> Iterator[None]:
    """Context manager: the layer's backward takes this gradient for the one that comes from above."""
    backward = layer.backward
    layer.__dict__["backward"] = lambda _: backward(dy)  # shadows the method on this one instance
    try:
        yield
    finally:
        del layer.__dict__["backward"]
