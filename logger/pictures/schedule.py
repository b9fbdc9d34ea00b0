"""The learning rate over a run that is planned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from logger.files import OUTPUT
from logger.pictures.style import BLUE, INK, MUTED, panels, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LOW = 50  # a rate below the highest by this factor cannot be told from 0 on a linear scale


def draw_schedule(steps: Sequence[int], rates: Sequence[float], steps_per_epoch: int, title: str, path: Path) -> None:
    """Draw rates over steps, up to the last one of the run, with the epochs above, into a PNG. Raises WriteError."""
    from matplotlib.ticker import MaxNLocator

    figure, (axes,) = panels(1, width=7.2, height=3.8)
    end = steps[-1] + 1
    axes.plot([*steps, end], [*rates, rates[-1]], color=BLUE, linewidth=1.8, drawstyle="steps-post")
    axes.set(xlabel="step", ylabel="learning rate", title=title, xlim=(0, end))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    if _spends_long_near_zero(rates):
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    _count_epochs(axes, steps_per_epoch)
    save(figure, path, OUTPUT)


def _count_epochs(axes: Axes, steps_per_epoch: int) -> None:
    def epochs(steps: Any) -> Any:
        return steps / steps_per_epoch

    def steps(epochs: Any) -> Any:
        return epochs * steps_per_epoch

    from matplotlib.ticker import MaxNLocator

    above = axes.secondary_xaxis("top", functions=(epochs, steps))
    above.xaxis.set_major_locator(MaxNLocator(integer=True))
    above.set_xlabel("epochs done", fontsize=10, color=INK)
    above.tick_params(labelsize=9, color=MUTED, labelcolor=INK)
    above.spines["top"].set_color(MUTED)


def _spends_long_near_zero(rates: Sequence[float]) -> bool:
    """Whether a linear scale would draw much of the run as nothing, and a logarithmic one can draw it."""
    return min(rates) > 0 and float(np.quantile(rates, 0.1)) * _LOW < max(rates)
