"""Labels of choices in results."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any


def labels_of(values: Sequence[Any]) -> list[Any]:
    """A label for each choice: numbers and strings themselves, a component's type, else JSON; numbered where equal.

    >>> labels_of([0.1, "SGD", {"type": "SGD", "args": {"momentum": 0.9}}, [784, 10], None])
    [0.1, 'SGD', 'SGD (2)', '[784, 10]', 'null']
    """
    plain = [_label(value) for value in values]
    seen: Counter[Any] = Counter()
    labels = []
    for label in plain:
        seen[label] += 1
        labels.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return labels


def _label(value: Any) -> Any:
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        return value["type"]
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    return json.dumps(value)
