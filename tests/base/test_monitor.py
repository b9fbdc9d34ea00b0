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


def test_off_needs_no_figure() -> None:
    assert Monitor("off", "", 1).update(1, {}) is False
