"""Pictures of searches can be drawn whatever was found."""

from pathlib import Path

import pytest

from logger.pictures.search.axis import Setting, Tried, short
from logger.pictures.search.heat_map import _bins, draw_heat_map
from logger.pictures.search.history import draw_history
from logger.pictures.search.importance import draw_importance
from logger.pictures.search.parallel import draw_parallel

RATE, KIND = Setting("optimizer.args.lr", log=True), Setting("optimizer", ["SGD", "Adam"])
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


def test_numbers_without_steps_are_put_into_bins_and_others_are_not() -> None:
    values = [10.0**-power for power in range(7)]
    assert len(_bins(RATE, values)[1]) == 6
    cells, words = _bins(Setting("x", stepped=True), [0.1, 0.3, 0.1])
    assert (cells, words) == ([0, 1, 0], ["0.1", "0.3"])


def test_a_long_key_is_known_by_its_end() -> None:
    assert short("data_loader.args.some.long.key.batch_size").endswith("key.batch_size")
    assert len(short("a" * 100)) == 28
