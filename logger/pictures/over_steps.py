"""Shared parts of plots over steps: epochs counted above, scales, and lines that stay quick for long runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from base.base_trainer import Record
from base.types import Array
from logger.pictures.style import log_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LOW = 50  # what is below the highest by this factor cannot be told from 0 on a linear scale
_MOST_BINS = 1500  # more cannot be told apart on a screen
_WINDOW = 50  # a smoothed line averages over so small a part of the run


@dataclass(frozen=True)
class Clock:
    """The epoch of each step: `epoch` epochs were done after step `step`, each of `steps_per_epoch`."""

    steps_per_epoch: int
    step: int = 0
    epoch: int = 0


def clock_of(records: Sequence[Record], steps_per_epoch: int) -> Clock:
    """The clock of a run, by its history; a run from another's checkpoint need not begin at step 0."""
    if not records:
        return Clock(steps_per_epoch)
    return Clock(steps_per_epoch, int(records[-1]["step"]), int(records[-1]["epoch"]))


def count_steps(axes: Axes, steps: Array) -> None:
    """Count steps along a plot's x axis, from before the first to the last."""
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    first, last = steps[0] - 1, steps[-1]
    axes.set_xlim(first - 0.02 * (last - first), last + 0.02 * (last - first))


def count_epochs(axes: Axes, clock: Clock) -> None:
    """Count epochs above a plot whose x axis counts steps."""
    from matplotlib.ticker import MaxNLocator

    def epochs(steps: Any) -> Any:
        return clock.epoch + (steps - clock.step) / clock.steps_per_epoch

    def steps(epochs: Any) -> Any:
        return clock.step + (epochs - clock.epoch) * clock.steps_per_epoch

    above = axes.secondary_xaxis("top", functions=(epochs, steps))
    above.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    above.set_xlabel("epochs done")
    above.spines["top"].set_visible(True)


def scale_rates(axes: Axes, rates: Sequence[float] | Array) -> None:
    """Logarithmic where a linear scale would draw much of the run as nothing, else from 0."""
    if min(rates) > 0 and float(np.quantile(rates, 0.1)) * _LOW < max(rates):
        log_scale(axes)
    else:
        from_zero(axes, np.asarray(rates))


def from_zero(axes: Axes, values: Array) -> None:
    """Let a linear scale begin at 0, with room above the greatest of these values, none of them negative."""
    most = float(values.max(initial=0))
    axes.set_ylim(0, 1.06 * most if most > 0 else 1)


def finite(x: Array, y: Array) -> tuple[Array, Array]:
    """The points whose y is a number."""
    kept = np.isfinite(y)
    return x[kept], y[kept]


def outline(x: Array, y: Array) -> tuple[Array, Array]:
    """A line of few points that looks as that of all would: the least and the greatest of each stretch."""
    if len(x) <= 2 * _MOST_BINS:
        return x, y
    stretches = np.array_split(np.arange(len(x)), _MOST_BINS)
    ends = [part[0] + np.sort([y[part].argmin(), y[part].argmax()]) for part in stretches]
    places = np.concatenate(ends)
    return x[places], y[places]


def smoothed(x: Array, y: Array) -> tuple[Array, Array, int]:
    """The mean of y around each place of at most a few hundred, and over how many points it is taken."""
    bins = min(len(x), 20 * _WINDOW)
    stretches = np.array_split(np.arange(len(x)), bins)
    means = np.array([y[part].mean() for part in stretches])
    middles = np.array([x[part].mean() for part in stretches])
    half = bins // (2 * _WINDOW)
    lines = [means[max(0, place - half) : place + half + 1].mean() for place in range(bins)]
    return middles, np.array(lines), max(1, round((2 * half + 1) * len(x) / bins))
