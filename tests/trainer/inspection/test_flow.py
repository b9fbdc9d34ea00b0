"""What flows from layer to layer is found for any module."""

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.random_streams import RandomStreams
from base.types import Array, Shape
from logger.summary import FlowStep
from model.architectures.mlp import MLP
from model.architectures.resnet import ResNet
from model.architectures.sequential import SequentialModel
from model.layers.activations import Sigmoid
from model.layers.conv import Conv2D
from model.layers.linear import Linear
from model.layers.residual import Residual
from model.layers.shape import Flatten
from trainer.inspection.flow import flow_of

STREAMS = RandomStreams(1)


class OwnModule(BaseLayer):
    """A container as users write them; its backward is not needed."""

    def backward(self, dy: Array) -> Array:
        return dy


class Dense(OwnModule):
    """Every layer sees all that came before."""

    def build(self, input_shape: Shape) -> Shape:
        for number in range(2):
            self.children[f"conv{number}"] = Conv2D(out_channels=4, kernel_size=3, padding="same")
            input_shape = (*input_shape[:-1], input_shape[-1] + self.children[f"conv{number}"].connect(input_shape)[-1])
        return input_shape

    def forward(self, x: Array) -> Array:
        for layer in self.children.values():
            x = np.concatenate([x, layer.forward(x)], axis=-1)
        return x


class Gate(OwnModule):
    """y = b(x) * sigmoid(a(x)) and x, written into one array."""

    def build(self, input_shape: Shape) -> Shape:
        self.children |= {"a": Linear(out_features=4), "switch": Sigmoid(), "b": Linear(out_features=4)}
        for layer in self.children.values():
            layer.connect(input_shape)
        return (8,)

    def forward(self, x: Array) -> Array:
        switch = self.children["switch"].forward(self.children["a"].forward(x))
        out = self.empty((len(x), 8), x.dtype)
        out[:, :4] = self.children["b"].forward(x)
        out[:, :4] *= switch
        out[:, 4:] = x
        return out


class Hidden(OwnModule):
    """Computes with something that is not NumPy."""

    def build(self, input_shape: Shape) -> Shape:
        self.children |= {"a": Linear(out_features=4), "b": Linear(out_features=4)}
        for layer in self.children.values():
            layer.connect(input_shape)
        return input_shape

    def forward(self, x: Array) -> Array:
        y = np.array(self.children["a"].forward(x).tolist(), x.dtype)
        return self.children["b"].forward(y)


def flow(model: BaseModel, *shape: int) -> list[FlowStep]:
    """The flow through a new model for samples of this shape."""
    model.build(shape, STREAMS)
    return flow_of(model, np.random.default_rng(0).random((2, *shape), np.float32), STREAMS)


def ways(steps: list[FlowStep]) -> dict[str, list[str]]:
    """Each step's inputs."""
    return {step.name: step.inputs for step in steps}


def test_an_mlp_is_a_chain() -> None:
    assert ways(flow(MLP([4, 8, 2]), 4)) == {
        "flatten1": ["input"], "linear1": ["flatten1"], "relu1": ["linear1"], "linear2": ["relu1"],
        "output": ["linear2"],
    }  # fmt: skip


def test_a_residual_network_has_sums_of_body_and_shortcut() -> None:
    found = ways(flow(ResNet(10, [4, 8]), 8, 8, 1))
    assert found["add#1"] == ["basicblock1.body.batchnorm2d2", "relu1"]
    assert found["basicblock2.body.conv2d1"] == found["basicblock2.shortcut.conv2d1"] == ["basicblock1.after.relu1"]
    assert found["add#2"] == ["basicblock2.body.batchnorm2d2", "basicblock2.shortcut.batchnorm2d1"]


def test_a_sum_that_two_take_is_one_step() -> None:
    found = ways(flow(SequentialModel([Residual([Linear(out_features=4)]), Residual([Linear(out_features=4)])]), 4))
    assert found == {
        "residual1.body.linear1": ["input"], "add#1": ["residual1.body.linear1", "input"],
        "residual2.body.linear1": ["add#1"], "add#2": ["residual2.body.linear1", "add#1"], "output": ["add#2"],
    }  # fmt: skip


def test_own_containers_are_followed_through_what_they_do_with_arrays() -> None:
    dense = flow(SequentialModel([Dense(), Flatten(), Linear(out_features=2)]), 4, 4, 2)
    assert ways(dense)["concatenate#2"] == ["concatenate#1", "dense1.conv1"]
    assert ways(dense)["flatten1"] == ["concatenate#2"]
    assert not any(step.guessed for step in dense)
    gate = ways(flow(SequentialModel([Gate(), Linear(out_features=2)]), 4))
    assert gate["gate1.b"] == gate["gate1.a"] == ["input"]
    assert set(gate["linear1"]) & {"input"} == set()


def test_what_cannot_be_followed_is_said_to_be_guessed() -> None:
    steps = flow(SequentialModel([Hidden()]), 4)
    assert [(step.name, step.inputs, step.guessed) for step in steps] == [
        ("hidden1.a", ["input"], False), ("hidden1.b", ["hidden1.a"], True), ("output", ["hidden1.b"], False)
    ]  # fmt: skip


def test_the_model_is_as_it_was() -> None:
    model = ResNet(10, [4])
    model.build((8, 8, 1), STREAMS)
    before = model.values.copy(), model.buffers.copy(), dict(vars(model.root))
    flow_of(model, np.ones((2, 8, 8, 1), np.float32), STREAMS)
    assert (model.values == before[0]).all()
    assert (model.buffers == before[1]).all()
    assert vars(model.root) == before[2]
    assert all(layer.training and "forward" not in vars(layer) for _, layer in model.named_layers())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_both_precisions_are_followed(dtype: str) -> None:
    model = MLP([4, 2])
    model.build((4,), STREAMS, dtype)
    assert ways(flow_of(model, np.ones((1, 4), dtype), STREAMS))["output"] == ["linear1"]
