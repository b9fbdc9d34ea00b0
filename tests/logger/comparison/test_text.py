"""Tables fit their width, and say what they leave out."""

from pathlib import Path

import pytest

from logger.comparison.run import Run
from logger.comparison.table import Column, comparison, details, overview
from logger.comparison.text import columns_table, lines_table
from tests.logger.comparison.making import made, record


@pytest.fixture
def runs(tmp_path: Path) -> list[Run]:
    """Twelve runs with long names."""
    ids = [f"20260101-0000{number:02d}" for number in range(12)]
    made_runs = [made(tmp_path, run_id, [record(1, 0.3, i / 20)]) for i, run_id in enumerate(ids)]
    for run in made_runs:
        (run.files.log / "environment.json").write_text('{"started": "2026-01-01T12:00:00+00:00"}')
    return made_runs


def test_a_list_has_a_line_for_each_run_with_the_best_marked(runs: list[Run]) -> None:
    lines = lines_table(overview(runs), 120).splitlines()
    assert lines[0].split() == ["run", "date", "done", "val_accuracy", "at", "time"]
    assert lines[12].split() == ["20260101-000011", "01-01", "12:00", "1/3", "stopped", "0.4500*", "1", "1.0", "s"]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_list_fits_its_width_and_names_what_does_not(runs: list[Run], width: int) -> None:
    *lines, left_out = lines_table(overview(runs), width).splitlines()
    assert all(len(line) <= width for line in [*lines, left_out])
    assert ("date" in lines[0]) == (width == 80) or "date" in left_out
    assert "val_accuracy" in lines[0]


def test_narrow_lists_are_cut_between_words() -> None:
    runs = Column("run", ["mnist_cnn/20261127-125559", "many/mm120"])
    best = Column("best", ["val_balanced_accuracy 0.1957", "val_accuracy 0.6006"])
    assert lines_table([runs, best], 40).splitlines() == [
        "run               best",
        "…20261127-125559  …accuracy 0.1957",
        "many/mm120        val_accuracy 0.6006",
    ]


def test_the_column_that_runs_are_sorted_by_stays(runs: list[Run]) -> None:
    assert "time" in lines_table(overview(runs, "seconds"), 60).splitlines()[0]
    assert "val_loss" in lines_table(overview(runs, "val_loss"), 60).splitlines()[0]


def test_few_runs_stand_side_by_side(runs: list[Run]) -> None:
    table = columns_table(details(runs[:3]), {"optimizer.args.lr": ["0.1", "0.2", "0.3"]}, 80)
    assert table is not None
    rows = {line.split()[0]: line.split()[1:] for line in table.splitlines() if line}
    assert rows["optimizer.args.lr"] == ["0.1", "0.2", "0.3"]
    assert rows["val_accuracy"] == ["-0.1000", "-0.0500", "0.0000*"]
    assert all(len(line) <= 80 for line in table.splitlines())


def test_many_runs_do_not(runs: list[Run]) -> None:
    assert columns_table(details(runs), {}, 80) is None
    table = lines_table(comparison(runs, {"optimizer.args.lr": [f"{i}" for i in range(12)]}), 80)
    assert table.splitlines()[0].split()[:2] == ["run", "lr"]


def test_a_column_too_wide_leaves_its_room_to_others() -> None:
    wide = [Column(f"wide{place}", ["x" * 30], rank=place) for place in range(1, 20)]
    columns = [Column("run", ["a" * 60]), *wide, Column("time", ["1 s"], 20)]
    *lines, first, second = lines_table(columns, 80).splitlines()
    assert lines[0].split() == ["run", "time"]
    assert first.startswith("not shown in 80 columns: wide1, wide2, ")
    assert second.endswith("wide12, and 7 more")


def test_of_very_many_differences_the_first_are_shown() -> None:
    differing = {f"key{number}": ["1", "2"] for number in range(100)}
    table = columns_table([Column("run", ["a", "b"])], differing, 80)
    assert table is not None
    assert table.endswith("... and 70 more")
