"""What is kept of outputs, for each kind of them."""

import numpy as np
import pytest

from base.outputs import Meaning
from base.types import Array
from trainer.inspection.predictions import PredictionCollector, Predictions

CLASSES = ("a", "b", "c")


def predicted(outputs: Array, targets: Array, meaning: Meaning, classes: tuple[str, ...] | None) -> Predictions:
    """What becomes of outputs that come in two batches."""
    collector = PredictionCollector(classes, meaning)
    for part in (slice(0, 2), slice(2, None)):
        collector.update(outputs[part], targets[part])
    return collector.predictions(0.5)


def test_mistakes_are_those_that_are_wrong_and_the_surest_come_first() -> None:
    outputs = np.array([[9.0, 0, 0], [2, 0, 0], [0, 8, 0], [0, 0, 5], [0, 1, 0]])
    predictions = predicted(outputs, np.array([0, 1, 0, 1, 1]), "logits", CLASSES)
    assert predictions.predictions.tolist() == [0, 0, 1, 2, 1]
    assert predictions.mistakes(9).tolist() == [2, 3, 1]
    assert predictions.mistakes(2).tolist() == [2, 3]
    assert predictions.wrong == 3
    assert predictions.confusion.tolist() == [[1, 1, 0], [1, 1, 1], [0, 0, 0]]
    assert predictions.has_probabilities
    np.testing.assert_allclose(predictions.certainty[1], np.exp(2) / (np.exp(2) + 2))


@pytest.mark.parametrize(
    ("meaning", "outputs", "certainty", "second", "known"),
    [
        ("probabilities", [0.2, 0.9, 0.6], [0.8, 0.9, 0.6], [0.2, 0.9, 0.6], True),
        ("logits", [0.0, 100, -100], [0.5, 1, 1], [0.5, 1, 0], True),
        ("numbers", [0.2, 1.5, 0.5], [0.3, 1.0, 0], [0.2, 1.5, 0.5], False),
        ("margins", [-2.0, 0.5, 0], [2, 0.5, 0], [-2, 0.5, 0], False),
    ],
)
def test_a_single_output_says_one_of_two_classes(
    meaning: Meaning, outputs: list[float], certainty: list[float], second: list[float], known: bool
) -> None:
    predictions = predicted(np.array(outputs)[:, None], np.array([0, 1, 1]), meaning, ("no", "yes"))
    np.testing.assert_allclose(predictions.certainty, certainty, atol=1e-12)
    np.testing.assert_allclose(predictions.second, second, atol=1e-12)
    assert predictions.has_probabilities == known


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_numbers_are_wrong_by_how_far_they_are_off(shape: tuple[int, ...]) -> None:
    predictions = predicted(np.array([[1.0], [2], [3]]), np.reshape([1.5, 9, 3], shape), "numbers", None)
    assert predictions.mistakes(2).tolist() == [1, 0]
    assert (predictions.targets.tolist(), predictions.predictions.tolist()) == ([1.5, 9, 3], [1, 2, 3])


def test_of_several_numbers_there_is_no_one_prediction() -> None:
    predictions = predicted(np.ones((3, 4)), np.ones((3, 4)), "numbers", None)
    assert len(predictions) == len(predictions.mistakes(5)) == 0
