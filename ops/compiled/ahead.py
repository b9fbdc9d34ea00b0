"""All kernels, compiled before anything needs them: each operation is called with a few numbers.

What many trainings use comes first, from the end of a step to its beginning: a process that compiles beside a training,
which begins with the forward pass, meets it halfway.
"""

import time

import numpy as np

from base.types import Array
from ops.compiled.cache import DiskCache
from ops.compiled.compiled_ops import CompiledOps
from ops.formulas.convolution import Geometry
from ops.formulas.pooling import PoolWindows
from ops.ops import Ops

_RATE = 0.5  # where any number will do
_WINDOWS = PoolWindows((2, 2), (2, 2), (0, 0))


def compile_all(dtype: str) -> tuple[int, float]:
    """Compile all kernels for a type of numbers; returns how many were missing, and this process' seconds of a core."""
    call_all(CompiledOps(), dtype)
    return DiskCache.compiled, time.process_time()


def call_all(ops: Ops, dtype: str) -> None:
    """Call each operation for numbers of a type, in each way that has kernels of its own."""
    common = (_updates, _resampling, _normalizations, _pooling, _convolutions, _products, _activations, _losses)
    for call in (*common, _other_convolutions, _other_layers, _other_activations, _other_optimizers, _shift):
        call(ops, dtype)


def _numbers(dtype: str, *shape: int) -> Array:
    return np.ones(shape, dtype)


def _updates(ops: Ops, dtype: str) -> None:
    w, g, m, v, u = (_numbers(dtype, 4) for _ in range(5))
    ops.sum_shards([m, v, u, g.copy(), g.copy()], w, _RATE, _RATE)
    ops.sgd(w, g, m, _RATE, _RATE, _RATE, True, _RATE)
    ops.all_finite(g)
    ops.sum_of_squares(g)
    betas = _RATE, _RATE
    ops.adam(w, g, m, v, u, _RATE, betas, betas, _RATE, _RATE, True)


def _resampling(ops: Ops, dtype: str) -> None:
    images, places, maps = _numbers(dtype, 1, 2, 2, 1), _numbers(dtype, 1, 2, 4), _numbers(dtype, 1, 2, 3)
    ops.bilinear(images, places, _RATE, np.empty_like(images))
    ops.affine(places, maps, np.empty_like(places))
    ops.smooth(images[..., 0], images[0, ..., 0], images[0, ..., 0], np.empty_like(images[..., 0]))
    ops.read_inputs(np.zeros((2, 3), np.uint8), np.arange(2), None, 1.0, _numbers(dtype, 2, 3))


def _normalizations(ops: Ops, dtype: str) -> None:
    x, row, statistics = _numbers(dtype, 3, 1, 2), _numbers(dtype, 2), (_numbers(dtype, 2), _numbers(dtype, 2))
    ops.batch_norm_weight_gradient(x, x, *statistics, row, row)
    ops.batch_norm_input_gradient(x, x, *statistics, row, row, row, np.empty_like(x))
    ops.batch_norm(x, *statistics, row, row, np.empty_like(x))
    ops.mean_and_variance(x, *statistics)


def _pooling(ops: Ops, dtype: str) -> None:
    _max_pool(ops, dtype, 16, np.uint8)  # in whole vectors


def _max_pool(ops: Ops, dtype: str, channels: int, places: type[np.uint8] | type[np.int32]) -> None:
    x, y, windows = _numbers(dtype, 1, 4, 4, channels), _numbers(dtype, 1, 2, 2, channels), _WINDOWS
    winners = np.zeros(y.shape, places)
    ops.max_pool2d_gradient(y, windows, winners, x)
    ops.max_pool2d(x, windows, y, winners)


def _convolutions(ops: Ops, dtype: str) -> None:
    for channels in (16, 2):  # Winograd's way, and tiles
        _convolve(ops, dtype, channels, 3, 1)


def _other_convolutions(ops: Ops, dtype: str) -> None:
    _convolve(ops, dtype, 2, 1, 1)
    _convolve(ops, dtype, 2, 1, 2)  # each channel by itself


