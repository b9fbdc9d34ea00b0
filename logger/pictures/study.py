"""Runs that are compared: the loss over their steps, a figure over their epochs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from base.base_trainer import Record
from base.types import Array
from logger.pictures.drawing import drawing
from logger.pictures.over_steps import count_steps, finite, smoothed
from logger.pictures.style import CLASS_COLORS, INK, LINES, choose_scale, panels, save
from logger.pictures.text import add_legend, shortened
from utils.files import OUTPUT

_MOST_MARKERS = 30  # epochs
_LONGEST = 45  # letters of a label
_REFERENCES = ("--", ":", "-.", (0, (6, 1, 1, 1, 1, 1)))  # line styles


@dataclass(frozen=True)
class StudyLine:
    """A run by its label; `reference` is one that the others are to be seen beside."""

    label: str
    steps: Mapping[str, Array]
    records: Sequence[Record]
    reference: bool = False


@drawing
def draw_study(lines: Sequence[StudyLine], figure_name: str, title: str, path: Path) -> None:
    """Draw the smoothed training loss over steps beside a figure over epochs, into a PNG. Raises WriteError."""
    from matplotlib.ticker import MaxNLocator

    figure, (left, right) = panels(2, width=4.4, height=max(3.2, 0.24 * len(lines) + 1.0), sharex=False, title=title)
    figure.set_figwidth(figure.get_figwidth() + 3.2)
    looks = _looks(lines)
    for line, look in zip(lines, looks, strict=True):
        if line.steps:
            steps, loss = finite(line.steps["step"], line.steps["loss"])
            if len(loss):
                left.plot(*smoothed(steps, loss)[:2], **look)
        points = [(record["epoch"], record[figure_name]) for record in line.records if figure_name in record]
        marker = "o" if len(points) <= _MOST_MARKERS else ""
        right.plot([epoch for epoch, _ in points], [value for _, value in points], marker=marker, markersize=3, **look)
    left.set(title="training loss, smoothed", xlabel="step", ylabel="loss")
    choose_scale(left)
    longest = max((line.steps["step"] for line in lines if line.steps), key=len, default=None)
    if longest is not None:
        count_steps(left, longest)
    right.set(title=f"{figure_name} of each epoch", xlabel="epoch", ylabel=figure_name)
    right.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    handles = [left.plot([], [], **look)[0] for look in looks]
    labels = [shortened(line.label, _LONGEST) for line in lines]
    add_legend(
        figure, handles, labels, loc="outside right upper", handlelength=2.6, alignment="left",
    )  # fmt: skip
    save(figure, path, OUTPUT)


def _looks(lines: Sequence[StudyLine]) -> list[dict[str, Any]]:
    """A colour for each run, and a line style for each that is a reference."""
    looks: list[dict[str, Any]] = []
    references = itertools.cycle(_REFERENCES)
    for place, line in enumerate(lines):
        if line.reference:
            looks.append({"color": INK, "linestyle": next(references), "linewidth": 1.5})
        else:
            repeat, hue = divmod(place, len(CLASS_COLORS))
            style = LINES[repeat % len(LINES)]
            looks.append({"color": CLASS_COLORS[hue], "linestyle": style, "linewidth": 1.6, "alpha": 0.9})
    return looks
