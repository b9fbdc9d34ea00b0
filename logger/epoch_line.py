"""The line that a run prints after an epoch."""

from __future__ import annotations

from collections.abc import Sequence

from base.base_trainer import Record
from logger.console import duration, elided
from logger.figures import figure_text, metric_names
from utils.screen import COLUMNS

_STAR = "\0"  # of no name
_GAP = "  "
_SHORTEST_NAME = 12  # that can be recognised
_PREFIXES = ("val_", "test_")


def epoch_line(record: Record, epochs: int, improved: bool, monitored: str, columns: int = COLUMNS) -> str:
    """An epoch's loss and the monitored figure, whatever the columns; then as much of the rest as fits beside them.

    That is the other metrics in their order, then the seconds, then the learning rate. A star follows the figure that
    is the best so far. Where the monitored metric does not fit beside the loss, its name is cut in the middle, or it
    stands in a line below. Columns stay where they are from epoch to epoch.

    >>> record = {"epoch": 3, "step": 99, "loss": 0.1243, "accuracy": 0.9613, "val_loss": 0.0987,
    ...           "val_accuracy": 0.9702, "lr": 0.05, "seconds": 1.21}
    >>> print(epoch_line(record, epochs=20, improved=True, monitored="val_accuracy"))
    epoch  3/20  loss 0.1243 val 0.0987  accuracy 0.9613 val 0.9702* 1.2 s
    >>> print(epoch_line(record, epochs=20, improved=True, monitored="val_accuracy", columns=120))
    epoch  3/20  loss 0.1243 val 0.0987  accuracy 0.9613 val 0.9702* lr 0.05  1.2 s
    >>> print(epoch_line(record, epochs=20, improved=True, monitored="val_accuracy", columns=40))
    epoch  3/20  loss 0.1243 val 0.0987
      accuracy 0.9613 val 0.9702*
    """
    start = f"epoch {int(record['epoch']):{len(str(epochs))}}/{epochs}"
    own = next((monitored.removeprefix(prefix) for prefix in _PREFIXES if monitored.startswith(prefix)), monitored)
    figures = {name: _figures(name, record, monitored) for name in ["loss", *metric_names(record), own]}
    needed = [name for name in dict.fromkeys(["loss", own]) if figures[name]]
    parts = [start, *(f"{name} {figures[name]}" for name in needed)]
    excess = _width(parts) - columns
    if excess <= 0:
        parts = [start, *_fitting(record, figures, needed, columns - len(start))]
    elif len(own) - excess >= _SHORTEST_NAME:
        parts[-1] = f"{elided(own, len(own) - excess)} {figures[own]}"
    else:
        parts[-1] = f"{elided(own, max(columns - len(figures[own]) - 3, 0))} {figures[own]}"
    return _joined(parts, columns).replace(_STAR, "*" if improved else " ").rstrip()


def _fitting(record: Record, figures: dict[str, str], needed: list[str], room: int) -> list[str]:
    """The needed figures and all others that there is room for, the most wanted first, in the order of the line."""
    shown = [f"{name} {figures[name]}" for name in figures if name in needed]
    chosen = set(needed)
    for name in figures:
        longer = [f"{one} {text}" for one, text in figures.items() if one in chosen or one == name]
        if figures[name] and _width(["", *longer]) <= room:
            chosen, shown = chosen | {name}, longer
    seconds, rate = duration(record["seconds"]), f"lr {record['lr']:.3g}"
    # Room for usual ones, so that they do not come and go with each digit.
    for ends, usual in (([rate, seconds], ["lr 0.0000", "0.00 s"]), ([seconds], ["0.00 s"])):
        if max(_width(["", *shown, *ends]), _width(["", *shown, *usual])) <= room:
            return [*shown, *ends]
    return shown


def _figures(name: str, record: Record, monitored: str) -> str:
    """A metric's figures in the log, the monitored one with a place for its star."""
    tested = [("test ", f"test_{name}")] if monitored == f"test_{name}" else []
    texts = [
        f"{label}{figure_text(record[key]):>6}{_STAR if key == monitored else ''}"
        for label, key in (("", name), ("val ", f"val_{name}"), *tested)
        if key in record
    ]
    return " ".join(texts)


def _joined(parts: Sequence[str], columns: int) -> str:
    """Parts side by side as far as they fit, then below; a star takes a blank's place, so that columns stay."""
    lines = [parts[0]]
    for part in parts[1:]:
        if _width([lines[-1], part]) <= columns:
            lines[-1] = _GAP.join([lines[-1], part]).replace(f"{_STAR}{_GAP}", f"{_STAR} ")
        else:
            lines.append(_GAP + part)
    return "\n".join(lines)


def _width(parts: Sequence[str]) -> int:
    return len(_GAP.join(parts).replace(f"{_STAR}{_GAP}", f"{_STAR} "))
