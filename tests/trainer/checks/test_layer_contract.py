"""A layer that breaks the rules is named before anything is trained."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.errors import NonFiniteError, UserError
from model.initializers.constant import Zeros
from model.layers.activations import ReLU
from model.layers.linear import Linear
from tests.running import Config, run, tree

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

FORWARD, BACKWARD, RELU = Linear.forward, Linear.backward, ReLU.forward


def silent(layer: Linear, grad: Any) -> Any:
    """A backward that forgets the bias."""
    kept = layer.bias.grad.copy()
    above = BACKWARD(layer, grad)
    layer.bias.grad[...] = kept
    return above


def adding(layer: Linear, grad: Any) -> Any:
    """A backward that accumulates."""
    before = layer.weight.grad.copy()
    above = BACKWARD(layer, grad)
    layer.weight.grad += before
    return above


def rebinding(layer: Linear, x: Any) -> Any:
    """A forward that puts something else in the place of a parameter."""
    layer.bias.value = np.ones(3)


def doubled(x: Any) -> Any:
    """Twice the same array, in place."""
    x *= 2
    return x


BROKEN: dict[str, tuple[type, str, Any, str]] = {
    "shape of the output": (
        Linear, "forward", lambda layer, x: FORWARD(layer, x)[:, :-1],
        r"layer linear1 \(Linear\): forward returned an array of shape \(2, 15\); expected shape \(2, 16\)",
    ),
    "type of the output": (
        Linear, "forward", lambda layer, x: FORWARD(layer, x).astype("f8"), "returned an array of float64; .*float32",
    ),
    "no output": (ReLU, "forward", lambda layer, x: None, r"layer relu1 \(ReLU\): forward returned NoneType, not an"),
    "shape of the gradient": (
        Linear, "backward", lambda layer, grad: BACKWARD(layer, grad) if layer.name == "linear1" else grad,
        r"layer linear2 \(Linear\): backward returned an array of shape \(2, 10\); expected shape \(2, 16\), that of",
    ),
    "no gradient": (ReLU, "backward", lambda layer, grad: None, r"layer relu1 \(ReLU\): backward returned NoneType"),
    "forward that raises": (
        Linear, "forward", lambda layer, x: 1 / 0,
        r"linear1 \(Linear\): <lambda> raised ZeroDivisionError: division by zero \(.*layer_contract.py, line \d+\)$",
    ),
    "backward that raises": (
        ReLU, "backward", lambda layer, grad: grad.nothing,
        r"layer relu1 \(ReLU\): <lambda> raised AttributeError: 'numpy.ndarray' object has no attribute 'nothing' \(",
    ),
    "a value of another shape": (
        Linear, "forward", rebinding, r"linear1 \(Linear\): rebinding raised ValueError: could not broad.*, line",
    ),
    "constructor that raises": (
        ReLU, "__init__", lambda layer: 1 / 0,
        r"ReLU cannot be made: ZeroDivisionError: division by zero \(.*, line \d+\)",
    ),
    "constructor without the base's": (
        ReLU, "__init__", lambda layer: None,
        r"arch: relu1: the constructor of ReLU must call super\(\).__init__\(\) first$",
    ),
    "build that raises": (
        ReLU, "build", lambda layer, shape: shape.nothing,
        r"arch: relu1: ReLU.build raised AttributeError: 'tuple' object has no attribute 'nothing' \(.*, line \d+\)$",
    ),
    "build without a shape": (
        ReLU, "build", lambda layer, shape: None, r"arch: relu1: ReLU.build returned None; expected the output's",
    ),
    "build with half a neuron": (ReLU, "build", lambda layer, shape: (3.5,), r"relu1: ReLU.build returned \(3.5,\)"),
    "a parameter of less than nothing": (
        ReLU, "build", lambda layer, shape: layer.add_parameter("w", (-1, 3), Zeros()),
        r"arch: relu1: 'w' cannot have the shape \(-1, 3\); expected a tuple of whole numbers of at least 0",
    ),
    "wrong for a full batch": (
        ReLU, "forward", lambda layer, x: RELU(layer, x)[: 2 if len(x) > 2 else None],
        r"layer relu1 \(ReLU\): forward returned an array of shape \(2, 16\); expected shape \(16, 16\)",
    ),
    "gradient wrong for a full batch": (
        Linear, "backward", lambda layer, grad: BACKWARD(layer, grad) if len(grad) < 3 else np.ones((1, 1), "f4"),
        r"layer linear2 \(Linear\): backward returned an array of shape \(1, 1\); expected shape \(16, 16\)",
    ),
    "gradient added": (
        Linear, "backward", adding, r"linear1 \(Linear\): backward gives another gradient of its par.*'weight'",
    ),
    "input changed": (ReLU, "forward", lambda layer, x: doubled(x), r"layer relu1 \(ReLU\): forward changes the array"),
    "gradient changed": (ReLU, "backward", lambda layer, x: doubled(x), r"\(ReLU\): backward changes the array"),
    "gradient of a parameter": (
        Linear, "backward", silent, r"layer linear1 \(Linear\): backward leaves the gradient of its parameter 'bias'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "method", "broken", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_it_is_refused_and_nothing_is_written(
    config: Config, monkeypatch: pytest.MonkeyPatch, kind: type, method: str, broken: Any, words: str
) -> None:
    monkeypatch.setattr(kind, method, broken)
    with pytest.raises(UserError, match=words):
        run(config)
    assert tree(Path()).keys() == {"config.json"}


def test_weights_that_are_too_large_are_no_forgotten_gradients(config: Config) -> None:
    with pytest.raises(NonFiniteError, match="the loss became infinite or not a number in step 1 of epoch 1"):
        run(config, 'arch.args.initializer={"type": "Normal", "args": {"std": 1e37}}')
