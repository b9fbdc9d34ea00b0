"""A run and a search as the list shows them, as JSON can hold them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from logger.comparison.run import Run
from logger.report.thinning import kept_places

Row = dict[str, Any]
_MOST_POINTS = 80  # of a sparkline
_TESTED = ("test_accuracy", "test_loss")
_TRIAL = re.compile(r"(.+)-\d{4}-s\d+(-\d+)?")


def run_row(run: Run) -> Row:
    """A run's state, figures and sparkline; numbers that are not finite, or not known, are None."""
    monitor, tested = run.monitor, next((name for name in _TESTED if name in run.figures), None)
    shown = monitor.metric or next((name for name in ("val_loss", "loss") if name in run.figures), "")
    return {
        "name": run.name,
        "run": run.run_id,
        "search": search_of(run.run_id),
        "state": run.state,
        "epoch": run.epoch,
        "epochs": run.epochs,
        "metric": shown,
        "mode": monitor.mode,
        "best": finite(monitor.best),
        "at": monitor.best_epoch,
        "tested": None if tested is None else tested.removeprefix("test_"),
        "test": None if tested is None else finite(run.figures[tested]),
        "points": sparkline([(record["epoch"], record.get(shown, math.nan)) for record in run.records]),
        "started": None if run.started is None else run.started.timestamp(),
        "seconds": finite(run.seconds),
        "about": about(run.config),
    }


def search_of(run_id: str) -> str | None:
    """The name of the search that a run is a trial of, going by the name of its folder."""
    found = _TRIAL.fullmatch(run_id)
    return found[1] if found else None


def sparkline(points: Sequence[tuple[float, float]]) -> list[tuple[float, float | None]]:
    """Few points that show the same curve; None where a value is not finite."""
    if len(points) > _MOST_POINTS:
        places = kept_places(np.array([[value for _, value in points]], float), _MOST_POINTS)
        points = [points[place] for place in places.tolist()]
    return [(place, finite(value)) for place, value in points]


def finite(value: float | None) -> float | None:
    """A number in six digits; None for what is none."""
    return None if value is None or not math.isfinite(value) else float(f"{value:.6g}")


def about(config: Mapping[str, Any]) -> str:
    """The network, the optimizer and the batch size in a few words."""
    loader, optimizer = _arguments(config.get("data_loader")), _arguments(config.get("optimizer"))
    parts = (
        (_type(config.get("arch")), ""),
        (_type(config.get("optimizer")), ""),
        ("lr", optimizer.get("lr")),
        ("batch", loader.get("batch_size")),
        ("seed", config.get("seed")),
    )
    named = [word if value == "" else f"{word} {_short(value)}" for word, value in parts if value is not None]
    return ", ".join(text for text in named if text)[:200]


def _short(value: object) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _type(section: object) -> str:
    kind = section.get("type") if isinstance(section, Mapping) else section
    return kind if isinstance(kind, str) else ""


def _arguments(section: object) -> Mapping[str, Any]:
    args = section.get("args") if isinstance(section, Mapping) else None
    return args if isinstance(args, Mapping) else {}
