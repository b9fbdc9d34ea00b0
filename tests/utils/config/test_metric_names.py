"""The names of the log's figures."""

from typing import Any

import pytest

from utils.config.metric_names import metric_mistakes, metric_names


def metric(kind: str, **args: Any) -> Any:
    return {"type": kind, "args": args}


@pytest.mark.parametrize(
    ("metrics", "names"),
    [
        ([], []),
        (["a", metric("b", k=3)], ["a", "b"]),
        ([metric("b", k=3), metric("b", k=5)], ["b_k3", "b_k5"]),
        ([metric("b", k=3, x=1), metric("b", k=5, x=1)], ["b_k3", "b_k5"]),
        ([metric("f", average="macro"), metric("f", average="micro avg")], ["f_average_macro", "f_average_micro-avg"]),
    ],
)
def test_metrics_are_named_by_type_and_by_what_sets_them_apart(metrics: list[Any], names: list[str]) -> None:
    assert metric_names(metrics) == names
    assert metric_mistakes(metrics) == []


def test_as_many_metrics_as_a_config_can_hold_are_named_in_a_moment() -> None:
    metrics = [metric("b", k=k) for k in range(16_000)]
    assert metric_names(metrics)[-1] == "b_k15999"
    assert str(metric_mistakes([*metrics, metrics[7]])[0]) == "metrics.16000: is the same as metrics.7; leave one out"


def test_a_metric_cannot_take_the_name_of_another_figure() -> None:
    assert [str(mistake) for mistake in metric_mistakes(["a", "lr"])] == [
        "metrics.1: the log has another figure 'lr'; rename the metric"
    ]
