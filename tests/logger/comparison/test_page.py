"""The page holds every run's values, and nothing that a run's files say can act in it."""

import base64
import hashlib
import json
import re
from html import unescape
from pathlib import Path

from logger.comparison.curves import Curve
from logger.comparison.page import write_page
from logger.comparison.run import Run
from tests.logger.comparison.making import made, record

EVIL = '<script>alert("x")</script>'


def page_of(folder: Path, runs: list[Run], differing: dict[str, list[str]], label: str = "run", most: int = 30) -> str:
    """The page of runs, of which `most` have curves."""
    curves = [Curve(f"{place + 1}  {label}", run.records, place) for place, run in enumerate(runs[:most])]
    return write_page(runs, curves, differing, folder).read_text()


def some(folder: Path, count: int) -> list[Run]:
    """Runs of two epochs."""
    return [made(folder, f"r{run}", [record(1, 2.0 + run, 0.5), record(2, 1.0 + run, 0.6)]) for run in range(count)]


def rows(page: str) -> list[list[str]]:
    """The cells of the table, row by row."""
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in parts(r"<tr.*?</tr>", page)]
    return [[unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in row] for row in cells]


def parts(pattern: str, page: str) -> list[str]:
    """What matches, over several lines too."""
    return re.findall(pattern, page, re.DOTALL)


def test_few_runs_stand_side_by_side_with_the_best_marked(tmp_path: Path) -> None:
    page = page_of(tmp_path, some(tmp_path, 2), {"optimizer.args.lr": ["0.1", "0.2"]})
    table = {row[0]: row[1:] for row in rows(page)}
    assert table["run"] == ["r0", "r1"]
    assert table["loss"] == ["1.0000", "2.0000"]
    assert table["optimizer.args.lr"] == ["0.1", "0.2"]
    assert re.findall(r'best">([^<]*)<', page) == ["1.1000", "1.0000"]  # val_loss and loss; the accuracies are alike


def test_no_run_is_best_by_a_loss_that_others_do_not_have(tmp_path: Path) -> None:
    runs = [
        made(tmp_path, loss, [record(1, value, value / 10)], loss={"type": loss, "args": {}})
        for loss, value in (("MSELoss", 3.0), ("HingeLoss", 2.0))
    ]
    assert re.findall(r'best">([^<]*)<', page_of(tmp_path, runs, {})) == ["0.2000", "0.3000"]  # accuracies alone


def test_many_runs_have_a_line_each(tmp_path: Path) -> None:
    table = rows(page_of(tmp_path, some(tmp_path, 8), {"optimizer.args.lr": [f"0.{run}" for run in range(8)]}))
    assert table[0][1:3] == ["run", "lr"]
    assert [row[:3] for row in table[1:]] == [[str(run + 1), f"r{run}", f"0.{run}"] for run in range(8)]


def test_curves_carry_the_values_that_hovering_shows(tmp_path: Path) -> None:
    page = page_of(tmp_path, some(tmp_path, 2), {})
    (held,) = parts('id="data">(.*?)</script>', page)
    charts = dict(zip(parts("<h4>(.*?)</h4>", page), json.loads(held), strict=True))
    figures = ["validation loss", "validation accuracy", "training loss", "training accuracy"]
    assert list(charts) == [*figures, "learning rate", "seconds an epoch"]
    assert charts["training loss"]["places"] == [1, 2]
    assert [line["values"] for line in charts["training loss"]["series"]] == [[2.0, 1.0], [3.0, 2.0]]


def test_the_best_run_of_each_figure_stands_at_the_top(tmp_path: Path) -> None:
    page = page_of(tmp_path, some(tmp_path, 2), {})
    (tiles,) = parts('<dl class="tiles">(.*?)</dl>', page)
    assert re.findall("<d[td][^>]*>(.*?)</d", tiles) == ["best val_loss", "1.1000", "r0", "best loss", "1.0000", "r0"]


def test_what_files_say_is_text_and_only_our_scripts_run(tmp_path: Path) -> None:
    run = made(tmp_path, "evil", [record(1, 1.0, 0.5) | {EVIL: 1.0}], name=EVIL.replace("/", "_"))
    page = page_of(tmp_path, [run, run], {EVIL: [EVIL, "'\"><b>"]}, label=EVIL)
    assert "<script>alert" not in page
    assert "'\"><b>" not in page
    assert "&lt;b&gt;" in page
    allowed = re.findall(r"'sha256-([^']*)'", unescape(page))
    scripts = parts("<script>(.*?)</script>", page)
    assert [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts] == allowed


def test_runs_beyond_those_with_curves_are_in_the_table(tmp_path: Path) -> None:
    page = page_of(tmp_path, some(tmp_path, 12), {}, most=11)
    assert "The first 11 of 12 runs." in page
    assert "Colours repeat with other lines." in page
    assert rows(page)[12][:2] == ["12", "r11"]


def test_runs_that_have_done_nothing_make_a_page_without_curves(tmp_path: Path) -> None:
    page = page_of(tmp_path, [made(tmp_path, "a", [])], {})
    assert "<h4>" not in page
    assert {row[0]: row[1:] for row in rows(page)}["best epoch"] == ["-"]
