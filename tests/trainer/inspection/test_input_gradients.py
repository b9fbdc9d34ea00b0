"""Gradients with respect to inputs are those of the network, and leave it as it was."""

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.random_streams import RandomStreams
from base.types import Array, Shape
from model.architectures.cnn import CNN
from model.architectures.mlp import MLP
from model.architectures.resnet import ResNet
from model.architectures.sequential import SequentialModel
from model.layers.linear import Linear
from trainer.inspection.input_gradients import input_gradients

STREAMS = RandomStreams(1)
SHAPE = (8, 8, 1)


class Deaf(BaseLayer):
    """Passes no gradient on."""

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array) -> Array:
        return x

    def backward(self, dy: Array) -> Array | None:
        return None


@pytest.mark.parametrize(
    "model",
    [MLP([64, 5, 3], dropout=0.5), CNN([2], 3, [4], batch_norm=True), ResNet(3, [2, 4])],
    ids=["mlp", "cnn", "resnet"],
)
def test_they_are_those_of_finite_differences(model: BaseModel) -> None:
    model.build(SHAPE, STREAMS, "float64")
    random = np.random.default_rng(0)
    x, dy, step = random.normal(size=(2, *SHAPE)), random.normal(size=(2, 3)), random.normal(size=(2, *SHAPE))
    before = model.values.copy(), model.buffers.copy(), model.grads.copy()
    gradient = input_gradients(model, x, dy, STREAMS)
    assert gradient is not None
    model.eval()
    up, down = ((model.forward(x + way * 1e-6 * step) * dy).sum() for way in (1, -1))
    assert (gradient * step).sum() == pytest.approx((up - down) / 2e-6, rel=1e-5)
    for was, held in zip(before, (model.values, model.buffers, model.grads), strict=True):
        np.testing.assert_array_equal(was, held)
    assert not model.root.needs_input_gradient


def test_a_module_that_passes_nothing_on_has_none() -> None:
    model = SequentialModel([Deaf(), Linear(out_features=2)])
    model.build((4,), STREAMS)
    assert input_gradients(model, np.ones((1, 4), np.float32), np.ones((1, 2)), STREAMS) is None


def test_numbers_that_are_not_finite_have_none() -> None:
    model = MLP([4, 2])
    model.build((4,), STREAMS)
    model.values.fill(np.inf)
    assert input_gradients(model, np.ones((1, 4), np.float32), np.ones((1, 2)), STREAMS) is None
