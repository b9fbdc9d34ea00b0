"""The look of every picture: one palette, one grid, and no pyplot, whose state is global."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from logger.figures import spans_a_decade
from logger.pictures.importing import import_matplotlib
from logger.pictures.text import make_drawable, shortened
from utils.files import SAVE_DIR, opened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

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

_TICKS = {"color": MUTED, "labelcolor": INK, "labelsize": 9}
DESIGN: dict[str, Any] = {  # of matplotlib's settings, those that are other than its own
    "text.color": INK,
    "text.parse_math": False,  # no $ of a name begins a formula
    "figure.titlesize": 12,
    "figure.titleweight": "bold",
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.labelsize": 9.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "legend.title_fontsize": 9.5,
    **{f"{axis}tick.{part}": value for axis in "xy" for part, value in _TICKS.items()},
}

_DPI = 120
_LETTERS = 9.8  # of a title in an inch
_READABLE = 4.5
_MARGIN = 0.1  # inches from the left edge to a title
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TIMES = " \N{MULTIPLICATION SIGN} "
_NO_MARKUP = str.maketrans("", "", "${}")


def panels(
    count: int, width: float, height: float, rows: int = 1, sharex: bool = True, title: str = ""
) -> tuple[Figure, list[Axes]]:
    """A figure with rows of `count` plots, each of this size in inches, with one x axis for all or not, styled.

    Plots are listed row by row.
    """
    figure = sheet(count * width, rows * height, title)
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
        head(figure, title)
    return figure


def head(figure: Figure | SubFigure, title: str) -> None:
    """Write a title above all of a figure, cut in its middle where it is longer than that is wide."""
    width = figure.bbox.width / figure.dpi
    figure.suptitle(shortened(title, int(_LETTERS * width)), x=_MARGIN / width, ha="left")


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


def choose_scale(axes: Axes) -> None:
    """Give lines that span more than a decade, all of it above 0, a logarithmic scale."""
    values = [np.asarray(line.get_ydata(), float) for line in axes.lines]
    if values and spans_a_decade(np.concatenate(values)):
        log_scale(axes)


def save(figure: Figure, path: Path, other: str = SAVE_DIR) -> None:
    """Write the figure as a PNG. Raises WriteError, which advises `other` where that fails."""
    make_drawable(figure)
    with opened(path, "wb", other) as file:
        figure.savefig(file, dpi=_DPI, format="png")


def style(axes: Axes) -> None:
    """Give a plot the grid of all."""
    axes.grid(visible=True, linewidth=0.8)


def mixed(color: str, share: float) -> str:
    """A colour of which so much is mixed with white.

    >>> mixed("#000000", 0.2), mixed("#0072B2", 1)
    ('#cccccc', '#0072b2')
    """
    parts = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, from 1 to 21, as WCAG 2 defines it; text needs 4.5.

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_color(ground: str) -> str:
    """The colour of text that can be read on another: that of all text where it can, else white or black."""
    return next((color for color in (INK, "#ffffff") if contrast(color, ground) >= _READABLE), "#000000")


def _luminance(color: str) -> float:
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
