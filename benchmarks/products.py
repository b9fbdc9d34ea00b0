"""How near to a core's limit the products of a step come: convolutions and Linear, forward and both gradients."""

import time
from collections.abc import Callable

import numpy as np

from base.base_layer import BaseLayer
from benchmarks.limit import core_gflops
from benchmarks.steps import OurStep
from model.layers.conv import Conv2D
from model.layers.linear import Linear

ROUNDS = 15


def share_of_limit(step: OurStep) -> float:
    """The products' floating-point operations a second on one core, with a shard's samples, over the core's limit."""
    parallel = step.parallel
    samples = step.batch // len(parallel.shards)
    leaves = [layer for _, layer in parallel.shards[0].model.leaves() if isinstance(layer, Conv2D | Linear)]
    work = seconds = 0.0
    for layer in leaves:
        for one, run in products(layer, samples, is_first=layer is leaves[0]):
            work += one
            seconds += shortest(run)
    return 1e-9 * work / seconds / core_gflops()


def products(layer: BaseLayer, samples: int, is_first: bool) -> list[tuple[float, Callable[[], object]]]:
    """Operations, and how to make them: a layer's output, weight gradient and, but for the first, input gradient."""
    assert layer.input_shape is not None
    assert layer.output_shape is not None
    weight = layer.parameters["weight"]
    each = 2.0 * samples * int(np.prod(layer.output_shape[:-1])) * weight.size
    rng = np.random.default_rng(0)
    x = rng.standard_normal((samples, *layer.input_shape), dtype=np.float32)
    dy = rng.standard_normal((samples, *layer.output_shape), dtype=np.float32)
    ops, w, dw = layer.ops, weight.value, weight.grad
    if isinstance(layer, Conv2D):
        geometry = layer.geometry
        runs: list[Callable[[], object]] = [
            lambda: ops.conv2d(x, w, None, geometry, dy),
            lambda: ops.conv2d_weight_gradient(x, dy, geometry, dw, None),
            lambda: ops.conv2d_input_gradient(dy, w, geometry, x),
        ]
    else:
        runs = [
            lambda: ops.linear(x, w, None, dy),
            lambda: ops.linear_weight_gradient(x, dy, dw, None),
            lambda: ops.linear_input_gradient(dy, w, x),
        ]
    return [(each, run) for run in (runs[:2] if is_first else runs)]


def shortest(run: Callable[[], object]) -> float:
    """The least time of some calls."""
    run()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)
