"""The regressor."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np
from sklearn.base import MultiOutputMixin, RegressorMixin

from base.dataset import Dataset
from base.types import Array
from trainer.estimators.estimator import NetworkEstimator
from trainer.estimators.training import Begin


class NetworkRegressor(MultiOutputMixin, RegressorMixin, NetworkEstimator):  # type: ignore[misc]
    """A network that predicts numbers, one or more for each sample; its loss is MSELoss unless another is given."""

    default_loss = "MSELoss"

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803 (scikit-learn's name)
        """Train on samples X (N, ...) with numbers y (N,) or (N, K), which count `sample_weight` (N,) times each."""
        goes_on = self.warm_start and hasattr(self, "network_")
        inputs, numbers = self._checked(X, y, first=not goes_on)
        return self._train_on(inputs, numbers, sample_weight, "from weights" if goes_on else "anew")

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803 (scikit-learn's name)
        """Train for one more epoch, on these samples."""
        inputs, numbers = self._checked(X, y, first=not hasattr(self, "network_"))
        return self._train_on(inputs, numbers, sample_weight, "one more epoch")

    def predict(self, X: Any) -> Array:  # noqa: N803 (scikit-learn's name)
        """The numbers (N,) or (N, K), as y was, of samples X (N, ...)."""
        outputs = self._outputs(X)
        return outputs.reshape(len(outputs), *self._target_shape)

    def _train_on(self, inputs: Array, y: Array, sample_weight: Any, begin: Begin) -> Self:
        self._train(inputs, y, sample_weight, begin)
        self._target_shape = y.shape[1:]  # only now: a network that does not fit y is still as it was
        return self

    def _targets(self, y: Array, dtype: np.dtype) -> tuple[Array, tuple[str, ...] | None]:
        return y.astype(dtype), None

    def _output_count(self, data: Dataset) -> int:
        return math.prod(data.target_shape)
