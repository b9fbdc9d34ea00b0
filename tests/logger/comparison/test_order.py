"""Runs are listed with the best, newest or fastest first."""

from pathlib import Path

import pytest

from base.errors import UserError
from logger.comparison.order import in_order
from logger.comparison.run import Run
from tests.logger.comparison.making import made, record


@pytest.fixture
def runs(tmp_path: Path) -> list[Run]:
    """a is the slowest, b the most accurate and newest, c has done nothing, d is of another name."""
    runs = [
        made(tmp_path, "a", [record(1, 0.3, 0.8, seconds=9)]),
        made(tmp_path, "b", [record(1, 0.5, 0.9, seconds=2)]),
        made(tmp_path, "c", []),
        made(tmp_path, "d", [record(1, float("nan"), 0.7, seconds=1)], name="early"),
    ]
    for day, run in zip((1, 4, 2, 3), runs, strict=True):
        (run.files.log / "environment.json").write_text(f'{{"started": "2026-01-0{day}T00:00:00+00:00"}}')
    return runs


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("date", "bdca"), ("name", "dabc"), ("seconds", "dbac"), ("val_accuracy", "badc"), ("min val_accuracy", "dabc"),
        ("loss", "abcd"), ("max loss", "bacd"),
    ],
)  # fmt: skip
def test_runs_are_sorted(runs: list[Run], by: str, order: str) -> None:
    assert "".join(run.run_id for run in in_order(runs, by)) == order


def test_a_figure_that_no_run_has_is_refused(runs: list[Run]) -> None:
    with pytest.raises(UserError, match="--sort max acuracy: no run has such a metric; did you mean 'accuracy'"):
        in_order(runs, "max acuracy")
