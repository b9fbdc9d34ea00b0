"""The curves of a run: its figures over the epochs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.base_trainer import Record
from logger.figures import figure_text, metric_names
from logger.pictures.drawing import drawing
from logger.pictures.style import BLUE, GREEN, MUTED, VERMILION, log_scale, panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SPLITS = (("", "training", BLUE, "--"), ("val_", "validation", VERMILION, "-"), ("test_", "test", GREEN, "-."))
_MOST_PANELS = 3
_MOST_MARKERS = 30
_WIDE = 100  # a loss that falls by more than this is drawn on a logarithmic scale, where its end can be seen


@drawing
def draw_curves(records: Sequence[Record], path: Path, best_epoch: int | None, monitor: str) -> None:
    """Draw the loss and the first metrics, a panel each, into a PNG.

    `monitor` is the figure that says which epoch is best, with or without "min" or "max" before it. Nothing is drawn
    where no epoch is done. Raises WriteError.
    """
    if not records:
        return
    names = ["loss", *metric_names(records[-1])][:_MOST_PANELS]
    figure, plots = panels(len(names), width=4.6, height=3.8)
    for axes, name in zip(plots, names, strict=True):
        _draw_panel(axes, name, records)
        if name == "loss":
            choose_scale(axes)
        _mark_best(axes, name, records, best_epoch, monitor.split()[-1])
    handles, labels = plots[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False, fontsize=10)
    save(figure, path)


def _draw_panel(axes: Axes, name: str, records: Sequence[Record]) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set(xlabel="epoch", ylabel=name)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    epochs = [record["epoch"] for record in records]
    marker = "o" if len(records) <= _MOST_MARKERS else ""
    for prefix, label, color, line in _SPLITS:
        if any(prefix + name in record for record in records):
            values = [record.get(prefix + name, math.nan) for record in records]
            axes.plot(epochs, values, line, label=label, color=color, marker=marker, markersize=4, linewidth=1.6)


def choose_scale(axes: Axes, wide: float = _WIDE) -> None:
    """Draw on a logarithmic scale what differs by a factor of more than `wide`, and is above 0."""
    values = np.concatenate([line.get_ydata() for line in axes.lines])
    finite = values[np.isfinite(values)]
    if len(finite) and 0 < wide * finite.min() < finite.max():
        log_scale(axes)


def _mark_best(axes: Axes, name: str, records: Sequence[Record], best_epoch: int | None, figure: str) -> None:
    best = next((record for record in records if record["epoch"] == best_epoch), None)
    if best is None:
        return
    axes.axvline(best["epoch"], color=MUTED, linestyle=":", linewidth=1.4, label=f"best epoch ({best_epoch})", zorder=1)
    if figure.removeprefix("val_") == name and figure in best:
        axes.set_title(f"best {figure} {figure_text(best[figure])}")
