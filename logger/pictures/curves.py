"""The curves of a run: its figures over the epochs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.base_trainer import Record
from logger.figures import figure_text, metric_names
from logger.pictures.drawing import drawing
from logger.pictures.over_steps import from_zero, scale_rates
from logger.pictures.style import BLUE, GREEN, INK, MUTED, VERMILION, choose_scale, save, sheet, style
from logger.pictures.text import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SPLITS = (("", "training", BLUE, "--"), ("val_", "validation", VERMILION, "-"), ("test_", "test", GREEN, "-."))
_MOST_PANELS = 6
_ACROSS = 3
_PANEL, _LOW_PANEL = 3.0, 2.0  # the height of a metric, and of what it was trained with
_MOST_MARKERS = 30
_LONGEST = 45  # letters of a metric


@drawing
def draw_curves(
    records: Sequence[Record],
    path: Path,
    best_epoch: int | None,
    monitor: str,
    titles: Mapping[str, str] | None = None,
) -> None:
    """Draw the loss and the first metrics, a panel each, and below learning rate and seconds, into a PNG.

    `monitor` is the figure that says which epoch is best, with or without "min" or "max" before it. `titles` has the
    words of metrics whose names do not say all. Nothing is drawn where no epoch is done. Raises WriteError.
    """
    if not records:
        return
    names = ["loss", *metric_names(records[-1])][:_MOST_PANELS]
    figure, plots, (rate, seconds) = _panels(len(names))
    best = next((record for record in records if record["epoch"] == best_epoch), None)
    for axes, name in zip(plots, names, strict=True):
        axes.set_title(shortened((titles or {}).get(name, name), _LONGEST))
        _draw_splits(axes, name, records)
        if name == "loss":
            choose_scale(axes)
        if best is not None:
            axes.axvline(
                best["epoch"], color=MUTED, linestyle=":", linewidth=1.4, label=_words(best, monitor), zorder=1
            )
    rates = _draw_line(rate, "learning rate", "lr", records)
    if rates:
        scale_rates(rate, rates)
    from_zero(seconds, np.array(_draw_line(seconds, "seconds an epoch", "seconds", records)))
    handles, labels = plots[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    save(figure, path)


def _panels(count: int) -> tuple[Figure, list[Axes], list[Axes]]:
    """A figure with so many plots, in rows as full as each other, and two lower ones in a row below."""
    rows = -(-count // _ACROSS)
    across = -(-count // rows)
    width = 4.2 * max(2, across)
    figure = sheet(width, rows * _PANEL + _LOW_PANEL + 0.7, "curves over the epochs")
    grid = figure.add_gridspec(rows + 1, 6, height_ratios=[*[_PANEL] * rows, _LOW_PANEL])
    places = [(place // across, place % across) for place in range(count)]
    wide = 6 // across
    plots = [figure.add_subplot(grid[row, column * wide : (column + 1) * wide]) for row, column in places]
    below = [figure.add_subplot(grid[rows, :3]), figure.add_subplot(grid[rows, 3:])]
    for axes in (*plots, *below):
        style(axes)
    for axes in below:
        axes.set_xlabel("epoch")
    return figure, plots, below


def _draw_splits(axes: Axes, name: str, records: Sequence[Record]) -> None:
    _count_epochs(axes, records)
    for prefix, label, color, line in _SPLITS:
        if any(prefix + name in record for record in records):
            _plot(axes, prefix + name, records, line, label=label, color=color, linewidth=1.8)


def _draw_line(axes: Axes, title: str, name: str, records: Sequence[Record]) -> list[float]:
    """Draw one figure; returns its numbers."""
    axes.set_title(title)
    _count_epochs(axes, records)
    _plot(axes, name, records, "-", color=INK, linewidth=1.4)
    values = [record.get(name, math.nan) for record in records]
    return [value for value in values if math.isfinite(value)]


def _plot(axes: Axes, name: str, records: Sequence[Record], line: str, **look: object) -> None:
    marker = "o" if len(records) <= _MOST_MARKERS else ""
    epochs = [record["epoch"] for record in records]
    values = [record.get(name, math.nan) for record in records]
    axes.plot(epochs, values, line, marker=marker, markersize=4, **look)  # type: ignore[arg-type]


def _count_epochs(axes: Axes, records: Sequence[Record]) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    first, last = records[0]["epoch"], records[-1]["epoch"]
    margin = 0.03 * (last - first) or 0.5
    axes.set_xlim(first - margin, last + margin)


def _words(best: Record, monitor: str) -> str:
    figure = monitor.split()[-1]
    return f"best epoch {best['epoch']:.0f}" + (f": {figure} {figure_text(best[figure])}" if figure in best else "")
