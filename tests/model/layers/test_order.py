"""Running layers in another order is faster and changes no number."""

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.types import Array
from model.architectures.sequential import Sequential
from model.layers.activations import ReLU, Sigmoid
from model.layers.conv import Conv2D
from model.layers.dropout import Dropout, Dropout2D
from model.layers.order import fast_order
from model.layers.pooling import AvgPool2D, MaxPool2D
from tests.one_layer import batch, replica

IMAGE = (9, 8, 2)


def kinds(layers: list[BaseLayer]) -> list[str]:
    """The layers' types."""
    return [type(layer).__name__ for layer in layers]


def test_max_pooling_is_moved_before_what_keeps_order() -> None:
    layers = [Dropout2D(), ReLU(), MaxPool2D(2), ReLU(), MaxPool2D(2), Dropout(), ReLU()]
    assert kinds(fast_order(layers)) == ["MaxPool2D", "MaxPool2D", "Dropout2D", "ReLU", "ReLU", "Dropout", "ReLU"]


@pytest.mark.parametrize("before", [Sigmoid(), Dropout()])
def test_nothing_else_is_moved(before: BaseLayer) -> None:
    assert kinds(fast_order([before, MaxPool2D(2)]))[1] == "MaxPool2D"
    assert kinds(fast_order([ReLU(), AvgPool2D(2)])) == ["ReLU", "AvgPool2D"]


def network(padding: int) -> BaseModel:
    """A convolution with everything that can be moved."""
    convolution, pooling = Conv2D(out_channels=3, kernel_size=3), MaxPool2D(2, padding=padding)
    model = replica(Sequential([convolution, Dropout2D(0.3), ReLU(), pooling]), IMAGE, "float32")
    model.root.needs_input_gradient = True
    return model


def run(model: BaseModel, as_written: bool) -> list[Array]:
    """Output and gradients, the layers being run in the order given or in the fast one."""
    model.root.as_written = as_written
    for _, layer in model.named_layers():
        layer.as_written = as_written
    x = batch(5, IMAGE, "float32")
    output = model.forward(x).copy()
    gradient = model.backward(np.cos(output))
    assert gradient is not None
    return [output, gradient.copy(), model.grads.copy()]


@pytest.mark.parametrize("padding", [0, 1])
def test_outputs_have_the_same_bits_and_gradients_differ_by_the_order_of_sums_alone(padding: int) -> None:
    written, fast = run(network(padding), as_written=True), run(network(padding), as_written=False)
    np.testing.assert_array_equal(fast[0], written[0])
    for one, other in zip(fast[1:], written[1:], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_every_layers_output_can_be_seen_as_it_is_written() -> None:
    model = network(0)
    model.eval()
    x = batch(2, IMAGE, "float32")
    shapes = {name: (2, *shape) for name, shape in model.output_shapes().items()}
    outputs = {name: model.output_of(x, name) for name, _ in model.named_layers()}
    assert {name: output.shape for name, output in outputs.items()} == shapes
    np.testing.assert_array_equal(outputs["relu1"], np.maximum(outputs["conv2d1"], 0))
    np.testing.assert_array_equal(outputs["maxpool2d1"], model.forward(x))
