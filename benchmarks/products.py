"""The time that the matrix products of a step take by themselves."""

import statistics

import numpy as np

from base.base_layer import BaseLayer
from base.types import Array
from benchmarks.steps import OurStep, milliseconds
from model.layers.conv import Conv2D
from model.layers.linear import Linear

Product = tuple[Array, Array, Array]
ROUNDS, STEPS = 7, 10


def products_milliseconds(step: OurStep) -> float:
    """The median time of a step's products, with each shard's on a worker as in the step."""
    parallel = step.parallel
    samples = step.batch // len(parallel.shards)
    leaves = [layer for _, layer in parallel.model.leaves() if isinstance(layer, Conv2D | Linear)]
    shards = [
        [product for layer in leaves for product in products(layer, samples, first=layer is leaves[0])]
        for _ in parallel.shards
    ]

    def run() -> None:
        parallel.workers.run(multiply, shards)

    times = []
    for _ in range(ROUNDS):
        with parallel.workers.team("products"):
            times.append(milliseconds(run, STEPS))
    return statistics.median(times)


def multiply(products_of_shard: list[Product]) -> None:
    """Compute all of a shard's products."""
    for left, right, out in products_of_shard:
        np.matmul(left, right, out=out)


def products(layer: BaseLayer, samples: int, first: bool) -> list[Product]:
    """Operands like those of a layer's output, weight gradient and, but for the first layer, input gradient."""
    weight = layer.parameters["weight"]
    outputs = weight.shape[-1]
    inputs = weight.size // outputs
    assert layer.output_shape is not None
    rows = samples * int(np.prod(layer.output_shape[:-1]))
    x, w, y = (np.ones(shape, np.float32) for shape in ((rows, inputs), (inputs, outputs), (rows, outputs)))
    needed = [(x, w, np.empty_like(y)), (x.T, y, np.empty_like(w))]
    return needed if first else [*needed, (y, w.T, np.empty_like(x))]
