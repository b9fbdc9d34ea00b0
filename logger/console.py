"""The texts that a run prints, legible at 80 columns."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from base.base_model import BaseModel
from base.base_trainer import Record
from base.dataset import Dataset
from base.types import Shape
from logger.figures import figure_text, metric_names

_COLUMNS = 80
_SHORTEST_NAME = 8  # that can be recognised


def model_table(model: BaseModel, shapes: Mapping[str, Shape]) -> str:
    """The layers of a built model: path, type, shape of the output for one sample, parameters of its own."""
    rows = [["layer", "type", "output", "parameters"]]
    for path, layer in model.named_layers():
        shape = shape_text(shapes[path]) if path in shapes else ""
        size = sum(parameter.size for parameter in layer.parameters.values())
        rows.append([path, type(layer).__name__, shape, f"{size:,}"])
    total = f"{model.values.size:,} parameters, {model.values.nbytes / 2**20:.2f} MiB as {model.values.dtype}"
    return f"{aligned(_fitting(rows))}\n{total}"


def component_lines(config: Mapping[str, Any]) -> str:
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
    return "\n".join(textwrap.fill(line, _COLUMNS, subsequent_indent="  ", break_on_hyphens=False) for line in lines)


def elided(name: str, longest: int) -> str:
    """A name without its middle where it is longer.

    >>> elided("basicblock3.body.batchnorm2d1", 20)
    'basicbloc...hnorm2d1'
    """
    if len(name) <= longest or longest < 5:
        return name[: max(longest, 0)]
    tail = (longest - 3) // 2
    return f"{name[: longest - 3 - tail]}...{name[-tail:]}"


def epoch_line(record: Record, epochs: int, improved: bool, monitor_figure: str) -> str:
    """One line for an epoch, with as many metrics as fit; the first metric's name is cut where it is long.

    A star follows the figure that is the best so far, or the line where that figure is not shown.

    >>> record = {"epoch": 3, "step": 99, "loss": 0.1243, "accuracy": 0.9613, "val_loss": 0.0987,
    ...           "val_accuracy": 0.9702, "lr": 0.05, "seconds": 1.21}
    >>> epoch_line(record, epochs=20, improved=True, monitor_figure="val_accuracy")
    'epoch  3/20  loss 0.1243 val 0.0987  accuracy 0.9613 val 0.9702* lr 0.05  1.2 s'
    """
    best = monitor_figure if improved else None
    start = f"epoch {int(record['epoch']):{len(str(epochs))}}/{epochs}"
    end = f"lr {record['lr']:.3g}  {duration(record['seconds'])}"
    parts = [start, _pair("loss", record, best)]
    for number, name in enumerate(metric_names(record)):
        line = _joined([*parts, _pair(name, record, best), end])
        room = _COLUMNS - len(line) - (best is not None and "*" not in line)  # one to come needs a column
        label = name if room >= 0 else elided(name, len(name) + room)
        if room >= 0 or (number == 0 and len(label) >= _SHORTEST_NAME):
            parts.append(_pair(name, record, best, label))
    line = _joined([*parts, end])
    return line if best is None or "*" in line else f"{line}*"


def data_lines(training: Dataset, validation: Dataset | None, test: Dataset | None = None) -> str:
    """The sizes of the splits, the shape of a sample, the classes, and how often the rarest and commonest occur."""
    splits = [("training", training), ("validation", validation), ("test", test)]
    sizes = ", ".join(f"{len(data):,} {name}" for name, data in splits if data is not None)
    lines = [f"samples  {sizes}", f"input    {shape_text(training.input_shape)}"]
    if training.classes is None:
        lines.append(f"target   {shape_text(training.target_shape)}")
    else:
        lines.append(_cut(f"classes  {len(training.classes)}: {', '.join(training.classes)}"))
        lines.append(_cut(f"balance  {_balance(training, training.classes)}"))
    return "\n".join(lines)


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


def _fitting(rows: list[list[str]]) -> list[list[str]]:
    """The rows of a table, their first cells cut so that it fits."""
    others = sum(max(len(row[column]) for row in rows) + 2 for column in range(1, len(rows[0])))
    return [[elided(row[0], max(_COLUMNS - others, 12)), *row[1:]] for row in rows]


def _arguments(arguments: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in arguments.items())


def _balance(data: Dataset, classes: Sequence[str]) -> str:
    counts = np.bincount(data.read_targets(slice(None)), minlength=len(classes))
    rarest, commonest = int(counts.argmin()), int(counts.argmax())
    if counts[rarest] == counts[commonest]:
        return f"{counted(counts[rarest], 'training sample')} of each class"
    low, high = (f"{counts[one]:,} of {classes[one]}" for one in (rarest, commonest))
    return f"from {low} to {high} in the training data"


def _cut(line: str) -> str:
    return line if len(line) <= _COLUMNS else f"{line[: _COLUMNS - 3]}..."


def _pair(name: str, record: Record, best: str | None, shown: str = "") -> str:
    texts = [shown or name]
    for label, key in (("", name), ("val ", f"val_{name}")):
        if key in record:
            texts.append(f"{label}{figure_text(record[key]):>6}{'*' if key == best else ''}")
    return " ".join(texts)


def _joined(parts: Sequence[str]) -> str:
    return "  ".join(parts).replace("*  ", "* ")  # a star takes a space's place, so that lines stay in columns


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as lines whose columns begin below each other; the last column is to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    last = len(widths) - 1
    return "\n".join(
        "  ".join(f"{cell:{'>' if i == last else '<'}{widths[i]}}" for i, cell in enumerate(row)) for row in rows
    )
