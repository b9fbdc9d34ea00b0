"""Batch and layer normalisation, forward and backward, compiled.

Batch normalisation works on strips (ops.compiled.strips). Mean and variance are made in one pass through memory: each
CHAIN strips have their own, of numbers that are still in cache when they are centred, and are put together one after
the other. Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983.

The sums of layer normalisation over a row are in LANES chains, folded like a strip; those over rows are chains of ROWS.
"""

import numpy as np

from base.types import Array
from ops.compiled.arrays import whole
from ops.compiled.kernel import kernel
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
from ops.compiled.sums import ROWS
from ops.compiled.vector import first, fma, lanes_of, load, load_part, spread, store
from ops.formulas.normalization import Normalizations

LANES = 64


class CompiledNormalizations(Normalizations):
    """Batch and layer normalisation, forward and backward."""

    def mean_and_variance(self, x: Array, mean: Array, variance: Array) -> None:
        _mean_and_variance(whole(x), mean, variance)

    def batch_norm(self, x: Array, mean: Array, inverse: Array, weight: Array, bias: Array, out: Array) -> Array:
        _batch_norm(whole(x), mean, inverse * weight, bias, out)
        return out

    def batch_norm_weight_gradient(
        self, x: Array, dy: Array, mean: Array, inverse: Array, weight_grad: Array, bias_grad: Array
    ) -> None:
        _weight_gradient(whole(x), whole(dy), mean, inverse, weight_grad, bias_grad)

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
        _input_gradient(whole(x), whole(dy), mean, bias_grad / count, slope, scale, out)
        return out

    def scale_channels(self, x: Array, factor: Array, out: Array) -> Array:
        _scale_channels(whole(x), whole(factor), out)
        return out

    def layer_norm(
        self, x: Array, eps: float, weight: Array, bias: Array, mean: Array, inverse: Array, out: Array
    ) -> Array:
        _layer_norm(whole(x), x.dtype.type(eps), weight, bias, mean, inverse, out)
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
        _layer_norm_gradient(whole(x), whole(dy), mean, inverse, weight, weight_grad, bias_grad, out)
        return out


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


@kernel
def _add_squares(x, start, end, length, centre, chain):
    """Add the squares of x - centre to a chain for each position of a strip."""
    lanes, flat = lanes_of(x), x.reshape(-1)
    for begun in range(start, end, length):
        vectors = in_vectors(x, begun, end, length)
        for position in range(0, vectors, lanes):
            centred = load(x, begun + position) - load(centre, position)
            store(chain, position, fma(centred, centred, load(chain, position)))
        for position in range(vectors, min(length, end - begun)):
            centred = flat[begun + position] - centre[position]
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


@kernel
def _add_products(x, dy, start, end, length, means, products, chain):
    """Add dy * (x - mean), and dy, to chains for each position of a strip."""
    lanes, numbers, grads = lanes_of(x), x.reshape(-1), dy.reshape(-1)
    for begun in range(start, end, length):
        vectors = in_vectors(x, begun, end, length)
        for position in range(0, vectors, lanes):
            grad, centred = load(dy, begun + position), load(x, begun + position) - load(means, position)
            store(products, position, fma(grad, centred, load(products, position)))
            store(chain, position, load(chain, position) + grad)
        for position in range(vectors, min(length, end - begun)):
            grad, centred = grads[begun + position], numbers[begun + position] - means[position]
            products[position] = fma(grad, centred, products[position])
            chain[position] += grad


@kernel
def _input_gradient(x, dy, mean, of_dy, slope, scale, out):
    """(dy - mean(dy) + (x - mean) * slope) * scale."""
    lanes, length = lanes_of(x), strip_length(mean.size)
    means, of_dys, slopes, scales = strip_of(mean), strip_of(of_dy), strip_of(slope), strip_of(scale)
    for start in range(0, x.size, length):
        for position in range(0, min(length, x.size - start), lanes):
            centred = load_within(x, start + position) - load(means, position)
            moved = load_within(dy, start + position) - load(of_dys, position)
            result = fma(centred, load(slopes, position), moved) * load(scales, position)
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


@kernel
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
    chain, size = np.empty(LANES, x.dtype), number(columns)
    for row in range(rows):
        start, end = row * columns, (row + 1) * columns
        fill(chain, 0, LANES, 0)
        add_strips(x, start, end, LANES, chain)
        fold(chain, LANES, 1)
        mean[row] = chain[0] / size
        fill(chain, 0, LANES, 0)
        centre = spread(mean[row])
        for position in range(0, columns, lanes):
            lane, width = position % LANES, columns - position
            centred = first(load_part(x, start + position, width) - centre, width)
            store(chain, lane, fma(centred, centred, load(chain, lane)))
        fold(chain, LANES, 1)
        inverse[row] = number(1) / np.sqrt(chain[0] / size + eps)
        for position in range(0, columns, lanes):
            x_hat = (load_within(x, start + position) - centre) * spread(inverse[row])
            y = fma(x_hat, load_within(weight, position), load_within(bias, position))
            store_within(out, start + position, y)


@kernel
def _layer_norm_gradient(x, dy, mean, inverse, weight, weight_grad, bias_grad, out):
    (rows, columns), lanes, number = x.shape, lanes_of(x), x.dtype.type
    size = number(columns)
    of_g, of_both = np.empty(LANES, x.dtype), np.empty(LANES, x.dtype)
    weights, biases = np.empty(columns + lanes, x.dtype), np.empty(columns + lanes, x.dtype)
    fill(weight_grad, 0, columns, 0)
    fill(bias_grad, 0, columns, 0)
    for begun in range(0, rows, ROWS):
        fill(weights, 0, columns, 0)
        fill(biases, 0, columns, 0)
        for row in range(begun, min(begun + ROWS, rows)):
            start, centre, scale = row * columns, spread(mean[row]), spread(inverse[row])
            fill(of_g, 0, LANES, 0)
            fill(of_both, 0, LANES, 0)
            for position in range(0, columns, lanes):
                lane, width = position % LANES, columns - position
                grad = load_part(dy, start + position, width)
                x_hat = (load_part(x, start + position, width) - centre) * scale
                g = grad * load_within(weight, position)
                store(of_g, lane, load(of_g, lane) + g)
                store(of_both, lane, fma(g, x_hat, load(of_both, lane)))
                store(weights, position, fma(grad, x_hat, load(weights, position)))
                store(biases, position, load(biases, position) + grad)
            fold(of_g, LANES, 1)
            fold(of_both, LANES, 1)
            mean_g, mean_both = spread(of_g[0] / size), spread(-of_both[0] / size)
            for position in range(0, columns, lanes):
                x_hat = (load_within(x, start + position) - centre) * scale
                g = load_within(dy, start + position) * load_within(weight, position) - mean_g
                store_within(out, start + position, fma(x_hat, mean_both, g) * scale)
        for column in range(columns):
            weight_grad[column] += weights[column]
            bias_grad[column] += biases[column]
