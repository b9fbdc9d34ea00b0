"""Published experiments: every row can be run, is run once, and stands on the page beside what was published."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from base.errors import UserError
from experiments.measured import Measured, MeasuredReport
from experiments.page import markdown
from experiments.pictures import FOLDER, draw_pictures
from experiments.report import PublishedReport, Row, Search, Study, folder_of, read_report, report_names
from experiments.run import measure, run_reports
from experiments.runs import Outcome, outcome
from experiments.searches import find
from experiments.table import table
from tests.every_data import write_every_data
from trainer.checkpoints.run_folder import RunFolder

SHORT = ["trainer.epochs=1", "trainer.len_epoch=2", "trainer.threads=1", "trainer.verbosity=0", "trainer.report=false"]
ON_FEW = [*SHORT, "data_loader.args.validation_split=0.2"]
ROWS = {"A": 29, "B": 12, "C": 1, "D": 33, "E": 2}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with small data where configs look for them."""
    monkeypatch.chdir(write_every_data(tmp_path))
    return tmp_path


def test_every_published_row_is_there() -> None:
    rows = {name: sum(len(study.rows) for study in read_report(name).studies) for name in report_names()}
    assert rows == ROWS


@pytest.mark.parametrize("name", ROWS)
def test_rows_and_configs_belong_together(name: str) -> None:
    report = read_report(name)
    rows = [row for study in report.studies for row in study.rows]
    named = {config for row in rows for config in (row.config, row.best)}
    assert named == {path.stem for path in folder_of(name).glob("*.json")} - {"search"}
    assert all(row.published.keys() <= report.figures.keys() for row in rows)
    assert named >= {shown.config for shown in report.pictures}


@pytest.mark.parametrize("name", ["B", "C", "E"])  # rows, pictures, a search: tests/test_configs.py has all
def test_a_report_runs_as_a_whole(name: str, data: Path) -> None:
    report, settings = read_report(name), ON_FEW
    if name == "C":
        settings = [*settings, "trainer.tsne.epochs=[0,1]"]
    measured = measure(name, report, 1, settings)
    configs = {config for study in report.studies for row in study.rows for config in (row.config, row.best)}
    assert {config for config, _ in measured.outcomes} == configs
    draw_pictures([measured], data)
    page = markdown([measured], "python -m experiments")
    for study in report.studies:
        assert f"### {study.name}" in page
        assert all(f"| {row.setting}" in page for row in study.rows)
        assert all(row.note in page for row in study.rows if row.note)
    shown = [line.rpartition("(")[2].rstrip(")") for line in page.splitlines() if line.startswith("![")]
    assert len(shown) == len(report.studies) + len(report.pictures)
    assert {path for path in shown if not (data / path).is_file()} == set()
    assert {f"{FOLDER}/{path.name}" for path in (data / FOLDER).iterdir()} == set(shown)


def test_a_run_is_done_once_and_again_where_its_config_has_changed(data: Path) -> None:
    config = folder_of("A") / "default.json"
    first = outcome(config, ON_FEW)
    stamp = first.folder.last.stat().st_mtime_ns
    again = outcome(config, [*ON_FEW, "trainer.threads=2"])
    assert (again.folder, again.records) == (first.folder, first.records)
    assert first.folder.last.stat().st_mtime_ns == stamp
    assert outcome(config, [*ON_FEW, "seed=7"]).folder != first.folder
    assert len(list((data / "saved/models/report_a_default").iterdir())) == 2


def test_a_run_that_was_stopped_goes_on_and_one_that_never_began_is_run_beside_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data.exists()
    config, settings = folder_of("A") / "default.json", [*ON_FEW, "trainer.epochs=3"]

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("trainer.trainer.Trainer.train_epoch", stop)
        with pytest.raises(KeyboardInterrupt):
            outcome(config, settings)
    with monkeypatch.context() as patched:
        patched.setattr("trainer.reporting.summary.SummaryFile.on_epoch_end", stop)
        with pytest.raises(KeyboardInterrupt):
            outcome(config, settings)
    found = outcome(config, settings)
    assert found.folder.run_id.endswith("-2")
    assert [record["epoch"] for record in found.records] == [1, 2, 3]


def test_numbers_that_are_not_finite_are_an_outcome(data: Path) -> None:
    assert data.exists()
    config, settings = folder_of("D") / "linear_no_activation.json", [*SHORT, "trainer.len_epoch=500"]
    found, again = outcome(config, settings), outcome(config, settings)
    assert found == again
    assert found.records == []
    assert found.failure is not None
    assert "infinite or not a number" in found.failure


