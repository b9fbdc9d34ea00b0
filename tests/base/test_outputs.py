"""Outputs are read as what the loss takes them for."""

import numpy as np
import pytest

from base.outputs import Meaning, class_probabilities, predicted_classes
from base.types import Array

LOGITS = np.array([[1.0, 3.0, -1.0], [1e4, -1e4, 0.0]])
SOFTMAX = np.exp(LOGITS - LOGITS.max(axis=1, keepdims=True))
SOFTMAX /= SOFTMAX.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("meaning", ["numbers", "margins", "logits", "probabilities", "log_probabilities"])
def test_the_largest_of_several_outputs_is_the_class(meaning: Meaning) -> None:
    assert predicted_classes(LOGITS, meaning).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("meaning", "classes"),
    [("numbers", [0, 0, 1]), ("probabilities", [0, 0, 1]), ("margins", [0, 1, 1]), ("logits", [0, 1, 1])],
)
def test_a_single_output_says_1_above_its_middle(meaning: Meaning, classes: list[int]) -> None:
    assert predicted_classes(np.array([[-0.1], [0.4], [0.6]]), meaning).tolist() == classes


def test_each_kind_of_outputs_has_its_probabilities() -> None:
    kinds: list[tuple[Meaning, Array]] = [("logits", LOGITS), ("probabilities", SOFTMAX)]
    kinds.append(("log_probabilities", np.log(np.maximum(SOFTMAX, 1e-300))))
    for meaning, outputs in kinds:
        found = class_probabilities(outputs, meaning)
        assert found is not None
        np.testing.assert_allclose(found, SOFTMAX, rtol=1e-13, atol=1e-299)


def test_a_single_output_has_the_probabilities_of_two_classes() -> None:
    logits = np.array([[0.0], [2.0], [-1e4]])
    sigmoid = 1 / (1 + np.exp(-np.clip(logits[:, 0], -700, None)))
    found = class_probabilities(logits, "logits")
    assert found is not None
    np.testing.assert_allclose(found, np.stack([1 - sigmoid, sigmoid], axis=1), rtol=1e-14, atol=1e-300)
    found = class_probabilities(np.array([[0.3]]), "probabilities")
    assert found is not None
    np.testing.assert_allclose(found, [[0.7, 0.3]])


@pytest.mark.parametrize("meaning", ["numbers", "margins"])
def test_mere_numbers_have_no_probabilities(meaning: Meaning) -> None:
    assert class_probabilities(LOGITS, meaning) is None
