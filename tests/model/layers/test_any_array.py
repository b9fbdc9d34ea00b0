"""Every layer takes arrays of any memory order, and batches of no samples; of integers it says that it takes none."""

from collections.abc import Callable

import numpy as np
import pytest

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.types import Array
from model.layers.activations import ReLU
from tests.cases.layers import CASES, LayerCase
from tests.every_ops import choose_ops, every_ops
from tests.one_layer import batch, built

every_layer = pytest.mark.parametrize("case", CASES, ids=str)
in_both_modes = pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
COUNT = 33  # samples: enough for the order of a sum over them to show in its bits


def strided(array: Array) -> Array:
    """Every second number of a larger array, along each axis."""
    larger = np.full([2 * side for side in array.shape], np.nan, array.dtype)
    view = larger[tuple(slice(None, None, 2) for _ in array.shape)]
    view[...] = array
    return view


def backwards(array: Array) -> Array:
    """An array whose strides are all negative."""
    turned = tuple(slice(None, None, -1) for _ in array.shape)
    return np.ascontiguousarray(array[turned])[turned]


def channels_first(array: Array) -> Array:
    """An array whose last axis comes second in memory, as that of images in PyTorch's order."""
    second = min(1, array.ndim - 1)
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(array, -1, second)), second, -1)


def unaligned(array: Array) -> Array:
    """An array that begins one byte after where a number of its type may begin."""
    view = np.empty(array.nbytes + 1, np.uint8)[1:].view(array.dtype).reshape(array.shape)
    view[...] = array
    return view


def read_only(array: Array) -> Array:
    """An array that nobody may write to."""
    copy = array.copy()
    copy.flags.writeable = False
    return copy


def byte_swapped(array: Array) -> Array:
    """An array of numbers whose bytes stand in the other order."""
    return array.astype(array.dtype.newbyteorder())


ORDERS = (np.asfortranarray, strided, backwards, channels_first, unaligned, read_only, byte_swapped)


def model_of(case: LayerCase, ops: str, dtype: str = "float32", training: bool = True) -> BaseModel:
    """The layer in a model that computes the gradient of its input too."""
    model = built(case.make(), case.input_shape, dtype, choose_ops(ops))
    model.train(training)
    model.root.needs_input_gradient = True
    return model


def results(model: BaseModel, arranged: Callable[[Array], Array], dtype: str) -> list[bytes]:
    """The bits of output, gradients and buffers, for input and gradient from above arranged in memory in some way."""
    output = np.array(model.forward(arranged(batch(COUNT, model.input_shape, dtype))), order="C")
    gradient = model.backward(arranged(np.cos(output)))
    return [np.asarray(array).tobytes() for array in (output, gradient, model.grads, model.next_buffers)]


@every_ops
@every_layer
@in_both_modes
def test_the_order_of_numbers_in_memory_changes_no_bit(case: LayerCase, training: bool, ops: str) -> None:
    for dtype in ("float32", "float64"):
        model = model_of(case, ops, dtype, training)
        expected = results(model, np.ascontiguousarray, dtype)
        for arranged in ORDERS:
            assert results(model, arranged, dtype) == expected, (arranged.__name__, dtype)


@every_ops
@every_layer
@in_both_modes
def test_a_batch_of_no_samples_passes_and_has_gradients_of_0(case: LayerCase, training: bool, ops: str) -> None:
    model = model_of(case, ops, training=training)
    model.grads.fill(7)
    output = model.forward(np.empty((0, *case.input_shape), np.float32))
    gradient = model.backward(np.empty_like(output))
    assert gradient is not None
    assert (output.shape, gradient.shape) == ((0, *case.output_shape), (0, *case.input_shape))
    assert not model.grads.any()
    if training:  # nothing to add to running averages
        assert np.isnan(model.next_buffers).all()


@every_ops
@every_layer
def test_other_numbers_than_float32_and_float64_are_refused(case: LayerCase, ops: str) -> None:
    model = model_of(case, ops)
    for dtype in ("uint8", "int64", "bool", "float16", "complex64"):
        words = rf"computes with float32 or float64, got {dtype}; .* x.astype\("
        with pytest.raises(TypeError, match=words):
            model.forward(np.ones((2, *case.input_shape), dtype))
        output = model.forward(batch(2, case.input_shape, "float32"))
        with pytest.raises(TypeError, match=words):
            model.backward(np.ones(output.shape, dtype))


def test_layers_of_ones_own_are_given_arrays_in_order() -> None:
    class Own(ReLU):
        def forward(self, x: Array) -> Array:
            assert x.flags.c_contiguous
            return super().forward(x)

    class Silent(BaseLayer):
        def build(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
            return input_shape

        def forward(self, x: Array) -> Array:
            assert x.flags.c_contiguous
            return x

        def backward(self, dy: Array) -> Array:
            assert dy.flags.c_contiguous
            return dy

    x = np.asfortranarray(batch(3, (2, 2)))
    for layer in (Own(), Silent()):
        assert layer.backward(layer.forward(x)).shape == x.shape
