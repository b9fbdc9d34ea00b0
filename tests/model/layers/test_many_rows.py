"""Gradients of biases are sums over all samples and positions, and keep their digits in float32."""

import copy
from collections.abc import Callable

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.types import Array, Shape
from model.layers.batch_norm import BatchNorm1D, BatchNorm2D
from model.layers.conv import Conv2D
from model.layers.layer_norm import LayerNorm
from model.layers.linear import Linear
from tests.every_ops import choose_ops, every_ops
from tests.one_layer import built

# A layer, its samples' shape, and how many of them make 100,000 rows.
LAYERS: list[tuple[BaseLayer, Shape, int]] = [
    (Linear(out_features=1), (1,), 100_000),
    (Linear(out_features=10), (1,), 100_000),
    (Linear(out_features=130), (2, 1), 50_000),
    (Conv2D(out_channels=3, kernel_size=3, padding=1), (25, 40, 1), 100),
    (Conv2D(out_channels=4, kernel_size=1), (250, 400, 1), 1),
    (Conv2D(out_channels=2, kernel_size=2, padding="same", groups=2), (10, 10, 2), 1000),
    (BatchNorm1D(), (8,), 100_000),
    (BatchNorm2D(), (250, 400, 3), 1),
    (LayerNorm(), (8,), 100_000),
    (LayerNorm(), (2, 130), 50_000),
]


def uniform(shape: Shape) -> Array:
    """Numbers from 0 to 1, whose sums grow."""
    return np.random.default_rng(3).random(shape).astype(np.float32)


def tenths(shape: Shape) -> Array:
    """A number that is rounded in one direction over and over."""
    return np.full(shape, 0.1, np.float32)


@every_ops
@pytest.mark.parametrize("above", [uniform, tenths, lambda shape: uniform(shape) - 0.5], ids=["0..1", "0.1", "centred"])
@pytest.mark.parametrize(("layer", "shape", "count"), LAYERS, ids=lambda value: getattr(type(value), "__name__", ""))
def test_a_sum_over_100_000_rows_errs_by_two_ten_millionths(
    layer: BaseLayer, shape: Shape, count: int, above: Callable[[Shape], Array], ops: str
) -> None:
    model = built(copy.deepcopy(layer), shape, "float32", choose_ops(ops))
    dy = above(model.forward(uniform((count, *shape))).shape)
    model.backward(dy)
    rows = dy.reshape(-1, dy.shape[-1]).astype(np.float64)
    error = np.abs(model.root.parameters["bias"].grad - rows.sum(0))
    assert (error <= 2e-7 * np.abs(rows).sum(0)).all()
