"""Progress bar of an epoch."""

from __future__ import annotations

import logging
import math
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from logger.figures import figure_text
from logger.notebook import bar_stream
from utils.screen import columns

if TYPE_CHECKING:
    from tqdm import tqdm

LOG = logging.getLogger(__name__)

_BAR_SECONDS = 0.1
_LINE_SECONDS = 10.0
_BAR_FORMAT = "{desc}: {percentage:.0f} %|{bar}| {n_fmt}/{total_fmt} [{remaining} left, {rate_fmt}{postfix}]"
_SHORT_FORMAT = "{desc}: {percentage:.0f} % {remaining}{postfix}"
_NARROW = 72  # columns, below which the long one would be cut


class Progress:
    """A bar where that can be drawn, on a terminal or in a notebook; elsewhere a line in the log every ten seconds.

    Between two refreshes a step costs one look at the clock, well below a microsecond.
    """

    def __init__(
        self,
        total: int,
        description: str,
        done: int = 0,
        enabled: bool = True,
        unit: str = "steps",
        metric: str | None = "loss",
    ) -> None:
        self.total = total
        self.description = description
        self.steps = self._before = done
        self._unit = unit
        self._figure = metric
        stream = bar_stream() if enabled else None
        self._bar = _open_bar(stream, total, description, done, unit) if stream else None
        self._interval = _LINE_SECONDS if self._bar is None else _BAR_SECONDS
        self._start = time.perf_counter()
        self._due = self._start + self._interval if enabled else math.inf

    def update(self, value: float = 0.0, steps: int = 1) -> None:
        """Count steps; `value`, such as the loss, is shown when the next refresh is due, if a metric is named."""
        self.steps += steps
        now = time.perf_counter()
        if now < self._due:
            return
        self._due = now + self._interval
        if self._bar is None:
            self._log(value, now)
        else:
            if self._figure is not None:
                self._bar.set_postfix_str(f"{self._figure} {figure_text(value)}", refresh=False)
            self._bar.update(self.steps - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _log(self, value: float, now: float) -> None:
        percent = 100 * self.steps / self.total
        speed = (self.steps - self._before) / (now - self._start)
        state = "" if self._figure is None else f"{self._figure} {figure_text(value)}, "
        LOG.info("%s: %.0f %%, %s%.3g %s/s", self.description, percent, state, speed, self._unit)


def _open_bar(stream: TextIO, total: int, description: str, done: int, unit: str) -> tqdm[Any]:
    from tqdm import tqdm

    width = columns(stream)
    return tqdm(
        total=total,
        initial=done,
        desc=description,
        unit=f" {unit}",
        file=stream,
        leave=False,
        ncols=width,
        nrows=20,  # tqdm would ask the terminal, and draw nothing where a container's says 0
        bar_format=_BAR_FORMAT if width >= _NARROW else _SHORT_FORMAT,
        delay=0.5,  # epochs that are over at once should not flicker
        mininterval=0,  # `update` already waits between refreshes
        miniters=1,
    )
