"""Batch and layer normalisation, forward and backward, compiled.

Batch normalisation works on strips (ops.compiled.strips). Mean and variance are made in one pass through memory: each
CHAIN strips have their own, of numbers that are still in cache when they are centred, and are put together one after
the other. Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983.

The sums of layer normalisation over a row are those of the lanes of a block; those over rows are chains of ROWS.
"""

import numpy as np

from base.types import Array
from ops.compiled.arrays import whole, written
from ops.compiled.kernel import kernel, subroutine
from ops.compiled.strips import (
    CHAIN,
    add_strips,
    copy_on,
    fill,
    fold,
    in_vectors,
    load_within,
    store_within,
    strip_length,
)
from ops.compiled.sums import ROWS, add_rows
from ops.compiled.vector import (
    BLOCK,
    first,
    fma,
    lanes_of,
    load,
    load_block,
    spread,
    spread_block,
    store,
    total,
)
from ops.formulas.normalization import Normalizations
from ops.formulas.sums import MANY


class CompiledNormalizations(Normalizations):
    """Batch and layer normalisation, forward and backward."""

    def mean_and_variance(self, x: Array, mean: Array, variance: Array) -> None:
        _mean_and_variance(whole(x).reshape(-1), mean, variance)

    def batch_norm(self, x: Array, mean: Array, inverse: Array, weight: Array, bias: Array, out: Array) -> Array:
        _batch_norm(whole(x).reshape(-1), mean, inverse * weight, bias, written(out).reshape(-1))
        return out

    def batch_norm_weight_gradient(
        self, x: Array, dy: Array, mean: Array, inverse: Array, weight_grad: Array, bias_grad: Array
    ) -> None:
        dy = whole(dy)
        _weight_gradient(whole(x).reshape(-1), dy.reshape(-1), mean, inverse, weight_grad, bias_grad)
        _add_many(dy, bias_grad)

    def batch_norm_input_gradient(
        self,
        x: Array,
        dy: Array,
        mean: Array,
        inverse: Array,
        weight: Array,
        weight_grad: Array,
        bias_grad: Array,
        out: Array,
    ) -> Array:
        count, scale = x.dtype.type(len(x) * x.shape[1]), inverse * weight
        slope = -(weight_grad / count) * inverse
        flat = whole(x).reshape(-1), whole(dy).reshape(-1), written(out).reshape(-1)
        _input_gradient(*flat, mean, bias_grad / count, slope, scale)
        return out

    def scale_channels(self, x: Array, factor: Array, out: Array) -> Array:
        _scale_channels(whole(x), whole(factor), written(out))
        return out

    def layer_norm(
        self, x: Array, eps: float, weight: Array, bias: Array, mean: Array, inverse: Array, out: Array
    ) -> Array:
        _layer_norm(whole(x), x.dtype.type(eps), weight, bias, mean, inverse, written(out))
        return out

    def layer_norm_gradient(
        self,
        x: Array,
        dy: Array,
        mean: Array,
        inverse: Array,
        weight: Array,
        weight_grad: Array,
        bias_grad: Array,
        out: Array,
    ) -> Array:
        dy = whole(dy)
        _layer_norm_gradient(whole(x), dy, mean, inverse, weight, weight_grad, bias_grad, written(out))
        _add_many(dy, bias_grad)
        return out


def _add_many(dy: Array, bias_grad: Array) -> None:
    """Sum again, in float64, what is of more than MANY rows: strips and chains of float32 would lose digits."""
    if dy.size > MANY * bias_grad.size:
        add_rows(dy.reshape(-1, bias_grad.size), bias_grad)


