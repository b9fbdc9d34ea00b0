"""Confusion matrices."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.style import INK, save, sheet, title_text
from logger.pictures.text import shortened
from model.confusion import ratio

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHARES = 12  # classes up to which a cell has room for count and share
_COUNTS = 30  # ... for a count
_NAMES = 40  # ... up to which every class has its name at the axes
_SEPARATED = 60  # ... up to which lines stand between cells
_LONGEST = 14  # letters of a name
_PAIRS = 3  # how many confusions the title names
_NO_BREAK = "\N{NO-BREAK SPACE}"  # where a line is not to end
_POWER = 0.4  # of a share: on a linear scale the errors of a good network would be as pale as nothing


@drawing
def draw_confusion(counts: Array, classes: Sequence[str], title: str, path: Path) -> None:
    """Draw counts (K, K), a row for each true class, into a PNG. Raises WriteError.

    Colours are shares of a row, on a scale that spreads the small ones.
    """
    from matplotlib.colors import PowerNorm

    size = len(classes)
    shares = ratio_of_rows(counts)
    side = float(np.clip(0.62 * size if size <= _SHARES else 0.42 * size, 4.6, 11.5))
    figure = sheet(side + 1.4, side + 0.7)
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", norm=PowerNorm(_POWER, 0, 1), interpolation="nearest")
    bar = figure.colorbar(image, ax=axes, shrink=0.8, ticks=[0, 0.001, 0.01, 0.05, 0.2, 0.5, 1])
    bar.ax.set_yticklabels(["0", "0.1 %", "1 %", "5 %", "20 %", "50 %", "100 %"], fontsize=9, color=INK)
    bar.set_label("share of the true class", fontsize=10, color=INK)
    below = fill(_most_confused(counts, classes), int(11.5 * (side + 0.6))).replace(_NO_BREAK, " ")
    axes.set_title(f"{title_text(title, side + 1.4)}\n{below}", fontsize=11, color=INK)
    _name_classes(axes, classes)
    if size <= _COUNTS:
        _write_cells(axes, counts, shares)
    save(figure, path)


def ratio_of_rows(counts: Array) -> Array:
    """Counts (K, K) as shares of their rows; 0 for a class without samples."""
    return np.stack([ratio(row, np.full(len(row), row.sum())) for row in counts])


def _name_classes(axes: Axes, classes: Sequence[str]) -> None:
    names = [shortened(name, _LONGEST) for name in classes]
    size, long = len(names), max(map(len, names)) > 3
    every = 1 if size <= _NAMES else 5 if size <= 120 else 20
    places = range(0, size, every)
    font = 10 if size <= 15 else 8 if size <= _COUNTS else 7
    shown = [names[place] for place in places]
    axes.set_xticks(places, shown, rotation=90 if long else 0, fontsize=font, color=INK)
    axes.set_yticks(places, shown, fontsize=font, color=INK)
    axes.set_xlabel("predicted", fontsize=10, color=INK)
    axes.set_ylabel("true", fontsize=10, color=INK)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    if size <= _SEPARATED:
        axes.set_xticks(np.arange(size + 1) - 0.5, minor=True)
        axes.set_yticks(np.arange(size + 1) - 0.5, minor=True)
        axes.grid(which="minor", color="white", linewidth=1)
    axes.tick_params(which="minor", length=0)


def _write_cells(axes: Axes, counts: Array, shares: Array) -> None:
    size = len(counts)
    font = 9 if size <= _SHARES else 8 if size <= 20 else 7
    for row, column in np.argwhere(counts):
        count, share = counts[row, column], shares[row, column]
        text = f"{count:,}" if count < 10_000 or size <= _SHARES else f"{count / 1000:.0f}k"
        if size <= _SHARES:
            text += f"\n{_percent(share)}"
        axes.text(column, row, text, ha="center", va="center", fontsize=font, color="white" if share > 0.2 else INK)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if 0.0005 <= share < 0.9995 else f"{100 * share:.0f} %" if share > 0.5 else "<0.1 %"


def _most_confused(counts: Array, classes: Sequence[str]) -> str:
    errors = counts - np.diag(np.diag(counts))
    wrong = int(errors.sum())
    if wrong == 0:
        return f"all {int(counts.sum()):,} are right"
    order = np.argsort(-errors, axis=None, kind="stable")[:_PAIRS]
    pairs = [np.unravel_index(place, errors.shape) for place in order if errors.flat[place]]
    names = [shortened(name, _LONGEST) for name in classes]
    said = [f"{names[row]} taken for {names[column]} ({errors[row, column]:,})" for row, column in pairs]
    together = ", ".join(pair.replace(" ", _NO_BREAK) for pair in said)
    return f"{wrong:,} of {int(counts.sum()):,} are wrong; most often: {together}"
