"""Normalisation over a batch."""

from abc import abstractmethod
from math import prod
from typing import Annotated

import numpy as np

from base.base_layer import BaseLayer
from base.constraints import Positive, PositiveInt, Range
from base.types import Array, Shape
from model.initializers.constant import Constant, Zeros


class BatchNorm(BaseLayer):
    """y = (x - mean) / sqrt(variance + eps) * weight + bias, for each channel. Ioffe and Szegedy, ICML 2015.

    In training, mean and biased variance are those of the batch over samples and places; running values, of the mean
    and the unbiased variance, follow them, and are used when scored. With c = x - mean, g = dL/dy and means over the
    batch, dL/dx = weight / sqrt(variance + eps) * (g - mean(g) - c mean(g c) / (variance + eps)).

    Each shard of a batch normalises by its own statistics (ghost batch normalisation, Hoffer, Hubara and Soudry, NIPS
    2017; as DistributedDataParallel does); the running values follow the mean over shards, weighted by samples. A shard
    with one number a channel has no variance: it is normalised by the running values and left out of that mean, since
    the last batch of an epoch may be that small. A batch of such shards alone leaves the running values, and is not
    counted among the batches that they are the mean over.

    num_features: the number of channels (null: taken from the layer before).
    eps: what is added to the variance, so that a constant channel divides by no 0.
    momentum: how far the running values move to those of a batch (null: they are the mean over all batches).
    affine: whether there are weight, at first 1, and bias, at first 0.
    track_running_stats: whether there are running values; without, scoring normalises by its batch too.
    """

    def __init__(
        self,
        num_features: PositiveInt | None = None,
        eps: Positive = 1e-5,
        momentum: Annotated[float, Range(ge=0, le=1)] | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats

    def build(self, input_shape: Shape) -> Shape:
        self.check(input_shape)
        channels = input_shape[-1]
        if self.num_features not in (None, channels):
            raise ValueError(
                f"{type(self).__name__} has num_features {self.num_features}, but what comes before it has {channels} "
                f"(shape {input_shape}); set num_features to {channels} or leave it out"
            )
        self._places = prod(input_shape[:-1])
        if self.affine:
            self.weight = self.add_parameter("weight", (channels,), Constant(1.0))
            self.bias = self.add_parameter("bias", (channels,), Zeros())
        if self.track_running_stats:
            self.running_mean = self.add_buffer("running_mean", (channels,))
            self.running_var = self.add_buffer("running_var", (channels,), initial=1.0)
            if self.momentum is None:
                self.num_batches_tracked = self.add_buffer("num_batches_tracked", ())
        return input_shape

    @abstractmethod
    def check(self, input_shape: Shape) -> None:
        """Refuse samples of another form with a ValueError."""

    def forward(self, x: Array) -> Array:
        rows = x.reshape(len(x), -1)
        self._count = len(rows) * self._places
        self._of_batch = not self.track_running_stats or (self.training and self._count > 1)
        mean, variance = self._centre(rows)
        if self.training and self.track_running_stats:
            self._follow(mean, variance)
        self._inverse = 1 / np.sqrt(variance + self.eps)
        self._scale = self._inverse * self.weight.value if self.affine else self._inverse
        out = self.scratch("out", rows.shape, x.dtype)
        np.multiply(self._centred, self._over_places(self._scale), out=out)
        if self.affine:
            out += self._over_places(self.bias.value)
        return out.reshape(x.shape)

    def backward(self, grad: Array) -> Array | None:
        rows = grad.reshape(len(grad), -1)
        out = np.multiply(rows, self._centred, out=self.scratch("grad", rows.shape, grad.dtype))
        total, agreement = self._sum(rows), self._sum(out)
        if self.affine:
            self.weight.grad = agreement * self._inverse
            self.bias.grad = total
        if not self.needs_input_gradient:
            return None
        self._input_gradient(rows, total / self._count, agreement / self._count, out)
        return out.reshape(grad.shape)

    def _centre(self, rows: Array) -> tuple[Array, Array]:
        """Keep x - mean; return mean and variance, in two passes, as the mean of squares loses digits in float32."""
        mean = self._sum(rows) / self._count if self._of_batch else self.running_mean.value
        self._centred = self.scratch("centred", rows.shape, rows.dtype)
        np.subtract(rows, self._over_places(mean), out=self._centred)
        if not self._of_batch:
            return mean, self.running_var.value
        squares = np.multiply(self._centred, self._centred, out=self.scratch("grad", rows.shape, rows.dtype))
        return mean, self._sum(squares) / self._count

    def _follow(self, mean: Array, variance: Array) -> None:
        if not self._of_batch:
            for buffer in self.buffers.values():
                buffer.next.fill(np.nan)
            return
        rate = self.momentum
        if rate is None:
            self.num_batches_tracked.next[...] = self.num_batches_tracked.value + 1
            rate = 1 / float(self.num_batches_tracked.next)
        unbiased = variance * (self._count / (self._count - 1))
        for running, found in ((self.running_mean, mean), (self.running_var, unbiased)):
            np.multiply(running.value, 1 - rate, out=running.next)
            running.next[...] += rate * found

    def _input_gradient(self, rows: Array, mean: Array, agreement: Array, out: Array) -> None:
        if not self._of_batch:
            np.multiply(rows, self._over_places(self._scale), out=out)
            return
        np.multiply(self._centred, self._over_places(-agreement * self._inverse**2), out=out)
        out += rows
        out -= self._over_places(mean)
        out *= self._over_places(self._scale)

    def _sum(self, rows: Array) -> Array:
        """The sum of (N, places * C) over samples and places; as products these run several times as fast."""
        samples, places = np.ones(len(rows), rows.dtype), np.ones(self._places, rows.dtype)
        total: Array = places @ (samples @ rows).reshape(self._places, -1)
        return total

    def _over_places(self, channels: Array) -> Array:
        """Repeated to the length of a sample, valid until the next call: broadcasting (C,) would take twice as long."""
        spread = self.scratch("spread", (self._places, len(channels)), channels.dtype)
        spread[...] = channels
        return spread.reshape(-1)


class BatchNorm1D(BatchNorm):
    """Batch normalisation of (N, C) or (N, L, C) for each of the C channels, by the batch's own mean and variance."""

    def check(self, input_shape: Shape) -> None:
        if len(input_shape) not in (1, 2):
            raise ValueError(f"BatchNorm1D needs samples (features,) or (length, features), got shape {input_shape}")


class BatchNorm2D(BatchNorm):
    """Batch normalisation of (N, H, W, C) for each of the C channels, by the batch's own mean and variance."""

    def check(self, input_shape: Shape) -> None:
        if len(input_shape) != 3:
            raise ValueError(f"BatchNorm2D needs images (height, width, channels), got samples of shape {input_shape}")