def _convolve(ops: Ops, dtype: str, channels: int, kernel: int, groups: int) -> None:
    geometry = Geometry((1, 1), (kernel // 2,) * 2, (1, 1), groups)
    x, bias = _numbers(dtype, 1, 4, 4, channels), _numbers(dtype, channels)
    weight = _numbers(dtype, kernel, kernel, channels // groups, channels)
    ops.conv2d_weight_gradient(x, x, geometry, weight, bias)
    ops.conv2d_input_gradient(x, weight, geometry, np.empty_like(x))
    ops.conv2d(x, weight, bias, geometry, np.empty_like(x))


def _products(ops: Ops, dtype: str) -> None:
    x, weight, dy, bias = (_numbers(dtype, *shape) for shape in ((2, 3), (3, 4), (2, 4), (4,)))
    ops.linear(x, weight, bias, dy)
    ops.linear_weight_gradient(x, dy, weight, bias)
    ops.linear_input_gradient(dy, weight, x)
    ops.column_sums(x, _numbers(dtype, 3))
    ops.total(x)


def _activations(ops: Ops, dtype: str) -> None:
    x, out = _numbers(dtype, 2), _numbers(dtype, 2)
    for gradient in (ops.relu_gradient, ops.sigmoid_gradient, ops.tanh_gradient):
        gradient(x, x, out)
    for function in (ops.relu, ops.sigmoid, ops.tanh):
        function(x, out)


def _losses(ops: Ops, dtype: str) -> None:
    x, out = _numbers(dtype, 2, 3), _numbers(dtype, 2, 3)
    ops.cross_entropy(x, np.zeros(2, np.int64), 2.0, out)
    ops.soft_cross_entropy(x, x, 2.0, out)
    ops.softmax(x, out)
    ops.softmax_gradient(x, x, out)
    ops.log_softmax(x, out)
    ops.log_softmax_gradient(x, x, out)


def _other_layers(ops: Ops, dtype: str) -> None:
    for channels, places in ((1, np.uint8), (16, np.int32), (1, np.int32)):  # one channel: scattered one by one
        _max_pool(ops, dtype, channels, places)
    x, y = _numbers(dtype, 1, 4, 4, 1), _numbers(dtype, 1, 2, 2, 1)
    ops.avg_pool2d(x, _WINDOWS, True, y)
    ops.avg_pool2d_gradient(y, _WINDOWS, True, x)
    ops.global_avg_pool2d(x, y[:, 0, 0])
    ops.global_avg_pool2d_gradient(y[:, 0, 0], x)
    ops.scale_channels(x[0], _numbers(dtype, 4, 1), np.empty_like(x[0]))
    rows, of_rows, row = _numbers(dtype, 3, 2), (_numbers(dtype, 3), _numbers(dtype, 3)), _numbers(dtype, 2)
    ops.layer_norm(rows, _RATE, row, row, *of_rows, np.empty_like(rows))
    ops.layer_norm_gradient(rows, rows, *of_rows, row, row, row, np.empty_like(rows))


def _other_activations(ops: Ops, dtype: str) -> None:
    x, out = _numbers(dtype, 2), _numbers(dtype, 2)
    for function in (ops.exp, ops.log, ops.log1p, ops.softplus, ops.silu):
        function(x, out)
    ops.silu_gradient(x, x, out)
    ops.leaky_relu(x, _RATE, out)
    ops.leaky_relu_gradient(x, x, _RATE, out)
    for approximate in ("none", "tanh"):
        ops.gelu(x, approximate, out)
        ops.gelu_gradient(x, x, approximate, out)


def _other_optimizers(ops: Ops, dtype: str) -> None:
    w, g, m, v, u = (_numbers(dtype, 4) for _ in range(5))
    ops.add_penalty_gradient(w, g, _RATE, _RATE)
    ops.sum_of_magnitudes(g)
    for change in (ops.scale, ops.clip):
        change(g, _RATE)
    ops.move_average(m, w, _RATE)
    ops.bound_norms(w.reshape(2, 2), _RATE)
    ops.adagrad(w, g, v, _RATE, _RATE, _RATE)
    ops.adadelta(w, g, v, u, _RATE, _RATE, _RATE, _RATE)
    ops.rmsprop(w, g, v, m, u, _RATE, _RATE, _RATE, _RATE, _RATE)
    ops.lion(w, g, m, _RATE, (_RATE, _RATE), _RATE)


def _shift(ops: Ops, dtype: str) -> None:
    ops.shift(_numbers(dtype, 1, 2, 2, 1), np.zeros((1, 2), np.int64), _RATE)
