"""Mean squared error."""

import numpy as np

from base.base_loss import BaseLoss
from base.types import Array, Shape


class MSELoss(BaseLoss):
    """L = mean over samples and outputs of (y - t)^2; dL/dy = 2 (y - t) / (N D) with D numbers a sample.

    Class indices are taken as one-hot targets.
    """

    def check(self, output_shape: Shape, target_shape: Shape, classes: int | None) -> None:
        needed = target_shape if classes is None else (classes,)
        if output_shape != needed:
            raise ValueError(f"the network's output has shape {output_shape}, but the targets of MSELoss {needed}")

    def normaliser(self, target: Array) -> float:
        return float(len(target))

    def forward(self, output: Array, target: Array, normaliser: float) -> float:
        if target.ndim < output.ndim:
            target = np.arange(output.shape[1]) == target[:, None]
        self._difference = np.subtract(output, target, dtype=output.dtype)
        self._scale = 1 / (normaliser * output[0].size)
        return float(np.sum(np.square(self._difference), dtype=np.float64)) * self._scale

    def backward(self) -> Array:
        return self._difference * (2 * self._scale)
