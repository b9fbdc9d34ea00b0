"""Batch normalisation."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Annotated

import numpy as np

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.constraints import Positive, PositiveInt, Range
from base.types import Array, Shape
from model.initializers.constant import Constant, Zeros


class BatchNorm(BaseLayer):
    """y = (x - mean) / sqrt(variance + eps) * weight + bias, per channel (the last axis). Ioffe and Szegedy, ICML 2015.

    In training mode, mean and biased variance are those of the batch, over samples and spatial positions, and running
    averages of the mean and of the unbiased variance are updated. Evaluation mode uses the running averages.

    With x_hat = (x - mean) / sqrt(variance + eps), dL/dweight = the sum of dL/dy * x_hat, dL/dbias = that of dL/dy, and
    with means over the batch
    dL/dx = weight / sqrt(variance + eps) * (dL/dy - mean(dL/dy) - x_hat * mean(dL/dy * x_hat)).

    Each shard of a batch normalises by its own statistics (ghost batch normalisation, Hoffer, Hubara and Soudry, NIPS
    2017), as each process does in PyTorch's DistributedDataParallel. The running averages are updated by the mean of
    the shards' statistics, weighted by their samples, where DistributedDataParallel takes those of one process.

    A shard with a single value per channel, which the last batch of an epoch may leave, is normalised by the running
    averages and does not update them (PyTorch raises an error).

    num_features: the number of channels (null: taken from the layer before).
    eps: added to the variance for numerical stability.
    momentum: the weight of a batch in the running averages, r = (1 - momentum) r + momentum * new (null: all batches
        have the same weight).
    affine: whether there are weight, initially 1, and bias, initially 0.
    track_running_stats: whether there are running averages; without them, evaluation mode normalises by the batch too.
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
        """Raise ValueError for samples of another number of axes."""

    def forward(self, x: Array) -> Array:
        self._x = x.reshape(len(x), prod(x.shape[1:-1]), x.shape[-1])
        self._count = self._x.shape[0] * self._x.shape[1]
        least = 2 if self.track_running_stats else 1
        self._uses_batch_statistics = self._count >= least and (self.training or not self.track_running_stats)
        self._mean, variance = self._statistics()
        if self.training and self.track_running_stats:
            self._update_running_statistics(self._mean, variance)
        self._inverse_std = 1 / np.sqrt(variance + self.eps)
        out = self.empty(self._x.shape, x.dtype)
        weight, bias = self._weight(), self.bias.value if self.affine else np.zeros_like(self._mean)
        return self.ops.batch_norm(self._x, self._mean, self._inverse_std, weight, bias, out).reshape(x.shape)

    def backward(self, dy: Array) -> Array | None:
        x, mean, inverse_std = self._x, self._mean, self._inverse_std
        rows = dy.reshape(x.shape)
        sums = (self.weight.grad, self.bias.grad) if self.affine else (np.empty_like(mean), np.empty_like(mean))
        self.ops.batch_norm_weight_gradient(x, rows, mean, inverse_std, *sums)
        if not self.needs_input_gradient:
            return None
        dx = self.empty(x.shape, dy.dtype)
        if self._uses_batch_statistics:
            self.ops.batch_norm_input_gradient(x, rows, mean, inverse_std, self._weight(), *sums, dx)
        else:  # mean and variance are constants
            self.ops.scale_channels(rows, (self._weight() * inverse_std)[None], dx)
        return dx.reshape(dy.shape)

    def _statistics(self) -> tuple[Array, Array]:
        """The mean and the biased variance to normalise by."""
        if self.track_running_stats and not self._uses_batch_statistics:
            return self.running_mean.value, self.running_var.value
        mean, variance = np.zeros((2, self._x.shape[2]), self._x.dtype)
        if self._uses_batch_statistics:
            self.ops.mean_and_variance(self._x, mean, variance)
        return mean, variance

    def _update_running_statistics(self, mean: Array, variance: Array) -> None:
        """Write this shard's next values of the buffers, which are merged with those of the other shards."""
        if not self._uses_batch_statistics:  # nan: this shard has nothing to contribute, and `merge` leaves it out
            for buffer in self.buffers.values():
                buffer.next.fill(np.nan)
            return
        momentum = self.momentum
        if momentum is None:
            self.num_batches_tracked.next[...] = self.num_batches_tracked.value + 1
            momentum = 1 / float(self.num_batches_tracked.next)
        unbiased = variance * (self._count / (self._count - 1))
        for running, new in ((self.running_mean, mean), (self.running_var, unbiased)):
            np.multiply(running.value, 1 - momentum, out=running.next)
            running.next[...] += momentum * new

    def _weight(self) -> Array:
        return self.weight.value if self.affine else np.ones_like(self._mean)


@contextmanager
def by_the_batch(model: BaseModel) -> Iterator[None]:
    """Context manager: batch norm alone is in training mode, and its next buffers are the batch's own statistics."""
    layers = [layer for _, layer in model.named_layers() if isinstance(layer, BatchNorm)]
    before = [(layer.training, layer.momentum) for layer in layers]
    for layer in layers:
        layer.training, layer.momentum = True, 1.0
    try:
        yield
    finally:
        for layer, (training, momentum) in zip(layers, before, strict=True):
            layer.training, layer.momentum = training, momentum


class BatchNorm1D(BatchNorm):
    """Batch normalisation of (N, C) or (N, L, C), over all axes but the channels, which are last."""

    def check(self, input_shape: Shape) -> None:
        if len(input_shape) not in (1, 2):
            raise ValueError(f"BatchNorm1D needs samples (features,) or (length, features), got shape {input_shape}")


class BatchNorm2D(BatchNorm):
    """Batch normalisation of images (N, H, W, C), over all axes but the channels, which are last."""

    def check(self, input_shape: Shape) -> None:
        if len(input_shape) != 3:
            raise ValueError(f"BatchNorm2D needs images (height, width, channels), got samples of shape {input_shape}")
