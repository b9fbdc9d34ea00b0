"""Estimators of scikit-learn that train networks."""

from trainer.estimators.classifier import NetworkClassifier
from trainer.estimators.regressor import NetworkRegressor

__all__ = ["NetworkClassifier", "NetworkRegressor"]