@kernel
def _mean_and_variance(x, mean, variance):
    channels, lanes, number = mean.size, lanes_of(x), x.dtype.type
    length, seen = strip_length(channels), 0
    chain, centre = np.empty(length + lanes, x.dtype), np.empty(length + lanes, x.dtype)
    fill(mean, 0, channels, 0)
    fill(variance, 0, channels, 0)
    for start in range(0, x.size, CHAIN * length):
        end = min(start + CHAIN * length, x.size)
        count = (end - start) // channels
        share = number(count / (seen + count))
        fill(chain, 0, length, 0)
        add_strips(x, start, end, length, chain)
        fold(chain, length, channels)
        for channel in range(channels):
            centre[channel] = chain[channel] / number(count)
        copy_on(centre, 0, channels, length)
        fill(chain, 0, length, 0)
        _add_squares(x, start, end, length, centre, chain)
        fold(chain, length, channels)
        for channel in range(channels):
            step = centre[channel] - mean[channel]
            mean[channel] += step * share
            variance[channel] += chain[channel] + step * step * (share * number(seen))
        seen += count
    for channel in range(channels):
        variance[channel] /= number(seen)


@subroutine
def _add_squares(x, start, end, length, centre, chain):
    """Add the squares of x - centre to a chain for each position of a strip."""
    lanes = lanes_of(x)
    for begun in range(start, end, length):
        vectors = in_vectors(x, begun, end, length)
        for position in range(0, vectors, lanes):
            centred = load(x, begun + position) - load(centre, position)
            store(chain, position, fma(centred, centred, load(chain, position)))
        for position in range(vectors, min(length, end - begun)):
            centred = x[begun + position] - centre[position]
            chain[position] = fma(centred, centred, chain[position])


@kernel
def _batch_norm(x, mean, scale, bias, out):
    lanes, length = lanes_of(x), strip_length(mean.size)
    means, scales, biases = strip_of(mean), strip_of(scale), strip_of(bias)
    for start in range(0, x.size, length):
        for position in range(0, min(length, x.size - start), lanes):
            centred = load_within(x, start + position) - load(means, position)
            store_within(out, start + position, fma(centred, load(scales, position), load(biases, position)))


@kernel
def _weight_gradient(x, dy, mean, inverse, weight_grad, bias_grad):
    channels, lanes = mean.size, lanes_of(x)
    length, means = strip_length(channels), strip_of(mean)
    products, chain = np.empty(length + lanes, x.dtype), np.empty(length + lanes, x.dtype)
    fill(weight_grad, 0, channels, 0)
    fill(bias_grad, 0, channels, 0)
    for start in range(0, x.size, CHAIN * length):
        end = min(start + CHAIN * length, x.size)
        fill(products, 0, length, 0)
        fill(chain, 0, length, 0)
        _add_products(x, dy, start, end, length, means, products, chain)
        fold(products, length, channels)
        fold(chain, length, channels)
        for channel in range(channels):
            weight_grad[channel] += products[channel] * inverse[channel]
            bias_grad[channel] += chain[channel]


@subroutine
def _add_products(x, dy, start, end, length, means, products, chain):
    """Add dy * (x - mean), and dy, to chains for each position of a strip."""
    lanes = lanes_of(x)
    for begun in range(start, end, length):
        vectors = in_vectors(x, begun, end, length)
        for position in range(0, vectors, lanes):
            grad, centred = load(dy, begun + position), load(x, begun + position) - load(means, position)
            store(products, position, fma(grad, centred, load(products, position)))
            store(chain, position, load(chain, position) + grad)
        for position in range(vectors, min(length, end - begun)):
            grad, centred = dy[begun + position], x[begun + position] - means[position]
            products[position] = fma(grad, centred, products[position])
            chain[position] += grad


@kernel
def _input_gradient(x, dy, out, mean, of_dy, slope, scale):
    """(dy - mean(dy) + (x - mean) * slope) * scale."""
    lanes, length = lanes_of(x), strip_length(mean.size)
    means, of_dys, derivative, scales = strip_of(mean), strip_of(of_dy), strip_of(slope), strip_of(scale)
    for start in range(0, x.size, length):
        for position in range(0, min(length, x.size - start), lanes):
            centred = load_within(x, start + position) - load(means, position)
            moved = load_within(dy, start + position) - load(of_dys, position)
            result = fma(centred, load(derivative, position), moved) * load(scales, position)
            store_within(out, start + position, result)