def test_a_search_is_done_once_and_says_which_place_the_published_setting_has(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / "few.json").write_text(
        json.dumps({"name": "few", "space": {"optimizer.args.lr": [1e-2, 1e-9]}, "sampler": "GridSampler"})
    )
    (data / "base.json").write_text(json.dumps({"extends": str(folder_of("E") / "784.json"), "name": "searched"}))
    search = Search(config="base", search="few", chosen={"optimizer.args.lr": 1e-9}, text="")
    found = find(search, data, [*ON_FEW, "trainer.len_epoch=8"])
    assert [float(row["optimizer.args.lr"]) for row in found.rows] == [1e-2, 1e-9]
    assert found.published_place == 2
    monkeypatch.setattr("experiments.searches.main", lambda _: pytest.fail("searched again"))
    assert find(search, data, [*ON_FEW, "trainer.len_epoch=8"]).rows == found.rows


def a_report(*published: float) -> PublishedReport:
    rows = [
        Row(setting=f"x{place}", config="c", best="b", published={"accuracy": figure}, note="as it is")
        for place, figure in enumerate(published)
    ]
    figures = {"accuracy": "val_accuracy"}
    return PublishedReport(title="T", about="a", figures=figures, at="last", studies=[Study(name="s", rows=rows)])


def an_outcome(*accuracies: float, failure: str | None = None) -> Outcome:
    records = [{"epoch": i, "val_accuracy": accuracy, "seconds": 1.0} for i, accuracy in enumerate(accuracies, 1)]
    return Outcome(RunFolder(Path("nowhere"), "n", "r"), records, failure)


def measured_report(
    report: PublishedReport, same: Sequence[Sequence[Outcome]], best: Sequence[Outcome]
) -> MeasuredReport:
    rows = [Measured(row, runs, best) for row, runs in zip(report.studies[0].rows, same, strict=True)]
    return MeasuredReport("T", report, [rows], {})


def test_a_row_says_what_was_published_what_is_measured_and_how_they_differ() -> None:
    same = [
        [an_outcome(0.5, 0.8), an_outcome(0.82), an_outcome(0.84)],
        [an_outcome(0.91), an_outcome(0.92), an_outcome(0.93)],
    ]
    best = [an_outcome(0.95), an_outcome(0.97), an_outcome(0.96)]
    measured = measured_report(a_report(0.9, 0.93), same, best)
    lines = table(measured, measured.rows[0]).splitlines()
    assert lines[2] == (  # one more run would be within 0.82 +- 4.30 * 0.02 * sqrt(4 / 3), not within 0.96 +- 0.0497
        "| x0 <sup>1</sup> | 0.9000 | 0.8200 ± 0.0497 | +-0.0800 |  | 0.9600 ± 0.0248 | **+0.0600** |"
    ).replace("+-", "-")
    assert "| **+0.1000** |" in lines[3]
    assert measured.shortfalls() == []


def test_with_one_seed_nothing_is_more_than_noise() -> None:
    measured = measured_report(a_report(0.1, 0.2), [[an_outcome(0.5)], [an_outcome(0.9)]], [an_outcome(0.95)])
    assert "**" not in table(measured, measured.rows[0])
    assert "±" not in table(measured, measured.rows[0])


def test_runs_that_are_not_finite_are_counted_and_have_no_figure() -> None:
    same = [[an_outcome(0.5), an_outcome(0.9, failure="overflow")], [an_outcome(failure="overflow")] * 2]
    measured = measured_report(a_report(0.5, 0.5), same, [an_outcome(0.95)])
    lines = table(measured, measured.rows[0]).splitlines()
    assert "| 0.5000, not finite: 1 of 2 |" in lines[2]
    assert "| not finite: 2 of 2 |" in lines[3]


def test_ours_below_what_was_published_is_a_shortfall() -> None:
    measured = measured_report(a_report(0.99), [[an_outcome(0.5)]], [an_outcome(0.98), an_outcome(0.97)])
    assert measured.shortfalls() == ["s, x0: 0.9750 is below 0.99"]


def test_a_report_there_is_not_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"there is no report 'Z'.*A, B, C, D, E"):
        run_reports(["A", "Z"], 1, [], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_optuna_a_report_with_a_search_is_refused_before_anything_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(UserError, match="optuna"):
        run_reports(["E"], 1, [], tmp_path / "out")
    assert not (tmp_path / "out").exists()
