"""Curves as SVG, whose colours follow the page."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from base.types import Array
from logger.comparison.curves import WIDE, Curve, value_range
from logger.figures import figure_text
from logger.pictures.drawing import drawing

WIDTH, HEIGHT = 460, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 10, 10, 38
_MOST_POINTS = 400  # of a line: more than pixels can show
Point = tuple[float, float, int, str]

_DASHES = {"-": "", "--": "7 3", ":": "2 3", "-.": "8 3 2 3"}


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its place in the picture and its text."""

    place: float
    text: str


@dataclass(frozen=True)
class ChartLine:
    """A run's curve: the places of the run and of its colour, dashes, SVG path, points as x, y, epoch and value."""

    run: int
    hue: int
    dash: str
    path: str
    points: list[Point]


@dataclass(frozen=True)
class ComparisonChart:
    """A figure of several runs over the epochs, in pixels."""

    title: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    lines: list[ChartLine]
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


def dash_of(curve: Curve) -> str:
    """A line style as SVG writes it."""
    return _DASHES[curve.line]


def chart(metric: str, title: str, curves: Sequence[Curve]) -> ComparisonChart | None:
    """A figure's curves; None where no run has a number to draw."""
    data = [(run, curve, _thinned(curve.points(metric))) for run, curve in enumerate(curves)]
    finite = np.array([point for *_, points in data for point in points if math.isfinite(point[1])])
    if not len(finite):
        return None
    x, x_ticks = _epoch_axis(finite[:, 0])
    y, y_ticks = _value_axis(finite[:, 1], value_range(curves, metric), is_loss=metric.endswith("loss"))
    lines = [ChartLine(run, curve.hue, dash_of(curve), *_traced(points, x, y)) for run, curve, points in data if points]
    return ComparisonChart(title, x_ticks, y_ticks, lines)


Scale = Callable[[float], float]


@drawing
def _epoch_axis(epochs: Array) -> tuple[Scale, list[Tick]]:
    from matplotlib.ticker import MaxNLocator

    low, high = float(epochs.min()), float(epochs.max())
    scale = _scale(low, high, _LEFT + 8, WIDTH - _RIGHT - 8)
    places = MaxNLocator(nbins=7, integer=True, min_n_ticks=1).tick_values(low, high) if high > low else [low]
    return scale, [Tick(round(scale(place), 1), f"{place:g}") for place in places if low <= place <= high]


@drawing
def _value_axis(values: Array, shown: tuple[float, float] | None, is_loss: bool) -> tuple[Scale, list[Tick]]:
    from matplotlib.ticker import LogLocator, MaxNLocator

    low, high = float(values.min()), float(values.max())
    ends = (HEIGHT - _BOTTOM - 6, _TOP + 6)
    if is_loss and 0 < WIDE * low < high:
        logs = _scale(math.log10(low), math.log10(high), *ends)
        between = (1, 2, 5) if high < 1000 * low else (1,)
        places = LogLocator(subs=between, numticks=6).tick_values(low, high)
        return lambda value: logs(math.log10(value)), [
            Tick(round(logs(math.log10(place)), 1), f"{place:g}") for place in places if low <= place <= high
        ]
    low, high = shown or (low, high)
    scale = _scale(low, high, *ends)
    locator = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10])
    ticks = [low] if high == low else [float(place) for place in locator.tick_values(low, high)]
    return scale, [Tick(round(scale(place), 1), f"{place:.6g}") for place in ticks if low <= place <= high]


def _scale(low: float, high: float, start: float, end: float) -> Scale:
    if high == low:
        return lambda value: (start + end) / 2
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _traced(points: Sequence[tuple[float, float]], x: Scale, y: Scale) -> tuple[str, list[Point]]:
    """An SVG path that leaves gaps where a value is not finite, and the points on it."""
    steps: list[str] = []
    placed: list[Point] = []
    pen = "M"
    for epoch, value in points:
        if math.isfinite(value):
            place = (round(x(epoch), 1), round(y(value), 1))
            steps.append(f"{pen}{place[0]:g} {place[1]:g}")
            placed.append((*place, int(epoch), figure_text(value)))
        pen = "L" if math.isfinite(value) else "M"
    return "".join(steps), placed


def _thinned(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    stride = -(-len(points) // _MOST_POINTS) or 1
    return [*points[:-1:stride], points[-1]] if points else points
