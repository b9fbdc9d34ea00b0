"""All kernels, compiled before anything needs them: each operation is called with a few numbers."""

import time
from itertools import product

import numpy as np

from base.types import Array
from ops.compiled.cache import DiskCache
from ops.compiled.compiled_ops import CompiledOps
from ops.formulas.convolution import Geometry
from ops.formulas.pooling import PoolWindows
from ops.ops import Ops

_RATE = 0.5  # where any number will do


def compile_all(dtype: str) -> tuple[int, float]:
    """How many kernels had to be compiled for numbers of a type, and how many seconds of a core this process took."""
    call_all(CompiledOps(), dtype)
    return DiskCache.compiled, time.process_time()


def compile_from_the_end(dtype: str) -> None:
    """Compile beside a process that begins with the tile, which takes longest, and with layers."""
    for call in reversed(_CALLS):
        call(CompiledOps(), dtype)


def call_all(ops: Ops, dtype: str) -> None:
    """Call each operation for numbers of a type, in each way that has kernels of its own."""
    for call in _CALLS:
        call(ops, dtype)


def _numbers(dtype: str, *shape: int) -> Array:
    return np.ones(shape, dtype)


def _products(ops: Ops, dtype: str) -> None:
    x, weight, dy, bias = (_numbers(dtype, *shape) for shape in ((2, 3), (3, 4), (2, 4), (4,)))
    ops.linear(x, weight, bias, dy)
    ops.linear_weight_gradient(x, dy, weight, bias)
    ops.linear_input_gradient(dy, weight, x)
    ops.column_sums(x, _numbers(dtype, 3))
    ops.total(x)


def _convolutions(ops: Ops, dtype: str) -> None:
    for channels, kernel, groups in ((16, 3, 1), (2, 1, 1), (2, 1, 2)):  # Winograd's way, tiles, each channel by itself
        geometry = Geometry((1, 1), (kernel // 2,) * 2, (1, 1), groups)
        x, bias = _numbers(dtype, 1, 4, 4, channels), _numbers(dtype, channels)
        weight = _numbers(dtype, kernel, kernel, channels // groups, channels)
        ops.conv2d(x, weight, bias, geometry, np.empty_like(x))
        ops.conv2d_weight_gradient(x, x, geometry, weight, bias)
        ops.conv2d_input_gradient(x, weight, geometry, np.empty_like(x))


def _pooling(ops: Ops, dtype: str) -> None:
    for channels, places in product((1, 16), (np.uint8, np.int32)):  # scattered one by one, and in whole vectors
        windows = PoolWindows((2, 2), (2, 2), (0, 0))
        x, y = _numbers(dtype, 1, 4, 4, channels), _numbers(dtype, 1, 2, 2, channels)
        winners = np.zeros(y.shape, places)
        ops.max_pool2d(x, windows, y, winners)
        ops.max_pool2d_gradient(y, windows, winners, x)
    ops.avg_pool2d(x, windows, True, y)
    ops.avg_pool2d_gradient(y, windows, True, x)
    ops.global_avg_pool2d(x, y[:, 0, 0])
    ops.global_avg_pool2d_gradient(y[:, 0, 0], x)


def _normalizations(ops: Ops, dtype: str) -> None:
    x, row = _numbers(dtype, 3, 1, 2), _numbers(dtype, 2)
    statistics = _numbers(dtype, 2), _numbers(dtype, 2)
    weight_grad, bias_grad = _numbers(dtype, 2), _numbers(dtype, 2)
    ops.mean_and_variance(x, *statistics)
    ops.batch_norm(x, *statistics, row, row, np.empty_like(x))
    ops.batch_norm_weight_gradient(x, x, *statistics, weight_grad, bias_grad)
    ops.batch_norm_input_gradient(x, x, *statistics, row, weight_grad, bias_grad, np.empty_like(x))
    ops.scale_channels(x, _numbers(dtype, 3, 2), np.empty_like(x))
    rows, of_rows = x[:, 0], (_numbers(dtype, 3), _numbers(dtype, 3))
    ops.layer_norm(rows, _RATE, row, row, *of_rows, np.empty_like(rows))
    ops.layer_norm_gradient(rows, rows, *of_rows, row, weight_grad, bias_grad, np.empty_like(rows))


def _activations(ops: Ops, dtype: str) -> None:
    x, out = _numbers(dtype, 2), _numbers(dtype, 2)
    for function in (ops.exp, ops.log, ops.log1p, ops.softplus, ops.relu, ops.sigmoid, ops.tanh, ops.silu):
        function(x, out)
    for gradient in (ops.relu_gradient, ops.sigmoid_gradient, ops.tanh_gradient, ops.silu_gradient):
        gradient(x, x, out)
    ops.leaky_relu(x, _RATE, out)
    ops.leaky_relu_gradient(x, x, _RATE, out)
    for approximate in ("none", "tanh"):
        ops.gelu(x, approximate, out)
        ops.gelu_gradient(x, x, approximate, out)


def _softmaxes(ops: Ops, dtype: str) -> None:
    x, out = _numbers(dtype, 2, 3), _numbers(dtype, 2, 3)
    ops.softmax(x, out)
    ops.softmax_gradient(x, x, out)
    ops.log_softmax(x, out)
    ops.log_softmax_gradient(x, x, out)
    ops.cross_entropy(x, np.zeros(2, np.int64), 2.0, out)
    ops.soft_cross_entropy(x, x, 2.0, out)


def _updates(ops: Ops, dtype: str) -> None:
    w, g, m, v, u = (_numbers(dtype, 4) for _ in range(5))
    ops.sum_shards([m, v, u, g.copy(), g.copy()], w, _RATE, _RATE)
    ops.add_penalty_gradient(w, g, _RATE, _RATE)
    for figure in (ops.sum_of_squares, ops.sum_of_magnitudes, ops.all_finite):
        figure(g)
    for change in (ops.scale, ops.clip):
        change(g, _RATE)
    ops.move_average(m, w, _RATE)
    ops.bound_norms(w.reshape(2, 2), _RATE)
    betas = _RATE, _RATE
    ops.sgd(w, g, m, _RATE, _RATE, _RATE, True, _RATE)
    ops.adam(w, g, m, v, u, _RATE, betas, betas, _RATE, _RATE, True)
    ops.adagrad(w, g, v, _RATE, _RATE, _RATE)
    ops.adadelta(w, g, v, u, _RATE, _RATE, _RATE, _RATE)
    ops.rmsprop(w, g, v, m, u, _RATE, _RATE, _RATE, _RATE, _RATE)
    ops.lion(w, g, m, _RATE, betas, _RATE)


def _resampling(ops: Ops, dtype: str) -> None:
    images, places, maps = _numbers(dtype, 1, 2, 2, 1), _numbers(dtype, 1, 2, 4), _numbers(dtype, 1, 2, 3)
    ops.affine(places, maps, np.empty_like(places))
    ops.bilinear(images, places, _RATE, np.empty_like(images))
    ops.smooth(images[..., 0], images[0, ..., 0], images[0, ..., 0], np.empty_like(images[..., 0]))
    ops.shift(images, np.zeros((1, 2), np.int64), _RATE)
    ops.read_inputs(np.zeros((2, 3), np.uint8), np.arange(2), None, 1.0, _numbers(dtype, 2, 3))


_CALLS = (_products, _convolutions, _resampling, _pooling, _normalizations, _activations, _softmaxes, _updates)