@kernel
def _scale_channels(x, factor, out):
    (count, places, channels), lanes = x.shape, lanes_of(x)
    length, factors = strip_length(channels), factor.reshape(-1)
    strip = np.empty(length + lanes, x.dtype)
    for sample in range(count):
        start = min(sample, factor.shape[0] - 1) * channels
        for channel in range(channels):
            strip[channel] = factors[start + channel]
        copy_on(strip, 0, channels, length)
        end = (sample + 1) * places * channels
        for begun in range(sample * places * channels, end, length):
            for position in range(0, min(length, end - begun), lanes):
                product = load_within(x, begun + position) * load(strip, position)
                store_within(out, begun + position, product)


@subroutine
def strip_of(row):
    """A strip of one row, with room for a vector more."""
    length = strip_length(row.size)
    strip = np.empty(length + lanes_of(row), row.dtype)
    for channel in range(row.size):
        strip[channel] = row[channel]
    copy_on(strip, 0, row.size, length)
    return strip


@kernel
def _layer_norm(x, eps, weight, bias, mean, inverse, out):
    (rows, columns), lanes, number = x.shape, lanes_of(x), x.dtype.type
    size = number(columns)
    for row in range(rows):
        start = row * columns
        sums = squares = spread_block(number(0))
        for position in range(0, columns, BLOCK):
            sums = sums + load_block(x, start + position, columns - position)
        mean[row] = total(sums) / size
        centre = spread_block(mean[row])
        for position in range(0, columns, BLOCK):
            left = columns - position
            centred = load_block(x, start + position, left) - centre
            if left < BLOCK:
                centred = first(centred, left)
            squares = fma(centred, centred, squares)
        inverse[row] = number(1) / np.sqrt(total(squares) / size + eps)
        middle, scale = spread(mean[row]), spread(inverse[row])
        for position in range(0, columns, lanes):
            x_hat = (load_within(x, start + position) - middle) * scale
            y = fma(x_hat, load_within(weight, position), load_within(bias, position))
            store_within(out, start + position, y)


@kernel
def _layer_norm_gradient(x, dy, mean, inverse, weight, weight_grad, bias_grad, out):
    """While a row is in cache for its own two sums, it is added to those over rows."""
    (rows, columns), lanes, number = x.shape, lanes_of(x), x.dtype.type
    padded, size = (columns + BLOCK - 1) // BLOCK * BLOCK, number(columns)
    weights, biases, scales = np.empty(padded, x.dtype), np.empty(padded, x.dtype), np.empty(padded, x.dtype)
    fill(weight_grad, 0, columns, 0)
    fill(bias_grad, 0, columns, 0)
    fill(scales, 0, padded, 0)
    for column in range(columns):
        scales[column] = weight[column]
    for begun in range(0, rows, ROWS):
        fill(weights, 0, padded, 0)
        fill(biases, 0, padded, 0)
        for row in range(begun, min(begun + ROWS, rows)):
            start, centre, scale = row * columns, spread_block(mean[row]), spread_block(inverse[row])
            of_g = of_both = spread_block(number(0))
            for position in range(0, columns, BLOCK):
                left = columns - position
                grad = load_block(dy, start + position, left)
                x_hat = (load_block(x, start + position, left) - centre) * scale
                g = grad * load_block(scales, position, BLOCK)
                of_g = of_g + g
                of_both = fma(g, x_hat, of_both)
                store(weights, position, fma(grad, x_hat, load_block(weights, position, BLOCK)))
                store(biases, position, load_block(biases, position, BLOCK) + grad)
            middle, rate = spread(mean[row]), spread(inverse[row])
            mean_g, mean_both = spread(total(of_g) / size), spread(-total(of_both) / size)
            for position in range(0, columns, lanes):
                x_hat = (load_within(x, start + position) - middle) * rate
                g = load_within(dy, start + position) * load(scales, position) - mean_g
                store_within(out, start + position, fma(x_hat, mean_both, g) * rate)
        for column in range(columns):
            weight_grad[column] += weights[column]
            bias_grad[column] += biases[column]
