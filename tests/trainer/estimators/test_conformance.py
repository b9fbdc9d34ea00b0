"""scikit-learn's own tests of estimators, all of them."""

from collections.abc import Callable

from sklearn.base import BaseEstimator
from sklearn.utils.estimator_checks import parametrize_with_checks

from trainer.estimators import NetworkClassifier, NetworkRegressor


@parametrize_with_checks([NetworkClassifier(), NetworkRegressor()])
def test_an_estimator_conforms(estimator: BaseEstimator, check: Callable[[BaseEstimator], None]) -> None:
    check(estimator)
