"""Results in the order of their settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from logger.pictures.drawing import drawing
from logger.pictures.search.axis import Tried
from logger.pictures.style import BLUE, MUTED, VERMILION, panels, save


@drawing
def draw_history(tried: Sequence[Tried], figure_name: str, mode: str, path: Path) -> None:
    """Draw each result, those ended early apart, and the best so far. Raises WriteError."""
    from matplotlib.ticker import MaxNLocator

    figure, (axes,) = panels(1, width=7.2, height=4.2, title="results in the order in which settings were drawn")
    done, ended = [one for one in tried if one.done], [one for one in tried if not one.done]
    if ended:
        _dots(ended, axes, marker="x", color=MUTED, label="ended early", linewidths=1.2)
    if done:
        _dots(done, axes, marker="o", color=BLUE, label="trained to the end")
        best = (np.maximum if mode == "max" else np.minimum).accumulate([one.value for one in done])
        numbers = [*(one.number for one in done), tried[-1].number]
        axes.step(numbers, [*best, best[-1]], where="post", color=VERMILION, linewidth=1.6, label="best so far")
    axes.set(xlabel="setting", ylabel=figure_name)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    figure.legend(loc="outside lower center", ncols=3)
    save(figure, path)


def _dots(tried: Sequence[Tried], axes: object, **look: object) -> None:
    axes.scatter([one.number for one in tried], [one.value for one in tried], s=24, **look)  # type: ignore[attr-defined]
