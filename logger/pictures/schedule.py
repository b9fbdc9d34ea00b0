"""The learning rate over a run that is planned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from logger.pictures.drawing import drawing
from logger.pictures.over_steps import Clock, count_epochs, scale_rates
from logger.pictures.style import BLUE, panels, save
from utils.files import OUTPUT


@drawing
def draw_schedule(steps: Sequence[int], rates: Sequence[float], steps_per_epoch: int, title: str, path: Path) -> None:
    """Draw rates over steps, up to the last one of the run, with the epochs above, into a PNG. Raises WriteError."""
    from matplotlib.ticker import MaxNLocator

    figure, (axes,) = panels(1, width=7.2, height=3.8, title=title)
    end = steps[-1] + 1
    axes.plot([*steps, end], [*rates, rates[-1]], color=BLUE, linewidth=1.8, drawstyle="steps-post")
    axes.set(xlabel="step", ylabel="learning rate", xlim=(0, end))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    scale_rates(axes, rates)
    count_epochs(axes, Clock(steps_per_epoch))
    save(figure, path, OUTPUT)
