"""Every way of computing a convolution computes the same, and each is taken where it should be."""

import numpy as np
import pytest

from base.base_model import BaseModel
from base.types import Array, Shape
from model.convolution.axis import axes
from model.convolution.choose import choose_correlation
from model.convolution.correlation import Correlation
from model.convolution.gathered import Gathered
from model.convolution.input_gradient import InputGradient
from model.convolution.planes import Planes
from model.convolution.winograd import Winograd
from model.layers.conv import Conv2D
from tests.gradient_check import check_model
from tests.one_layer import batch, built

WAYS: list[type[Correlation]] = [Gathered, Planes, Winograd]
every_way = pytest.mark.parametrize("way", WAYS)

# Arguments and the shape of an image: no stride and no dilation, so that every way can be taken.
DENSE: list[tuple[dict[str, object], Shape]] = [
    ({"out_channels": 2, "kernel_size": 3, "padding": 1}, (4, 5, 3)),
    ({"out_channels": 3, "kernel_size": 3}, (5, 3, 1)),
    ({"out_channels": 2, "kernel_size": [3, 2], "padding": [2, 0], "bias": False}, (1, 4, 2)),
    ({"out_channels": 2, "kernel_size": [5, 3], "padding": [3, 4]}, (4, 2, 2)),
    ({"out_channels": 4, "kernel_size": [3, 1], "groups": 2}, (3, 1, 4)),
    ({"out_channels": 1, "kernel_size": [5, 4], "padding": "same"}, (6, 3, 2)),
]
every_shape = pytest.mark.parametrize(("args", "shape"), DENSE)


@pytest.fixture
def take(monkeypatch: pytest.MonkeyPatch, way: type[Correlation]) -> None:
    """Compute everything in one way."""
    for module in ("convolution", "input_gradient"):
        monkeypatch.setattr(f"model.convolution.{module}.choose_correlation", lambda *args: way(*args))


def run(model: BaseModel, x: Array) -> list[Array]:
    """Output and gradients."""
    model.root.needs_input_gradient = True
    output = model.forward(x).copy()
    return [output, np.asarray(model.backward(np.cos(output))).copy(), model.grads.copy()]


def by_loops(layer: Conv2D, x: Array) -> Array:
    """The convolution as its formula says, for one group, stride 1 and padding (2, 1)."""
    weight = layer.weight.value
    padded = np.pad(x, ((0, 0), (2, 2), (1, 1), (0, 0)))
    height, width, _, channels = weight.shape
    out = np.zeros((len(x), padded.shape[1] - height + 1, padded.shape[2] - width + 1, channels))
    for n, y, z, channel in np.ndindex(out.shape):
        out[n, y, z, channel] = np.sum(padded[n, y : y + height, z : z + width] * weight[..., channel])
    return out + layer.bias.value


@every_way
@pytest.mark.usefixtures("take")
def test_the_output_is_what_loops_over_the_formula_give(way: type[Correlation]) -> None:
    layer = Conv2D(out_channels=2, kernel_size=(3, 2), padding=(2, 1))
    x = batch(2, (4, 3, 2))
    model = built(layer, (4, 3, 2))
    root = model.root
    assert isinstance(root, Conv2D)
    np.testing.assert_allclose(model.forward(x), by_loops(root, x), rtol=1e-12, atol=1e-12)


@every_way
@every_shape
@pytest.mark.usefixtures("take")
def test_gradients_are_those_of_finite_differences_in_every_way(
    way: type[Correlation], args: dict[str, object], shape: Shape
) -> None:
    check_model(built(Conv2D(**args), shape), batch(3, shape))  # type: ignore[arg-type]


