"""The classifier."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import _check_partial_fit_first_call, check_classification_targets
from sklearn.utils.validation import column_or_1d

from base.base_loss import BaseLoss
from base.dataset import Dataset
from base.outputs import PROBABILISTIC, class_probabilities, predicted_classes
from base.types import Array
from trainer.estimators.estimator import NetworkEstimator
from utils.config.annotations import kind_of
from utils.config.imports import import_modules
from utils.config.plain import plain


class NetworkClassifier(ClassifierMixin, NetworkEstimator):  # type: ignore[misc]
    """A network that predicts classes, of any type; its loss is CrossEntropyLoss unless another is given."""

    default_loss = "CrossEntropyLoss"
    classes_: Array

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803 (scikit-learn's name)
        """Train on samples X (N, ...) of classes y (N,), which count `sample_weight` (N,) times each."""
        goes_on = self.warm_start and hasattr(self, "network_")
        inputs, labels = self._checked(X, y, first=not goes_on)
        labels = _labels(labels)
        classes = np.unique(labels)
        if goes_on and not np.array_equal(classes, self.classes_):
            raise ValueError(f"warm_start: y has the classes {classes}, but {self.classes_} were trained on")
        self.classes_ = classes
        return self._train(inputs, labels, sample_weight, "from weights" if goes_on else "anew")

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:  # noqa: N803
        """Train for one more epoch, on these samples; the first call has to name all classes that there will be."""
        is_first = _check_partial_fit_first_call(self, classes) or not hasattr(self, "network_")
        inputs, labels = self._checked(X, y, first=is_first)
        return self._train(inputs, _labels(labels), sample_weight, "one more epoch")

    def predict(self, X: Any) -> Array:  # noqa: N803 (scikit-learn's name)
        """The classes (N,) of samples X (N, ...)."""
        outputs = self._outputs(X)
        if len(self.classes_) == 1:
            return np.full(len(outputs), self.classes_[0])
        return np.asarray(self.classes_[predicted_classes(outputs, self.network_.meaning)])

    @available_if(lambda self: self._has_probabilities())  # type: ignore[untyped-decorator]
    def predict_proba(self, X: Any) -> Array:  # noqa: N803 (scikit-learn's name)
        """The probabilities (N, C) of the classes, in the order of `classes_`; losses such as HingeLoss have none."""
        outputs = self._outputs(X)
        probabilities = class_probabilities(outputs, self.network_.meaning)
        assert probabilities is not None
        return np.ones_like(outputs) if len(self.classes_) == 1 else probabilities

    def _has_probabilities(self) -> bool:
        import_modules(self.imports or [])
        loss = kind_of(BaseLoss).check(plain(self._loss), "loss", [])
        return loss is not None and loss.build().outputs in PROBABILISTIC

    def _targets(self, y: Array, dtype: np.dtype) -> tuple[Array, tuple[str, ...] | None]:
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(f"y has {unknown}, which are none of the classes {self.classes_}")
        return np.searchsorted(self.classes_, y), tuple(map(str, self.classes_))

    def _output_count(self, data: Dataset) -> int:
        return len(self.classes_)


def _labels(y: Array) -> Array:
    check_classification_targets(y)
    return np.asarray(column_or_1d(y, warn=True))
