"""The loss over a growing learning rate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.style import BLUE, GREEN, MUTED, VERMILION, log_scale, panels, save
from utils.files import FIND_LR

_MARGIN = 0.3  # of the range of losses, above the highest of the first half


@drawing
def draw_range_test(
    rates: Sequence[float],
    losses: Sequence[float],
    title: str,
    path: Path,
    smoothed: Array | None = None,
    proposed: float | None = None,
    minimum: float | None = None,
) -> None:
    """Draw the loss after each rate, and where one is proposed it and the smoothed loss. Raises WriteError."""
    figure, (axes,) = panels(1, width=7.2, height=4.2, title=title)
    axes.plot(rates, losses, color=MUTED, linewidth=0, marker=".", markersize=4, label="loss of a batch")
    if smoothed is not None and proposed is not None and minimum is not None:
        axes.plot(rates, smoothed, color=BLUE, linewidth=1.8, label="smoothed")
        axes.plot([minimum], [smoothed.min()], color=GREEN, linewidth=0, marker="o", label=f"lowest, at {minimum:.2g}")
        axes.axvline(proposed, color=VERMILION, linewidth=1.6, linestyle="--", label=f"proposed: {proposed:g}")
    axes.set(xlabel="learning rate", ylabel="loss")
    log_scale(axes, "x")
    axes.set_ylim(*_limits(np.asarray(losses)))
    figure.legend(loc="outside lower center", ncols=4, frameon=False, fontsize=10)
    save(figure, path, FIND_LR)


def _limits(losses: Array) -> tuple[float, float]:
    """Room for the loss at low rates and its fall; where it diverges it leaves the plot."""
    most, least = float(losses[: -(-len(losses) // 2)].max()), float(losses.min())
    margin = _MARGIN * (most - least) or 0.1 * abs(most) or 1.0
    return least - 0.2 * margin, most + margin
