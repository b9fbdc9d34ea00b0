"""The monitor knows the best epoch, and when patience has run out."""

import json
import math

import pytest

from base.monitor import Monitor

NAN, INF = math.nan, math.inf

# Mode, patience, figures of the epochs; which of them were improvements, and after which epoch patience had run out.
RUNS: list[tuple[str, int | None, list[float], list[int], int | None]] = [
    ("max", None, [0.1, 0.3, 0.2, 0.4], [1, 2, 4], None),
    ("min", None, [0.4, 0.5, 0.3], [1, 3], None),
    ("max", None, [0.5, 0.5, 0.5], [1], None),
    ("min", 2, [0.5, 0.5, 0.5, 0.1], [1], 3),
    ("max", 3, [0.5, 0.4, 0.4, 0.4], [1], 4),
    ("max", 3, [0.5, 0.4, 0.4, 0.6, 0.5], [1, 4], None),
    ("max", 1, [0.1, 0.2, 0.2], [1, 2], 3),
    ("max", 2, [NAN, 0.1, NAN, NAN], [2], 4),
    ("min", 2, [NAN, NAN, 0.1], [], 2),
    ("min", 1, [INF, 3.0], [1, 2], None),
    ("max", None, [-INF, 0.0], [1, 2], None),
    ("min", None, [-1.0, -0.0, 0.0, -2.0], [1, 4], None),
    ("off", 1, [0.1, 0.0, 0.0], [], None),
]


@pytest.mark.parametrize(("mode", "patience", "figures", "improvements", "end"), RUNS)
def test_improvements_are_strict_and_patience_counts_epochs_without_one(
    mode: str, patience: int | None, figures: list[float], improvements: list[int], end: int | None
) -> None:
    monitor = Monitor(mode, "val_loss", patience)
    improved, should_stop = [], None
    for epoch, metric in enumerate(figures, start=1):
        if should_stop is None and monitor.update(epoch, {"loss": -epoch, "val_loss": metric}):
            improved.append(epoch)
        if should_stop is None and monitor.should_stop:
            should_stop = epoch
    assert (improved, should_stop) == (improvements, end)
    assert monitor.best_epoch == (improvements[-1] if improvements else None)
    assert monitor.best == (figures[improvements[-1] - 1] if improvements else None)


@pytest.mark.parametrize("stop", range(6))
def test_a_monitor_restored_from_json_goes_on_as_if_it_had_not_stopped(stop: int) -> None:
    figures = [0.1, 0.3, 0.3, 0.2, 0.4]
    straight, first, second = (Monitor("max", "val_accuracy", 3) for _ in range(3))
    for epoch, metric in enumerate(figures, start=1):
        if epoch == stop:
            second.load_state_dict(json.loads(json.dumps(first.state_dict())))
        record = {"val_accuracy": metric}
        assert (second if 0 < stop <= epoch else first).update(epoch, record) == straight.update(epoch, record)
    assert (second if stop else first).state_dict() == straight.state_dict()


# The mode, figures of the epochs, after which epoch a patience of 2 has run out with min_delta 0.1, and the best epoch.
SMALL_STEPS: list[tuple[str, list[float], int | None, int]] = [
    ("min", [1.0, 0.95, 0.91], 3, 3),
    ("min", [1.0, 0.95, 0.89, 0.85, 0.8], 5, 5),
    ("min", [1.0, 0.95, 0.89, 0.85, 0.78, 0.7], None, 6),
    ("max", [0.5, 0.55, 0.5], 3, 2),
    ("max", [0.25, 0.25 + 0.1, 0.25], 3, 2),  # as much is not more
    ("max", [0.25, 0.36, 0.4, 0.5], None, 4),
    ("max", [NAN, 0.1, NAN, 0.15], 4, 4),
    ("min", [INF, 3.0, 2.95], None, 3),
]


@pytest.mark.parametrize(("mode", "figures", "end", "best"), SMALL_STEPS)
def test_patience_asks_for_more_than_min_delta_and_the_best_epoch_does_not(
    mode: str, figures: list[float], end: int | None, best: int
) -> None:
    for stop in range(len(figures)):
        monitor = Monitor(mode, "figure", 2, min_delta=0.1)
        for epoch, figure in enumerate(figures, start=1):
            if epoch == stop:
                state, monitor = monitor.state_dict(), Monitor(mode, "figure", 2, min_delta=0.1)
                monitor.load_state_dict(json.loads(json.dumps(state)))
            assert not monitor.should_stop
            monitor.update(epoch, {"figure": figure})
        assert monitor.should_stop == (end is not None)
        assert (monitor.best_epoch, monitor.best) == (best, figures[best - 1])


def test_a_state_from_before_min_delta_measures_by_the_best_value() -> None:
    monitor = Monitor("min", "loss", 2, min_delta=0.1)
    monitor.load_state_dict({"best": 1.0, "best_epoch": 3, "stale": 0})
    assert monitor.update(4, {"loss": 0.95})
    assert monitor.shortfall == "loss has not improved by more than 0.1 for 1 epochs"


def test_off_needs_no_figure() -> None:
    assert Monitor("off", "", 1).update(1, {}) is False
