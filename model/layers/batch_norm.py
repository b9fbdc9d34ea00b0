"""Normalisation over a batch."""

from abc import abstractmethod
from typing import Annotated

import numpy as np

from base.base_layer import BaseLayer
from base.constraints import Positive, PositiveInt, Range
from base.types import Array, Shape
from model.initializers.constant import Constant, Zeros


class BatchNorm(BaseLayer):
    """y = (x - mean) / sqrt(variance + eps) * weight + bias, for each channel. Ioffe and Szegedy, ICML 2015.

    In training, mean and biased variance are those of the batch over samples and places; running values, of the mean
    and the unbiased variance, follow them, and are used when scored. With x_hat = (x - mean) / sqrt(variance + eps),
    dL/dweight = the sum of dL/dy * x_hat, dL/dbias = that of dL/dy, and with means over the batch
    dL/dx = weight / sqrt(variance + eps) * (dL/dy - mean(dL/dy) - x_hat * mean(dL/dy * x_hat)).

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
        self._x = x.reshape(len(x), -1, x.shape[-1])
        self._count = self._x.shape[0] * self._x.shape[1]
        self._of_batch = not self.track_running_stats or (self.training and self._count > 1)
        self._mean, variance = self._statistics()
        if self.training and self.track_running_stats:
            self._follow(self._mean, variance)
        self._inverse = 1 / np.sqrt(variance + self.eps)
        out = self.empty(self._x.shape, x.dtype)
        weight, bias = self._weight(), self.bias.value if self.affine else np.zeros_like(self._mean)
        return self.ops.batch_norm(self._x, self._mean, self._inverse, weight, bias, out).reshape(x.shape)

    def backward(self, dy: Array) -> Array | None:
        x, mean, inverse = self._x, self._mean, self._inverse
        rows = dy.reshape(x.shape)
        sums = (self.weight.grad, self.bias.grad) if self.affine else (np.empty_like(mean), np.empty_like(mean))
        self.ops.batch_norm_weight_gradient(x, rows, mean, inverse, *sums)
        if not self.needs_input_gradient:
            return None
        dx = self.empty(x.shape, dy.dtype)
        if self._of_batch:
            self.ops.batch_norm_input_gradient(x, rows, mean, inverse, self._weight(), *sums, dx)
        else:
            self.ops.scale_channels(rows, (self._weight() * inverse)[None], dx)
        return dx.reshape(dy.shape)

    def _statistics(self) -> tuple[Array, Array]:
        """The mean and the variance to normalise by."""
        if not self._of_batch:
            return self.running_mean.value, self.running_var.value
        mean, variance = np.empty((2, self._x.shape[2]), self._x.dtype)
        self.ops.mean_and_variance(self._x, mean, variance)
        return mean, variance

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

    def _weight(self) -> Array:
        return self.weight.value if self.affine else np.ones_like(self._mean)


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
