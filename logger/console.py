"""The texts that a run prints, legible at 80 columns."""

from collections.abc import Mapping, Sequence

import numpy as np

from base.base_data_loader import Dataset
from base.base_model import BaseModel
from base.base_trainer import Record
from base.types import Shape
from logger.figures import figure_text, metric_names

_COLUMNS = 80


def model_table(model: BaseModel, shapes: Mapping[str, Shape]) -> str:
    """The layers of a built model: path, type, shape of the output for one sample, parameters of its own."""
    rows = [("layer", "type", "output", "parameters")]
    for path, layer in model.named_layers():
        shape = shape_text(shapes[path]) if path in shapes else ""
        size = sum(parameter.size for parameter in layer.parameters.values())
        rows.append((path, type(layer).__name__, shape, f"{size:,}"))
    total = f"{model.values.size:,} parameters, {model.values.nbytes / 2**20:.2f} MiB as {model.values.dtype}"
    return f"{aligned(rows)}\n{total}"


def epoch_line(record: Record, epochs: int, improved: bool, monitor_figure: str) -> str:
    """One line for an epoch, with the first metric and as many more as fit.

    A star follows the figure that is the best so far, or the line where that figure is not shown.

    >>> record = {"epoch": 3, "step": 99, "loss": 0.1243, "accuracy": 0.9613, "val_loss": 0.0987,
    ...           "val_accuracy": 0.9702, "lr": 0.05, "seconds": 1.21}
    >>> epoch_line(record, epochs=20, improved=True, monitor_figure="val_accuracy")
    'epoch  3/20  loss 0.1243 val 0.0987  accuracy 0.9613 val 0.9702* lr 0.05  1.2 s'
    """
    best = monitor_figure if improved else None
    start = f"epoch {int(record['epoch']):{len(str(epochs))}}/{epochs}"
    end = f"lr {record['lr']:.3g}  {duration(record['seconds'])}"
    metrics = [_pair(name, record, best) for name in metric_names(record)]
    parts = [start, _pair("loss", record, best), *metrics[:1]]
    for metric in metrics[1:]:
        if len(_joined([*parts, metric, end])) < _COLUMNS:  # a column is left for the star
            parts.append(metric)
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


def _balance(data: Dataset, classes: Sequence[str]) -> str:
    counts = np.bincount(data.read_targets(slice(None)), minlength=len(classes))
    rarest, commonest = int(counts.argmin()), int(counts.argmax())
    if counts[rarest] == counts[commonest]:
        return f"{counts[rarest]:,} training sample{'s' if counts[rarest] > 1 else ''} of each class"
    low, high = (f"{counts[one]:,} of {classes[one]}" for one in (rarest, commonest))
    return f"from {low} to {high} in the training data"


def _cut(line: str) -> str:
    return line if len(line) <= _COLUMNS else f"{line[: _COLUMNS - 3]}..."


def _pair(name: str, record: Record, best: str | None) -> str:
    texts = [name]
    for label, key in (("", name), ("val ", f"val_{name}")):
        if key in record:
            texts.append(f"{label}{figure_text(record[key])}{'*' if key == best else ''}")
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
