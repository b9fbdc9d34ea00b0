"""Cross-entropies -sum_n sum_c q_nc log p_nc, for each form in which p comes."""

import numpy as np

from base.errors import UserError
from base.types import Array

SMALLEST = 1e-30  # probability; its logarithm and reciprocal are far from the limits of float32
LARGEST = 1.001  # a sum that was rounded may exceed 1


class IndexEntropy:
    """p = softmax(z), q one-hot: the common case, which is called for every shard of every step.

    dL/dz = (p - q) / normaliser. It works on z transposed: NumPy's sums along the long axis take half the time.
    """

    def __init__(self) -> None:
        self._grad: Array = np.empty((0, 0))

    def forward(self, output: Array, target: Array, normaliser: float) -> float:
        """The loss of logits (N, C) for class indices (N,)."""
        if output.shape != self._grad.shape or output.dtype != self._grad.dtype:
            self._reserve(output)
        self._normaliser = normaliser
        self._true = self._starts + target
        power = self._power
        power[...] = output.T
        largest = np.maximum.reduce(power, 0)
        np.subtract(power, largest, power)
        np.exp(power, power)
        self._sum = np.add.reduce(power, 0)
        losses = np.log(self._sum)
        losses -= output.reshape(-1)[self._true] - largest
        return float(np.add.reduce(losses, 0, np.float64)) / normaliser

    def backward(self) -> Array:
        """The gradient (N, C)."""
        np.divide(self._power.T, (self._sum * self._normaliser)[:, None], self._grad)
        self._flat_grad[self._true] -= 1 / self._normaliser
        return self._grad

    def _reserve(self, output: Array) -> None:
        self._grad = np.empty_like(output, order="C")
        self._flat_grad = self._grad.reshape(-1)
        self._power = np.empty(output.shape[::-1], output.dtype)
        self._starts = np.arange(0, output.size, output.shape[1])


class LogitEntropy:
    """p = softmax(z), any q. dL/dz_nc = (p_nc sum_k q_nk - q_nc) / normaliser."""

    def forward(self, output: Array, shares: Array, normaliser: float) -> float:
        """The loss of logits (N, C) for q (N, C)."""
        self._shares, self._normaliser = shares, normaliser
        self._power = output - output.max(axis=1, keepdims=True)
        inner = np.sum(shares * self._power, dtype=np.float64)
        np.exp(self._power, out=self._power)
        self._sum, self._mass = self._power.sum(axis=1, keepdims=True), shares.sum(axis=1, keepdims=True)
        return float(np.sum(self._mass * np.log(self._sum), dtype=np.float64) - inner) / normaliser

    def backward(self) -> Array:
        """The gradient (N, C)."""
        grad = self._power * (self._mass / self._sum)
        grad -= self._shares
        grad /= self._normaliser
        return np.asarray(grad)


class ProbabilityEntropy:
    """p given, cut off at 1e-30 from below. dL/dp = -q / (p normaliser), finite and never 0 for a class that counts."""

    def forward(self, output: Array, shares: Array, normaliser: float) -> float:
        """The loss of probabilities (N, C) for q (N, C). Raises UserError for numbers that are none."""
        check_probabilities("CrossEntropyLoss with from_logits false", output, "set from_logits to true for logits")
        self._shares, self._normaliser = shares, normaliser
        self._clipped = np.maximum(output, SMALLEST)
        return -float(np.sum(shares * np.log(self._clipped), dtype=np.float64)) / normaliser

    def backward(self) -> Array:
        """The gradient (N, C)."""
        return np.asarray(self._shares / (self._clipped * -self._normaliser))


def check_probabilities(name: str, output: Array, remedy: str) -> None:
    """Raise UserError for outputs that are no probabilities; nan is left to show in the loss."""
    low, high = output.min(initial=0.0), output.max(initial=0.0)
    if low < 0 or high > LARGEST:
        raise UserError(
            f"loss: {name} takes probabilities from 0 to 1, but the network's output holds "
            f"{low if low < 0 else high:.4g}; {remedy}"
        )
