"""Importance of each setting."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from logger.pictures.drawing import drawing
from logger.pictures.search.axis import short
from logger.pictures.style import BLUE, panels, save


@drawing
def draw_importance(importance: Mapping[str, float], figure_name: str, path: Path) -> None:
    """Draw a bar for each key, its share of the variance of results. Raises WriteError."""
    figure, (axes,) = panels(1, width=7.2, height=1.5 + 0.42 * len(importance), title="which settings matter")
    names = sorted(importance, key=lambda name: importance[name])
    bars = axes.barh(range(len(names)), [importance[name] for name in names], color=BLUE, height=0.6)
    axes.set_yticks(range(len(names)), [short(name) for name in names])
    axes.bar_label(bars, [f"{importance[name]:.2f}" for name in names], padding=4, fontsize=9)
    axes.set(xlim=(0, 1.12 * max(importance.values())), xlabel=f"share of the variance of {figure_name} (fANOVA)")
    axes.grid(visible=False, axis="y")
    save(figure, path)
