"""The texts that a run prints, laid out for the columns there are."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from base.base_model import BaseModel
from base.dataset import Dataset
from base.types import Shape
from utils.folding import fold, padded, text_width
from utils.printable import printable
from utils.screen import COLUMNS

_LABEL = 9  # columns of the word before a line
_SHORTEST_NAME, _LONGEST_NAME = 12, 24


def model_table(model: BaseModel, shapes: Mapping[str, Shape], columns: int = COLUMNS) -> str:
    """The layers of a built model: path, type, shape of the output for one sample, parameters of its own."""
    rows = [["layer", "type", "output", "parameters"]]
    for path, layer in model.named_layers():
        shape = shape_text(shapes[path]) if path in shapes else ""
        size = sum(parameter.size for parameter in layer.parameters.values())
        rows.append([path, type(layer).__name__, shape, f"{size:,}"])
    total = f"{model.values.size:,} parameters, {model.values.nbytes / 2**20:.2f} MiB as {model.values.dtype}"
    return f"{aligned(_fitting(rows, columns))}\n{fold(total, columns)}"


def component_lines(config: Mapping[str, Any], columns: int = COLUMNS) -> str:
    """Every component of a resolved config with all its arguments, and the settings of the trainer.

    >>> print(component_lines({"seed": 1, "loss": {"type": "MSELoss", "args": {}},
    ...                        "optimizer": {"type": "SGD", "args": {"lr": 0.1, "momentum": 0.9}}}))
    loss: MSELoss
    optimizer: SGD: lr 0.1, momentum 0.9
    """
    lines = []
    for key, section in config.items():
        for part in section if isinstance(section, list) else [section]:
            if isinstance(section, list) and isinstance(part, str):
                lines.append(f"{key}: {part}")
            elif isinstance(part, dict):
                lines.append(": ".join(filter(None, [key, part.get("type"), _arguments(part.get("args", part))])))
    return fold("\n".join(lines), columns)


def elided(name: str, longest: int) -> str:
    """A name as it is shown, without its middle where it is longer.

    >>> elided("basicblock3.body.batchnorm2d1", 20)
    'basicbloc...hnorm2d1'
    """
    name = printable(name)
    if text_width(name) <= longest or longest < 5:
        return name[: max(longest, 0)]
    for room in range(min(longest, len(name)), 4, -1):
        tail = (room - 3) // 2
        cut = f"{name[: room - 3 - tail]}...{name[-tail:]}"
        if text_width(cut) <= longest:
            break
    return cut


def entry(label: str, text: str, columns: int = COLUMNS) -> str:
    """A word and what it stands for, below each other where that is long.

    >>> print(entry("pictures", "confusion, curves, steps", 24))
    pictures confusion,
             curves, steps
    """
    return fold(f"{label:{_LABEL - 1}} {text}", columns, _LABEL)


def data_lines(
    training: Dataset, validation: Dataset | None, test: Dataset | None = None, columns: int = COLUMNS
) -> str:
    """The sizes of the splits, the shape of a sample, the classes, and how often the rarest and commonest occur."""
    splits = [("training", training), ("validation", validation), ("test", test)]
    sizes = ", ".join(f"{len(data):,} {name}" for name, data in splits if data is not None)
    facts = {"samples": sizes, "input": shape_text(training.input_shape)}
    if training.classes is None:
        facts["target"] = shape_text(training.target_shape)
    else:
        facts["classes"] = _listed(training.classes, columns - _LABEL)
        facts["balance"] = _balance(training, training.classes)
    return "\n".join(entry(label, text, columns) for label, text in facts.items())


def shape_text(shape: Shape) -> str:
    """A shape as people write it.

    >>> shape_text((28, 28, 1)), shape_text(())
    ('28 x 28 x 1', '1')
    """
    return " x ".join(map(str, shape)) or "1"


def duration(seconds: float) -> str:
    """A time as people say it.

    >>> [duration(seconds) for seconds in (0.0123, 1.21, 75.4, 150, 7260)]
    ['0.01 s', '1.2 s', '75 s', '2 min 30 s', '2 h 1 min']
    """
    if seconds < 100:
        return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def counted(number: int, thing: str) -> str:
    """A number with its noun, in the plural where needed.

    >>> counted(1, "core"), counted(2000, "core")
    ('1 core', '2,000 cores')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _fitting(rows: list[list[str]], columns: int) -> list[list[str]]:
    """The rows of a table, their first cells cut so that it fits, and without their second where that is not enough."""
    others = sum(max(len(row[column]) for row in rows) + 2 for column in range(1, len(rows[0])))
    if columns - others < _SHORTEST_NAME and len(rows[0]) > 3:
        return _fitting([[row[0], *row[2:]] for row in rows], columns)
    return [[elided(row[0], max(columns - others, _SHORTEST_NAME)), *row[1:]] for row in rows]


def _arguments(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items())


def _balance(data: Dataset, classes: Sequence[str]) -> str:
    counts = np.bincount(data.read_targets(slice(None)), minlength=len(classes))
    rarest, commonest = int(counts.argmin()), int(counts.argmax())
    if counts[rarest] == counts[commonest]:
        return f"each class has {counted(counts[rarest], 'training sample')}"
    low, high = (f"{counts[one]:,} of class {elided(classes[one], _LONGEST_NAME)}" for one in (rarest, commonest))
    return f"fewest training samples: {low}; most: {high}"


def _listed(names: Sequence[str], room: int) -> str:
    """The number of names, and as many of them as a line has room for, but one at least."""
    listed, whole = "", f"{len(names)}: {', '.join(names)}"
    if text_width(whole) <= room:
        return whole
    for shown in range(1, len(names)):
        longer = f"{len(names)}: {', '.join(names[:shown])}, and {len(names) - shown} more"
        if listed and text_width(longer) > room:
            break
        listed = longer
    return listed or whole


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as lines whose columns begin below each other; the last column is to the right."""
    widths = [max(map(text_width, column)) for column in zip(*rows, strict=True)]
    last = len(widths) - 1
    return "\n".join("  ".join(padded(cell, widths[i], i == last) for i, cell in enumerate(row)) for row in rows)
