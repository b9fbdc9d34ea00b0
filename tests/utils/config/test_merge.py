"""How one config changes another."""

from typing import Any

import pytest

from utils.config.merge import merge

SGD = {"type": "SGD", "args": {"lr": 0.1, "momentum": 0.9}}


@pytest.mark.parametrize(
    ("base", "change", "expected"),
    [
        ({"a": 1, "b": 2}, {"b": 3, "c": 4}, {"a": 1, "b": 3, "c": 4}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}}, {"a": {"x": 1, "y": 3}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"x": 1}}, {"a": None}, {"a": None}),
        ({"a": None}, {"a": {"x": 1}}, {"a": {"x": 1}}),
        (SGD, {"args": {"lr": 1}}, {"type": "SGD", "args": {"lr": 1, "momentum": 0.9}}),
        (SGD, {"type": "SGD", "args": {"lr": 1}}, {"type": "SGD", "args": {"lr": 1, "momentum": 0.9}}),
        (SGD, {"type": "Adam", "args": {"lr": 1}}, {"type": "Adam", "args": {"lr": 1}}),
        (SGD, {"type": "Adam"}, {"type": "Adam"}),
        (SGD, "Adam", "Adam"),
        (SGD, "SGD", SGD),
        ("SGD", {"args": {"lr": 1}}, {"type": "SGD", "args": {"lr": 1}}),
        ("SGD", {"type": "SGD", "args": {"lr": 1}}, {"type": "SGD", "args": {"lr": 1}}),
        ("SGD", {"type": "Adam", "args": {"lr": 1}}, {"type": "Adam", "args": {"lr": 1}}),
        ("auto", {"x": 1}, {"x": 1}),
    ],
)
def test_objects_are_merged_and_components_of_another_type_replaced(base: Any, change: Any, expected: Any) -> None:
    assert merge(base, change) == expected
