"""Conv2D against loops over its formula, and what it refuses."""

import numpy as np
import pytest

from base.types import Array
from model.layers.conv import Conv2D
from ops.formulas.convolution import Convolutions
from tests.every_ops import choose_ops, every_ops
from tests.one_layer import batch, built


def by_loops(layer: Conv2D, x: Array) -> Array:
    """The convolution as its formula says, for one group, stride 1 and padding (2, 1)."""
    weight = layer.weight.value
    padded = np.pad(x, ((0, 0), (2, 2), (1, 1), (0, 0)))
    height, width, _, channels = weight.shape
    out = np.zeros((len(x), padded.shape[1] - height + 1, padded.shape[2] - width + 1, channels))
    for n, y, z, channel in np.ndindex(out.shape):
        out[n, y, z, channel] = np.sum(padded[n, y : y + height, z : z + width] * weight[..., channel])
    return out + layer.bias.value


@every_ops
def test_output_of_loops(ops: str) -> None:
    x = batch(2, (4, 3, 2))
    model = built(Conv2D(out_channels=2, kernel_size=(3, 2), padding=(2, 1)), (4, 3, 2), ops=choose_ops(ops))
    assert isinstance(model.root, Conv2D)
    np.testing.assert_allclose(model.forward(x), by_loops(model.root, x), rtol=1e-12, atol=1e-12)


def test_unneeded_input_gradient_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = built(Conv2D(out_channels=2, kernel_size=3), (4, 4, 2))
    monkeypatch.delattr(Convolutions, "conv2d_input_gradient")
    assert model.root.needs_input_gradient is False
    assert model.backward(np.ones_like(model.forward(batch(2, (4, 4, 2))))) is None


def test_kernels_are_drawn_by_how_many_inputs_they_see() -> None:
    layer = Conv2D(out_channels=64, kernel_size=(3, 5), groups=2)
    layer.connect((8, 8, 32))
    assert layer.weight.shape == (3, 5, 16, 64)
    drawn = layer.weight.initializer.sample(layer.weight.shape, np.random.default_rng(0))
    assert drawn.std() == pytest.approx(np.sqrt(2 / (3 * 5 * 16)), rel=0.02)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"padding": "same", "stride": 2}, 'padding "same" needs stride 1, got stride 2'),
        ({"padding": "same", "stride": (1, 3)}, r"got stride \(1, 3\); give the padding as numbers"),
        ({"groups": 2}, "out_channels must be a multiple of groups, 2, got 3"),
    ],
)
def test_contradicting_arguments_are_refused(args: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Conv2D(out_channels=3, kernel_size=3, **args)  # type: ignore[arg-type]
