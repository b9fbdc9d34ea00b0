"""The curves of several runs, over each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from logger.comparison.curves import Curve, panels_of, value_range
from logger.pictures.drawing import drawing
from logger.pictures.style import CLASS_COLORS, choose_scale, panels, save
from logger.pictures.text import add_legend, shortened
from utils.files import OUTPUT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_MARKERS = 30  # epochs
_LONGEST = 45  # letters of a label


@drawing
def draw_comparison(curves: Sequence[Curve], path: Path) -> bool:
    """Draw loss and first metrics of runs, one colour a run, into a PNG; whether there was an epoch to draw.

    Raises WriteError.
    """
    from matplotlib.ticker import MaxNLocator

    rows = panels_of(curves)
    if not rows:
        return False
    # A long legend needs height, which a single row of plots does not have.
    height = max(3.0, (0.22 * len(curves) + 0.8) / len(rows))
    figure, plots = panels(len(rows[0]), width=4.4, height=height, rows=len(rows))
    figure.set_figwidth(figure.get_figwidth() + 3.6)
    for axes, (name, title) in zip(plots, [panel for row in rows for panel in row], strict=True):
        _draw_panel(axes, name, curves)
        axes.set_title(title)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        if name.endswith("loss"):
            choose_scale(axes)
        _zoom(axes, value_range(curves, name))
    for axes in plots[-len(rows[0]) :]:
        axes.set_xlabel("epoch")
    _add_legend(plots[0], curves)
    save(figure, path, OUTPUT)
    return True


def _draw_panel(axes: Axes, name: str, curves: Sequence[Curve]) -> None:
    for curve in curves:
        points = curve.points(name)
        marker = "o" if len(points) <= _MOST_MARKERS else ""
        for epochs, values in [zip(*points, strict=True)] if points else []:
            axes.plot(
                epochs, values, curve.line, color=curve.color, marker=marker, markersize=3, linewidth=1.5,
                alpha=0.9, label="_",
            )  # fmt: skip


def _zoom(axes: Axes, values: tuple[float, float] | None) -> None:
    if values is not None and values[0] < values[1] and axes.get_yscale() == "linear":
        margin = 0.05 * (values[1] - values[0])
        axes.set_ylim(values[0] - margin, values[1] + margin)


def _add_legend(axes: Axes, curves: Sequence[Curve]) -> None:
    handles = [axes.plot([], [], curve.line, color=curve.color, linewidth=2)[0] for curve in curves]
    repeats = len(curves) > len(CLASS_COLORS)
    labels = [shortened(curve.label, _LONGEST) for curve in curves]
    add_legend(
        axes.figure, handles, labels, loc="outside right upper", handlelength=2.6, alignment="left",
        title="runs (colours repeat with other lines)" if repeats else "runs",
    )  # fmt: skip
