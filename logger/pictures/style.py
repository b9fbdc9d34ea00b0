"""The look of every picture: one palette, one grid, and no pyplot, whose state is global."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from logger.pictures.drawing import import_matplotlib
from logger.pictures.text import make_drawable, shortened
from utils.files import SAVE_DIR, opened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito, "Color universal design", 2008: told apart with every kind of colour vision.
BLUE, VERMILION, GREEN = "#0072B2", "#D55E00", "#009E73"
INK, MUTED, GRID = "#222222", "#6B6B6B", "#E3E3E3"
BETWEEN = "#B8B8B8"  # between tiles where white is a value

# Petroff, "Accessible color sequences for data visualization", 2021: ten, as far apart as ten can be.
CLASS_COLORS = (
    *("#3F90DA", "#FFA90E", "#BD1F01", "#94A4A2", "#832DB6"),
    *("#A96B59", "#E76300", "#B9AC70", "#717581", "#92DADD"),
)
LINES = ("-", "--", ":", "-.")  # where colours have to be used again
CLASS_MARKERS = "o^sDvP*X"

SIGNED = "RdBu_r"  # 0 is white, and red and blue are told apart with every kind of colour vision

_DPI = 120
_LETTERS = 11.5  # of a title in an inch
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TIMES = " \N{MULTIPLICATION SIGN} "
_NO_MARKUP = str.maketrans("", "", "${}")


def panels(count: int, width: float, height: float, rows: int = 1, sharex: bool = True) -> tuple[Figure, list[Axes]]:
    """A figure with rows of `count` plots, each of this size in inches, with one x axis for all or not, styled.

    Plots are listed row by row.
    """
    figure = sheet(count * width, rows * height)
    plots = list(figure.subplots(rows, count, squeeze=False, sharex=sharex).flat)
    for axes in plots:
        style(axes)
    return figure, plots


def sheet(width: float, height: float, title: str = "") -> Figure:
    """An empty figure of this size in inches, which gives its parts the room that they need."""
    import_matplotlib()
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.08, h_pad=0.08, wspace=0.04)
    figure = Figure(figsize=(width, height), layout=layout, facecolor="white")
    if title:
        figure.suptitle(title_text(title, width), fontsize=11, color=INK)
    return figure


def title_text(title: str, width: float) -> str:
    """A title that fits into so many inches."""
    return shortened(title, int(_LETTERS * width))


def log_scale(axes: Axes, which: Literal["x", "y"] = "y") -> None:
    """Draw an axis on a logarithmic scale."""
    from matplotlib.ticker import LogFormatterSciNotation

    class Powers(LogFormatterSciNotation):
        """Powers of ten in letters, as names are no formulas either."""

        def __call__(self, x: float, pos: int | None = None) -> str:
            text = (
                str(super().__call__(x, pos))
                .replace(r"\mathdefault", "")
                .replace(r"\times", " \N{MULTIPLICATION SIGN} ")
            )
            return re.sub(r"\^\{(.*?)\}", lambda power: power[1].translate(_RAISED), text).translate(_NO_MARKUP)

    axes.set(**{f"{which}scale": "log"})
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(Powers())
    axis.set_minor_formatter(Powers())


def save(figure: Figure, path: Path, other: str = SAVE_DIR) -> None:
    """Write the figure as a PNG. Raises WriteError, which advises `other` where that fails."""
    make_drawable(figure)
    with opened(path, "wb", other) as file:
        figure.savefig(file, dpi=_DPI, format="png")


def style(axes: Axes) -> None:
    """Give a plot the look of all."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MUTED)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(which="both", labelsize=9, color=MUTED, labelcolor=INK)
    axes.title.set(fontsize=11, color=INK)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set(fontsize=10, color=INK)
