"""The curves of a run as data: what the page's scripts draw."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from base.base_trainer import Record
from base.types import Array
from logger.figures import figure_text, metric_names, spans_a_decade
from logger.report.thinning import kept_places, running_mean

_DASHED = (6, 4)
_SPLITS = (("", "training", 0, _DASHED), ("val_", "validation", 1, ()), ("test_", "test", 2, ()))
_UPDATE = "update/"
_SMOOTHED = 50  # of how many parts of a run one is averaged over
_MOST_POINTS, _MOST_NUMBERS, _FEWEST_POINTS = 2000, 120_000, 50
_MOST_LAYERS = 60


@dataclass(frozen=True)
class Series:
    """A line: its name, its color's number in the palette, its values (N,), and how it is drawn.

    `dash` are lengths of strokes and gaps, as SVG takes them.
    """

    name: str
    color: int
    values: Array
    dash: tuple[int, ...] = ()
    faint: bool = False

    @property
    def last(self) -> str:
        """The last value that there is, in few characters."""
        finite = self.values[np.isfinite(self.values)]
        return figure_text(float(finite[-1])) if len(finite) else "-"


@dataclass(frozen=True)
class Chart:
    """Lines over epochs or steps `places` (N,); `marked` is the best epoch, `log` the scale to begin with.

    `shown` are the ends of its values to begin with, where these are not the least and the greatest.
    """

    key: str
    title: str
    note: str
    over: Literal["epoch", "step"]
    places: Array
    series: tuple[Series, ...]
    log: bool = False
    marked: int | None = None
    shown: tuple[float, float] | None = None

    @property
    def label(self) -> str:
        """The text that a screen reader is given."""
        ends = ", ".join(f"{one.name} {one.last}" for one in self.series[:6] if not one.faint)
        last = f"{self.over} {int(self.places[-1])}"
        return f"{self.title} by {self.over}; at {last}: {ends}. Arrow keys read values, + and - zoom, Escape resets."

    def data(self) -> dict[str, Any]:
        """The chart as JSON holds it; null for what is not finite."""
        series = [{"dash": one.dash, "faint": one.faint, "values": _plain(one.values)} for one in self.series]
        frame = {"key": self.key, "over": self.over, "log": self.log, "marked": self.marked, "shown": self.shown}
        return frame | {"places": self.places.astype(int).tolist(), "series": series}


def epoch_charts(records: Sequence[Record], best_epoch: int | None, titles: Mapping[str, str]) -> list[Chart]:
    """The loss, each metric with its title, the penalty, and the seconds, epoch by epoch."""
    if not records:
        return []
    names = list(dict.fromkeys(name for record in records for name in record))
    epochs = _column(records, "epoch")
    charts = []
    for name in ["loss", *metric_names(names)]:
        series = tuple(
            Series(label, color, _column(records, prefix + name), dash)
            for prefix, label, color, dash in _SPLITS
            if prefix + name in names
        )
        title = titles.get(name, name).replace("_", " ")
        charts.append(Chart(f"epoch-{name}", title, "", "epoch", epochs, series, marked=best_epoch))
    if "penalty" in names:
        line = Series("penalty", 3, _column(records, "penalty"))
        note = "the regularization term, beside the loss"
        charts.append(Chart("penalty", "penalty", note, "epoch", epochs, (line,), marked=best_epoch))
    if "seconds" in names:
        line = Series("seconds", 4, _column(records, "seconds"))
        note = "without files and pictures"
        charts.append(Chart("epoch-seconds", "seconds an epoch", note, "epoch", epochs, (line,), marked=best_epoch))
    shown = [chart for chart in charts if chart.series]
    return [replace(chart, log=chart.key == "epoch-loss" and is_wide(chart.series)) for chart in shown]


def step_charts(steps: Mapping[str, Array]) -> list[Chart]:
    """Loss, learning rate, gradient norm, and how much updates change each layer, step by step."""
    charts = list(_step_charts(steps)) if "step" in steps else []
    return [chart for chart in charts if any(np.isfinite(one.values).any() for one in chart.series)]


def thinned(charts: Sequence[Chart]) -> list[Chart]:
    """The charts with so few points each that all of them stay small."""
    if not charts:
        return []
    room = _MOST_NUMBERS // len(charts)
    return [_thin(chart, max(_FEWEST_POINTS, min(_MOST_POINTS, room // (len(chart.series) + 1)))) for chart in charts]


def _step_charts(steps: Mapping[str, Array]) -> Iterator[Chart]:
    places = steps["step"]
    for key, title, note in (
        ("loss", "loss of each batch", ""),
        ("lr", "learning rate", ""),
        ("grad_norm", "gradient norm", "of all parameters together"),
    ):
        if key in steps:
            lines = (Series(title, 0, steps[key]),) if key == "lr" else _smoothed(steps[key])
            yield Chart(f"step-{key}", title, note, "step", places, lines, log=key != "lr" and is_wide(lines))
    names = [name for name in steps if name.startswith(_UPDATE)]
    if names:
        yield _updates(places, {name.removeprefix(_UPDATE): steps[name] for name in names})


def _updates(places: Array, layers: Mapping[str, Array]) -> Chart:
    chosen = np.unique(np.linspace(0, len(layers) - 1, min(len(layers), _MOST_LAYERS)).round().astype(int))
    names = [list(layers)[place] for place in chosen]
    note = "how much a step changes a layer's weights, as a share of their norm"
    if len(names) < len(layers):
        note += f"; {len(names)} of {len(layers)} layers, the rest is in steps.csv"
    measured = np.isfinite(np.array([layers[name] for name in names])).any(axis=0)
    lines = tuple(Series(name, i, layers[name][measured]) for i, name in enumerate(names))
    return Chart("step-update", "update to weight ratio", note, "step", places[measured], lines, log=True)


def _smoothed(values: Array) -> tuple[Series, ...]:
    width = len(values) // _SMOOTHED
    if width < 2:
        return (Series("each step", 0, values),)
    mean = running_mean(values, width)
    return Series("each step", 0, values, faint=True), Series(f"mean of {width}", 0, mean)


def _thin(chart: Chart, most: int) -> Chart:
    if not len(chart.places):
        return chart
    kept = kept_places(np.array([one.values for one in chart.series]), most)
    series = tuple(replace(one, values=one.values[kept]) for one in chart.series)
    return replace(chart, places=chart.places[kept], series=series)


def _column(records: Sequence[Record], name: str) -> Array:
    return np.array([record.get(name, math.nan) for record in records], float)


def is_wide(series: Sequence[Series]) -> bool:
    """True if lines are easier to tell apart on a logarithmic scale."""
    return spans_a_decade(np.concatenate([one.values for one in series]))


def _plain(values: Array) -> list[float | None]:
    return [float(f"{value:.6g}") if math.isfinite(value) else None for value in values.tolist()]
