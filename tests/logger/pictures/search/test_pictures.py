"""Pictures of searches can be drawn whatever was found."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from logger.pictures.search.axis import SettingAxis, Tried, short
from logger.pictures.search.heat_map import _bins, draw_heat_map
from logger.pictures.search.history import draw_history
from logger.pictures.search.importance import draw_importance
from logger.pictures.search.parallel import draw_parallel

RATE, KIND = SettingAxis("optimizer.args.lr", log=True), SettingAxis("optimizer", ["SGD", "Adam"])
ONE = [Tried(0, 0.5, True, {RATE.name: 0.1, KIND.name: "SGD"})]
MANY = [
    *ONE,
    Tried(1, 0.5, True, {RATE.name: 0.001, KIND.name: "Adam"}),
    Tried(2, 0.9, True, {KIND.name: "Adam"}),
    Tried(3, 0.1, False, {RATE.name: 1.0, KIND.name: "SGD"}),
]


@pytest.mark.parametrize("tried", [ONE, MANY], ids=["one", "many"])
@pytest.mark.parametrize("mode", ["max", "min"])
def test_each_picture_is_drawn(tried: list[Tried], mode: str, tmp_path: Path) -> None:
    draw_history(tried, "val_accuracy", mode, tmp_path / "history.png")
    draw_parallel(tried, [RATE, KIND], "val_accuracy", mode, tmp_path / "parallel.png")
    draw_heat_map(tried, RATE, KIND, "val_accuracy", mode, tmp_path / "heat_map.png")
    draw_importance({"a": 0.7, "b": 0.3}, "val_accuracy", tmp_path / "importance.png")
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in tmp_path.iterdir())
    assert len(list(tmp_path.iterdir())) == 4


def test_a_line_runs_below_the_axes_of_keys_that_its_setting_has_not(figures: list[Figure], tmp_path: Path) -> None:
    draw_parallel(MANY, [RATE, KIND], "val_accuracy", "max", tmp_path / "parallel.png")
    axes = figures[0].axes[0]
    without, *others = [line.get_ydata()[0] for line in reversed(axes.lines) if len(line.get_ydata()) == 3]
    assert axes.get_ylim()[0] < without < min(others) == 0
    assert [text.get_text() for text in axes.texts].count("none") == 1


def test_a_key_may_be_called_as_the_goal_is(figures: list[Figure], tmp_path: Path) -> None:
    tried = [Tried(0, 0.5, True, {"loss": "MSELoss"})]
    draw_parallel(tried, [SettingAxis("loss", ["MSELoss", "HuberLoss"])], "loss", "min", tmp_path / "parallel.png")
    assert [text.get_text() for text in figures[0].axes[0].texts] == ["MSELoss", "HuberLoss", "0.5"]


def test_settings_that_were_ended_early_are_dashed_and_explained(figures: list[Figure], tmp_path: Path) -> None:
    for tried in (MANY, ONE):
        draw_parallel(tried, [RATE, KIND], "val_accuracy", "max", tmp_path / "parallel.png")
    dashed = [[line for line in figure.axes[0].lines if line.get_linestyle() == "--"] for figure in figures]
    assert [len(lines) for lines in dashed] == [1, 0]
    assert [len(figure.legends) for figure in figures] == [1, 0]
    assert [label.get_text() for label in figures[0].axes[1].get_yticklabels()] == ["worst", "best"]


def test_one_result_is_the_best_and_drawn_as_such(figures: list[Figure], tmp_path: Path) -> None:
    for tried in (ONE, MANY):
        draw_parallel(tried, [RATE, KIND], "val_accuracy", "max", tmp_path / "parallel.png")
    alone, best = (figure.axes[0].lines[-1].get_color() for figure in figures)
    assert tuple(alone) == tuple(best)


def test_an_axis_of_steps_has_words_only_at_those_that_were_tried() -> None:
    sizes = SettingAxis("batch_size", stepped=True)
    assert sizes.ticks([64, 16, 64, 1024]) == [(16, "16"), (64, "64"), (1024, "1024")]
    assert len(sizes.ticks(range(1, 50))) == len(RATE.ticks([-3, -1])) == 5


def test_numbers_without_steps_are_put_into_bins_and_others_are_not() -> None:
    values = [10.0**-power for power in range(7)]
    assert len(_bins(RATE, values)[1]) == 6
    cells, words = _bins(SettingAxis("x", stepped=True), [0.1, 0.3, 0.1])
    assert (cells, words) == ([0, 1, 0], ["0.1", "0.3"])


def test_a_long_key_is_known_by_its_end() -> None:
    assert short("data_loader.args.some.long.key.batch_size").endswith("key.batch_size")
    assert len(short("a" * 100)) == 28
