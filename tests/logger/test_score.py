"""The score agrees with scikit-learn's."""

import json

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from base.errors import DataError
from base.types import Array
from logger.score import classification_score, wilson_interval
from utils.printable import printable

NAMES = ("zero", "one", "two", "never predicted", "never seen", "neither")


@pytest.fixture
def answers() -> tuple[Array, Array]:
    generator = np.random.Generator(np.random.Philox(key=3))
    return generator.choice([0, 1, 2, 4], 200), generator.choice([0, 1, 2, 3], 200)


def test_every_class_has_the_reference_figures(answers: tuple[Array, Array]) -> None:
    predictions, targets = answers
    score = classification_score(predictions, targets, NAMES)
    labels = list(range(len(NAMES)))
    expected = precision_recall_fscore_support(targets, predictions, labels=labels, zero_division=0)
    for name, values in zip(("precision", "recall", "f1", "support"), expected, strict=True):
        assert [getattr(one, name) for one in score.classes] == pytest.approx(values.tolist(), abs=1e-15)
    assert score.accuracy == np.mean(predictions == targets)
    assert tuple(one.name for one in score.classes) == NAMES


def test_the_confusion_matrix_is_the_reference_one(answers: tuple[Array, Array]) -> None:
    predictions, targets = answers
    expected = confusion_matrix(targets, predictions, labels=range(6))
    assert np.array_equal(classification_score(predictions, targets, NAMES).confusion, expected)


@pytest.mark.parametrize(
    ("right", "samples", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (9812, 10000, 0.9783, 0.9837), (1, 1, 0.2065, 1.0)],
)
def test_the_interval_stays_between_0_and_1(right: int, samples: int, low: float, high: float) -> None:
    assert wilson_interval(right, samples) == pytest.approx((low, high), abs=5e-5)


def test_the_score_is_json_and_a_table_of_80_columns() -> None:
    score = classification_score(np.array([0, 1, 1, 1]), np.array([0, 1, 0, 1]), ("cat", "dog"))
    assert json.loads(json.dumps(score.as_dict()))["classes"][1] == {
        "name": "dog", "precision": pytest.approx(2 / 3), "recall": 1.0, "f1": pytest.approx(0.8), "support": 2,
    }  # fmt: skip
    assert score.text().splitlines() == [
        "accuracy 0.7500 (95 % interval 0.3006 to 0.9544, 4 samples)",
        "",
        "class  precision  recall      F1  support",
        "cat       1.0000  0.5000  0.6667        2",
        "dog       0.6667  1.0000  0.8000        2",
        "mean      0.8333  0.7500  0.7333        4",
    ]


def test_no_samples_are_a_data_error() -> None:
    with pytest.raises(DataError, match="no samples"):
        classification_score(np.array([], int), np.array([], int), ("a", "b"))


def test_columns_stay_below_each_other_where_names_are_written_with_escapes() -> None:
    names = ["a\x1bb", "nul\u202eme", "plain", "\x1b" * 60]
    targets = np.arange(4)
    for columns in (80, 50):
        lines = printable(classification_score(targets, targets, names).text(columns)).splitlines()[-6:]
        assert {len(line) for line in lines} == {len(lines[0])}, lines
        assert len(lines[0]) <= columns
