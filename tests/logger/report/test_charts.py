"""What the curves show."""

import math

import numpy as np

from logger.report.charts import epoch_charts, step_charts, thinned

RECORDS = [
    {"epoch": 1, "step": 10, "loss": 2.0, "accuracy": 0.5, "penalty": 0.1, "val_loss": math.nan, "val_accuracy": 0.4},
    {"epoch": 2, "step": 20, "loss": 1.0, "accuracy": 0.6, "penalty": 0.2, "val_loss": 1.5, "val_accuracy": 0.7},
]


def test_a_chart_for_each_figure_with_a_line_for_each_part_of_the_data() -> None:
    loss, accuracy, penalty = (chart.data() for chart in epoch_charts(RECORDS, best_epoch=2, titles={}))
    titles = [chart.title for chart in epoch_charts(RECORDS, 2, {"accuracy": "top_k_accuracy (k = 3)"})]
    assert titles == ["loss", "top k accuracy (k = 3)", "penalty"]
    assert [one["values"] for one in loss["series"]] == [[2.0, 1.0], [None, 1.5]]
    assert [one["values"] for one in accuracy["series"]] == [[0.5, 0.6], [0.4, 0.7]]
    assert loss["places"] == [1, 2]
    assert loss["marked"] == 2
    assert penalty["series"][0]["values"] == [0.1, 0.2]


def test_there_is_nothing_to_draw_before_the_first_epoch() -> None:
    assert epoch_charts([], None, {}) == []
    assert step_charts({}) == []
    assert thinned([]) == []


def test_steps_have_loss_rate_norm_and_the_update_of_each_layer_where_it_was_measured() -> None:
    nan = math.nan
    steps = {
        "step": np.arange(1.0, 5),
        "loss": np.array([4.0, 3, 2, 1]),
        "lr": np.full(4, 0.1),
        "grad_norm": np.full(4, nan),
        "update/conv1": np.array([nan, 0.01, nan, 0.02]),
        "update/linear1": np.array([nan, 0.03, nan, 0.04]),
    }
    charts = {chart.key: chart for chart in step_charts(steps)}
    assert list(charts) == ["step-loss", "step-lr", "step-update"]
    update = charts["step-update"]
    assert update.places.tolist() == [2, 4]
    assert [(one.name, one.values.tolist()) for one in update.series] == [
        ("conv1", [0.01, 0.02]),
        ("linear1", [0.03, 0.04]),
    ]


def test_a_long_run_has_a_running_mean_and_few_points() -> None:
    count = 200_000
    loss = np.ones(count)
    loss[123_456] = 99.0
    chart = next(iter(thinned(step_charts({"step": np.arange(1.0, count + 1), "loss": loss}))))
    each, mean = chart.series
    assert mean.name == "mean of 4000"
    assert len(chart.places) < 3000
    assert each.values.max() == 99
    assert chart.places[each.values.argmax()] == 123_457


def test_very_many_layers_are_a_choice_of_them_with_the_first_and_the_last() -> None:
    steps = {"step": np.arange(1.0, 3), **{f"update/linear{i}": np.ones(2) for i in range(300)}}
    (chart,) = step_charts(steps)
    names = [one.name for one in chart.series]
    assert len(names) == 60
    assert (names[0], names[-1]) == ("linear0", "linear299")
    assert "60 of 300 layers" in chart.note
