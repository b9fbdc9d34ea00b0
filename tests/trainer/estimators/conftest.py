"""Data of scikit-learn."""

import pytest
from sklearn.datasets import load_iris
from sklearn.preprocessing import scale

from base.types import Array


@pytest.fixture(scope="session")
def iris() -> tuple[Array, Array]:
    """Measures of flowers, scaled, and the names of their kinds."""
    data = load_iris()
    return scale(data.data), data.target_names[data.target]
