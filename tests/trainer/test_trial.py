"""A layer that breaks the rules is named before anything is trained."""

from pathlib import Path
from typing import Any

import pytest

from base.errors import NonFiniteError, UserError
from model.layers.activations import ReLU
from model.layers.linear import Linear
from tests.running import Config, run, tree

pytestmark = pytest.mark.usefixtures("here", "no_pictures")

FORWARD, BACKWARD = Linear.forward, Linear.backward


def silent(layer: Linear, grad: Any) -> Any:
    """A backward that forgets the bias."""
    kept = layer.bias.grad.copy()
    above = BACKWARD(layer, grad)
    layer.bias.grad[...] = kept
    return above


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
