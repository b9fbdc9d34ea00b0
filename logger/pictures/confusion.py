"""Confusion matrices."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.style import BLUE, GRID, MUTED, VERMILION, mixed, save, sheet, text_color
from logger.pictures.text import shortened
from model.confusion import ratio

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SHARES = 12  # classes up to which a cell has room for count and share
_COUNTS = 30  # ... for a count
_NAMES = 40  # ... up to which every class has its name at the axes
_SEPARATED = 60  # ... up to which lines stand between cells
_LONGEST = 20  # letters of a name
_LONGEST_IN_TITLE = 16
_PAIRS = 3  # how many confusions the title names
_NO_BREAK = "\N{NO-BREAK SPACE}"  # where a line is not to end
_POWER = 0.4  # of a share: on a linear scale the errors of a good network would be as pale as nothing
_DARKEST = 0.75  # of a colour, so that what stands on it can be read
_BARS = 1.3  # inches at the right


@drawing
def draw_confusion(counts: Array, classes: Sequence[str], title: str, path: Path) -> None:
    """Draw counts (K, K), a row for each true class, into a PNG. Raises WriteError.

    Colours are shares of a row, blue where they are right and orange where they are wrong, on a scale that spreads
    the small ones.
    """
    size = len(classes)
    shares = ratio_of_rows(counts)
    side = float(np.clip(0.62 * size if size <= _SHARES else 0.42 * size, 4.2, 11.5))
    names = [shortened(name, _LONGEST) for name in classes]
    beside = 0.085 * max(map(len, names))
    width = side + beside + _BARS
    turned = 0.1 * max(map(len, names)) > side / min(size, _NAMES)
    figure = sheet(width, side + (beside if turned else 0.2) + 1.1, title)
    axes = figure.add_subplot()
    _draw_cells(figure, axes, shares)
    below = fill(_most_confused(counts, classes), int(12.5 * side), break_long_words=False).replace(_NO_BREAK, " ")
    axes.set_title(below, fontsize=9.5)
    _name_classes(axes, names, turned)
    if size <= _COUNTS:
        _write_cells(axes, counts, shares)
    save(figure, path)


def ratio_of_rows(counts: Array) -> Array:
    """Counts (K, K) as shares of their rows; 0 for a class without samples."""
    return np.stack([ratio(row, np.full(len(row), row.sum())) for row in counts])


def _draw_cells(figure: Figure, axes: Axes, shares: Array) -> None:
    from matplotlib.colors import LinearSegmentedColormap, PowerNorm

    right = np.eye(len(shares), dtype=bool)
    boxes = [axes.inset_axes((1.03, bottom, 0.03, 0.44)) for bottom in (0.56, 0.0)]
    for mine, color, what, box in zip((right, ~right), (BLUE, VERMILION), ("right", "wrong"), boxes, strict=True):
        scale = LinearSegmentedColormap.from_list(what, ["#ffffff", mixed(color, _DARKEST)])
        cells = np.ma.masked_array(shares, ~mine)
        image = axes.imshow(cells, cmap=scale, norm=PowerNorm(_POWER, 0, 1), interpolation="nearest")
        bar = figure.colorbar(image, cax=box, ticks=[0, 0.01, 0.1, 0.5, 1])
        bar.ax.set_yticklabels(["0", "1 %", "10 %", "50 %", "100 %"])
        bar.ax.set_title(what, fontsize=9.5, pad=9)
        bar.set_label("share of the true class", fontsize=9)
        bar.outline.set_visible(False)
        bar.ax.tick_params(length=0)


def _name_classes(axes: Axes, names: Sequence[str], turned: bool) -> None:
    size = len(names)
    every = 1 if size <= _NAMES else 5 if size <= 120 else 20
    places = range(0, size, every)
    font = 10 if size <= 15 else 8.5 if size <= _COUNTS else 7.5
    shown = [names[place] for place in places]
    axes.set_xticks(places, shown, rotation=90 if turned else 0, fontsize=font)
    axes.set_yticks(places, shown, fontsize=font)
    axes.set(xlabel="predicted class", ylabel="true class")
    axes.tick_params(length=0 if every == 1 else 3)
    axes.spines[:].set(visible=size > _SEPARATED, color=MUTED, linewidth=0.6)
    if size <= _SEPARATED:
        axes.set_xticks(np.arange(size + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(size + 1) - 0.5, minor=True)
        axes.grid(which="minor", color=GRID, linewidth=0.8)
    axes.tick_params(which="minor", length=0)


def _write_cells(axes: Axes, counts: Array, shares: Array) -> None:
    size = len(counts)
    font = 9 if size <= _SHARES else 8 if size <= 20 else 7
    for row, column in np.argwhere(counts):
        count, share = counts[row, column], shares[row, column]
        text = f"{count:,}" if count < 10_000 or size <= _SHARES else f"{count / 1000:.0f}k"
        if size <= _SHARES:
            text += f"\n{_percent(share)}"
        ground = mixed(BLUE if row == column else VERMILION, _DARKEST * share**_POWER)
        axes.text(column, row, text, ha="center", va="center", fontsize=font, color=text_color(ground))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if 0.0005 <= share < 0.9995 else f"{100 * share:.0f} %" if share > 0.5 else "<0.1 %"


def _most_confused(counts: Array, classes: Sequence[str]) -> str:
    errors = counts - np.diag(np.diag(counts))
    wrong = int(errors.sum())
    if wrong == 0:
        return f"all {int(counts.sum()):,} are right"
    order = np.argsort(-errors, axis=None, kind="stable")[:_PAIRS]
    pairs = [np.unravel_index(place, errors.shape) for place in order if errors.flat[place]]
    names = [shortened(name, _LONGEST_IN_TITLE) for name in classes]
    said = [f"{names[row]} taken for {names[column]} ({errors[row, column]:,})" for row, column in pairs]
    together = ", ".join(pair.replace(" ", _NO_BREAK) for pair in said)
    return f"{wrong:,} of {int(counts.sum()):,} are wrong; most often: {together}"
