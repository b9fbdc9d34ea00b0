"""How figures are named and written."""

import pytest

from logger.figures import figure_text, metric_names


def test_penalty_and_bookkeeping_and_other_splits_are_no_metrics() -> None:
    keys = ["epoch", "step", "loss", "penalty", "f1", "accuracy", "val_loss", "val_f1", "test_f1", "lr", "seconds"]
    assert metric_names(keys) == ["f1", "accuracy"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0.5, "0.5000"), (-2.30259, "-2.3026"), (1e-3, "0.0010"), (9.94e-4, "0.000994"), (1e6, "1e+06")),
        *((9.99996, "10.000"), (142.9473, "142.95"), (-2885.25, "-2885.2"), (27613.4, "27613"), (99999.7, "1e+05")),
        *((float("nan"), "nan"), (float("inf"), "inf")),
    ],
)
def test_figures_stay_short_and_say_something_at_every_size(value: float, text: str) -> None:
    assert figure_text(value) == text
