"""Predicted numbers beside the true ones, and what is left between them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.style import BLUE, INK, VERMILION, panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DARK = 600  # points up to which each is dark; of more, many make a dark place
_BINS = 40


@drawing
def draw_regression(targets: Array, predictions: Array, title: str, path: Path) -> None:
    """Draw targets and predictions (N, K), a row for each of the K numbers, into a PNG. Raises WriteError.

    A row shows predicted against true, residuals (true minus predicted) against predicted, and their distribution.
    Samples with numbers that are not finite are left out.
    """
    count = targets.shape[1]
    figure, plots = panels(3, width=3.9, height=3.5, rows=count, sharex=False, title=title)
    for place in range(count):
        kept = np.isfinite(targets[:, place]) & np.isfinite(predictions[:, place])
        true, predicted = targets[kept, place].astype(np.float64), predictions[kept, place].astype(np.float64)
        number = f"number {place + 1}: " if count > 1 else ""
        scatter, residuals, distribution = plots[3 * place : 3 * place + 3]
        _draw_scatter(scatter, true, predicted, number)
        _draw_residuals(residuals, true, predicted)
        _draw_distribution(distribution, true - predicted)
    save(figure, path)


def _draw_scatter(axes: Axes, true: Array, predicted: Array, number: str) -> None:
    axes.set(
        title=f"{number}predicted against true{_determination(true, predicted)}", xlabel="true", ylabel="predicted"
    )
    if len(true):
        low, high = min(true.min(), predicted.min()), max(true.max(), predicted.max())
        axes.plot([low, high], [low, high], color=INK, linewidth=1, linestyle="--", label="predicted = true")
        axes.scatter(true, predicted, color=BLUE, linewidths=0, s=22, alpha=_alpha(true))
        axes.legend(loc="upper left")


def _draw_residuals(axes: Axes, true: Array, predicted: Array) -> None:
    axes.set(title="residuals against predicted", xlabel="predicted", ylabel="true - predicted")
    axes.axhline(0, color=INK, linewidth=1, linestyle="--")
    axes.scatter(predicted, true - predicted, color=VERMILION, linewidths=0, s=22, alpha=_alpha(true))


def _draw_distribution(axes: Axes, residuals: Array) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set(title="distribution of the residuals", xlabel="true - predicted", ylabel="samples")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    if not len(residuals):
        return
    axes.hist(residuals, bins=min(_BINS, max(5, round(len(residuals) ** 0.5))), color=VERMILION, alpha=0.75)
    axes.axvline(0, color=INK, linewidth=1, linestyle="--")
    mean, root = float(residuals.mean()), float(np.sqrt(np.mean(residuals**2)))
    axes.set_title(f"residuals: mean {mean:.3g}, RMSE {root:.3g}")


def _determination(true: Array, predicted: Array) -> str:
    """The coefficient of determination, in words; nothing where all are the same."""
    total = float(np.sum((true - true.mean()) ** 2)) if len(true) else 0.0
    return f", R² = {1 - float(np.sum((true - predicted) ** 2)) / total:.3f}" if total > 0 else ""


def _alpha(points: Array) -> float:
    return float(np.clip(0.75 * _DARK / max(len(points), 1), 0.06, 0.75))