@every_way
@every_shape
@pytest.mark.usefixtures("take")
def test_images_taken_one_at_a_time_give_what_all_at_once_give(
    monkeypatch: pytest.MonkeyPatch, way: type[Correlation], args: dict[str, object], shape: Shape
) -> None:
    x = batch(3, shape)
    at_once = run(built(Conv2D(**args), shape), x)  # type: ignore[arg-type]
    monkeypatch.setattr(way, "piece", 1)
    for found, expected in zip(run(built(Conv2D(**args), shape), x), at_once, strict=True):  # type: ignore[arg-type]
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("args", "shape"),
    [
        *DENSE,
        ({"out_channels": 8, "kernel_size": 3, "padding": 1}, (4, 5, 8)),
        ({"out_channels": 2, "kernel_size": 1, "padding": 1}, (4, 5, 2)),
        ({"out_channels": 4, "kernel_size": 1, "padding": 1, "groups": 2}, (4, 5, 4)),
        ({"out_channels": 2, "kernel_size": 3, "stride": 2, "dilation": 2, "padding": 1}, (6, 7, 2)),
    ],
)
def test_what_other_layers_compute_between_forward_and_backward_changes_nothing(
    args: dict[str, object], shape: Shape
) -> None:
    x = batch(3, shape)
    alone = run(built(Conv2D(**args), shape), x)  # type: ignore[arg-type]
    model, other = (built(Conv2D(**args), shape) for _ in range(2))  # type: ignore[arg-type]
    model.root.needs_input_gradient = True
    output = model.forward(x).copy()
    run(other, -3 * x)
    found = [output, np.asarray(model.backward(np.cos(output))), model.grads]
    for mixed, expected in zip(found, alone, strict=True):
        np.testing.assert_array_equal(mixed, expected)


@pytest.mark.parametrize("kernel", [3, 5])
def test_in_float32_the_fast_way_is_off_by_little_more_than_rounding(kernel: int) -> None:
    shape = (12, 12, 32)
    outputs = []
    for dtype in ("float32", "float64"):
        model = built(Conv2D(out_channels=16, kernel_size=kernel, bias=False), shape, dtype)
        outputs.append(model.forward(batch(2, shape, dtype)).astype("float64"))
    assert np.abs(outputs[0] - outputs[1]).max() < 3e-5 * outputs[1].std()


def way_of(kernel: int, stride: int, dilation: int, channels: int) -> type[Correlation]:
    """What is chosen for images of 14 x 14."""
    rows, columns = axes((14, 14), (kernel, kernel), (stride, stride), 1, (dilation, dilation))
    return type(choose_correlation(rows, columns, channels, 16))


def test_the_way_follows_from_the_shapes() -> None:
    assert way_of(kernel=3, stride=1, dilation=1, channels=1) is Planes
    assert way_of(kernel=7, stride=1, dilation=1, channels=1) is Gathered
    assert way_of(kernel=3, stride=1, dilation=1, channels=3) is Gathered
    assert way_of(kernel=3, stride=1, dilation=1, channels=16) is Winograd
    assert way_of(kernel=5, stride=1, dilation=1, channels=16) is Winograd
    assert way_of(kernel=1, stride=1, dilation=1, channels=16) is Gathered
    assert way_of(kernel=3, stride=2, dilation=1, channels=16) is Gathered
    assert way_of(kernel=3, stride=1, dilation=2, channels=16) is Gathered


def test_the_gradient_of_an_input_that_nobody_asks_for_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = built(Conv2D(out_channels=2, kernel_size=3), (4, 4, 2))
    monkeypatch.delattr(InputGradient, "write")
    assert model.root.needs_input_gradient is False
    assert model.backward(np.ones_like(model.forward(batch(2, (4, 4, 2))))) is None


def test_a_1_x_1_convolution_reads_the_image_where_it_lies() -> None:
    rows, columns = axes((3, 4), (1, 1), (1, 1), 0, (1, 1))
    x = batch(2, (3, 4, 5))
    gathered = Gathered(rows, columns, 5, 2)
    assert np.shares_memory(gathered.gather(x), x)


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
def test_arguments_that_contradict_each_other_are_refused(args: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Conv2D(out_channels=3, kernel_size=3, **args)  # type: ignore[arg-type]
