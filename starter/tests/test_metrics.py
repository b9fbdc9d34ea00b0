"""The metric is what can be computed by hand."""

import numpy as np

from my_project.metrics import true_class_probability


def test_it_is_the_softmax_at_the_true_class() -> None:
    output = np.log([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]]) + 1000
    np.testing.assert_allclose(true_class_probability(output, np.array([1, 2])), [0.25, 0.7])
