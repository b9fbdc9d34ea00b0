"""The gradient of any unit by the input is that of finite differences."""

from typing import Any

import numpy as np
import pytest

from base.base_model import BaseModel
from base.types import Array, Shape
from model.architectures.cnn import CNN
from model.architectures.mlp import MLP
from model.architectures.sequential import SequentialModel
from model.layers.activations import Tanh
from model.layers.conv import Conv2D
from model.layers.residual import Residual
from model.layers.shape import Flatten
from model.unit_gradient import unit_gradient
from tests.one_layer import batch, replica

SMALL = 1e-6


def convolution() -> Conv2D:
    return Conv2D(out_channels=2, kernel_size=3, padding=1)


CASES: dict[str, tuple[BaseModel, Shape, str, int]] = {
    "the last layer": (MLP(layer_sizes=[5, 4, 3], activation=Tanh()), (5,), "linear2", 1),
    "a hidden layer": (MLP(layer_sizes=[5, 4, 3], activation=Tanh()), (5,), "tanh1", 3),
    "the first layer": (CNN(channels=[2], classes=3, activation=Tanh()), (6, 6, 1), "conv2d1", 7),
    "a layer of a block": (
        SequentialModel([convolution(), Residual([convolution(), Tanh(), convolution()]), Flatten()]),
        (4, 4, 2),
        "residual1.body.tanh1",
        9,
    ),
    "a container": (SequentialModel([Residual([convolution(), Tanh()]), Flatten()]), (4, 4, 2), "residual1", 5),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_as_finite_differences(case: tuple[BaseModel, Shape, str, int]) -> None:
    made, shape, layer, unit = case
    model = replica(made, shape)
    model.eval()
    model.root.needs_input_gradient = True
    x = batch(1, shape)

    def value(inputs: Array) -> float:
        return float(model.output_of(inputs, layer).reshape(-1)[unit])

    expected = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = SMALL
        expected[place] = (value(x + step) - value(x - step)) / (2 * SMALL)
    model.forward(x)
    found = unit_gradient(model, layer, unit)
    assert np.allclose(found, expected, rtol=1e-6, atol=1e-8)
    assert np.abs(found).max() > 0


@pytest.mark.parametrize(("layer", "unit", "error"), [("none", 0, KeyError), ("linear2", 3, IndexError)])
def test_a_unit_that_is_not_there_is_an_error_and_leaves_layers_as_they_were(layer: str, unit: int, error: Any) -> None:
    model = replica(MLP(layer_sizes=[5, 4, 3]), (5,))
    model.root.needs_input_gradient = True
    model.forward(batch(1, (5,)))
    with pytest.raises(error):
        unit_gradient(model, layer, unit)
    assert all("backward" not in vars(one) for _, one in model.named_layers())
