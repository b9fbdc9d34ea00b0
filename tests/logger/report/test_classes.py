"""What is read from validation.json and test.json."""

from typing import Any

import numpy as np
import pytest

from logger.report.classes import MOST_CLASSES, read_classes, read_mistakes

HELD = {"data": "validation", "epoch": 4, "classes": ["a", "b"], "confusion_matrix": [[8, 2], [1, 9]]}


def test_figures_of_a_class_follow_from_the_matrix() -> None:
    held = read_classes(HELD, "")
    assert held is not None
    first, second = held.classes
    assert (first.name, first.support, first.recall) == ("a", 10, 0.8)
    assert first.precision == pytest.approx(8 / 9)
    assert second.f1 == pytest.approx(2 * 9 / (11 + 10))
    assert [[cell.count for cell in one.row] for one in held.classes] == HELD["confusion_matrix"]
    assert held.confusions == (("a", "b", 2), ("b", "a", 1))
    assert held.note == "20 samples, the network after epoch 4"


def test_a_hit_is_shaded_by_its_share_and_the_most_frequent_mistake_fully() -> None:
    held = read_classes(HELD, "")
    assert held is not None
    assert [[cell.shade for cell in one.row] for one in held.classes] == [[0.8, 1.0], [pytest.approx(0.707), 0.9]]


def test_classes_of_test_json_are_read_too() -> None:
    classes = [{"name": name, "precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 3} for name in "xy"]
    held = read_classes({"classes": classes, "confusion_matrix": [[3, 0], [0, 3]]}, "test")
    assert held is not None
    assert (held.data, [one.name for one in held.classes], held.confusions) == ("test", ["x", "y"], ())


def test_too_many_classes_have_figures_and_no_matrix() -> None:
    count = MOST_CLASSES + 1
    matrix = np.eye(count, dtype=int).tolist()
    held = read_classes({"classes": list(map(str, range(count))), "confusion_matrix": matrix}, "test")
    assert held is not None
    assert not held.has_matrix
    assert held.classes[0].row == ()
    assert held.classes[0].recall == 1


@pytest.mark.parametrize("held", [
    {}, {"classes": None, "confusion_matrix": None}, {"classes": ["a"], "confusion_matrix": [[1, 2], [3, 4]]},
    {"classes": ["a", "b"], "confusion_matrix": [[1], [2, 3]]}, {"classes": [], "confusion_matrix": []},
    {"classes": ["a"], "confusion_matrix": [["x"]]},
])  # fmt: skip
def test_a_file_of_another_form_tells_nothing(held: dict[str, Any]) -> None:
    assert read_classes(held, "test") is None


def test_mistakes_are_read_as_text_of_classes_and_of_numbers() -> None:
    of_class = {"sample": 3, "target": "a", "prediction": "b", "probability": 0.98765}
    of_number = {"sample": 4, "target": 1.5, "prediction": -2.25, "probability": None}
    one, other = read_mistakes({"mistakes": [of_class, of_number]})
    assert (one.sample, one.target, one.prediction, one.probability) == ("3", "a", "b", "0.9877")
    assert (other.target, other.prediction, other.probability) == ("1.5000", "-2.2500", "")
    assert read_mistakes({"mistakes": [of_class | {"name": "line 5"}]})[0].sample == "line 5"
    assert read_mistakes({}) == []
    assert read_mistakes({"mistakes": [{"sample": 1}]}) == []
