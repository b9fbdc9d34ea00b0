"""Published experiments: every row can be run, is run once, and stands in the table beside what was published."""

from pathlib import Path

import pytest

from base.errors import UserError
from tests.every_data import write_every_data
from trainer.run_folder import RunFolder
from utils.experiments.report import Report, Row, folder_of, read_report, report_names
from utils.experiments.run import measure, run_reports
from utils.experiments.runs import Outcome, outcome
from utils.experiments.table import Measured, markdown, shortfalls

SHORT = ["trainer.epochs=1", "trainer.len_epoch=2", "trainer.threads=1", "trainer.verbosity=0"]
ON_FEW = [*SHORT, "data_loader.args.validation_split=0.2"]
ROWS = {"A": 22, "B": 10, "C": 1, "D": 26, "E": 2}

pytestmark = pytest.mark.usefixtures("no_pictures")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with small data where configs look for them."""
    monkeypatch.chdir(write_every_data(tmp_path))
    return tmp_path


def test_every_published_row_is_there() -> None:
    assert {name: len(read_report(name).rows) for name in report_names()} == ROWS


@pytest.mark.parametrize("name", ROWS)
def test_rows_and_configs_belong_together(name: str) -> None:
    report = read_report(name)
    named = {config for row in report.rows for config in (row.config, row.best)}
    assert named == {path.stem for path in folder_of(name).glob("*.json")} - {"search"}
    assert all(row.published.keys() <= report.figures.keys() for row in report.rows)


@pytest.mark.parametrize("name", ROWS)
def test_a_report_runs_as_a_whole(name: str, data: Path) -> None:
    assert data.exists()
    report, settings = read_report(name), SHORT if name == "D" else ON_FEW
    rows = measure(name, report, 1, settings)
    assert len({measured.same.folder.log for measured in rows}) == len(report.rows)
    page = markdown(report, rows)
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(lines) == 1 + len(report.rows)
    assert all(row.setting in line for row, line in zip(report.rows, lines[1:], strict=True))
    assert all(row.note in page for row in report.rows if row.note)


def test_a_run_is_done_once_and_again_where_its_config_has_changed(data: Path) -> None:
    config = folder_of("A") / "default.json"
    first = outcome(config, ON_FEW)
    stamp = first.folder.last.stat().st_mtime_ns
    again = outcome(config, ON_FEW)
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
        patched.setattr("trainer.callbacks.summary.SummaryFile.on_epoch_end", stop)
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


def a_report(**published: float) -> Report:
    row = Row(study="s", setting="x", config="c", best="b", published=published, note="as it is")
    return Report(title="T", about="a", figures={"accuracy": "val_accuracy"}, at="last", rows=[row])


def an_outcome(*accuracies: float) -> Outcome:
    records = [{"epoch": i, "val_accuracy": accuracy, "seconds": 1.0} for i, accuracy in enumerate(accuracies, 1)]
    return Outcome(RunFolder(Path("nowhere"), "n", "r"), records, None)


def test_a_row_says_what_was_published_what_is_measured_and_how_they_differ() -> None:
    report = a_report(accuracy=0.9)
    rows = [Measured(report.rows[0], an_outcome(0.5, 0.8), [an_outcome(0.95), an_outcome(0.97)])]
    last = markdown(report, rows).splitlines()[-3]
    assert last == (
        "| s | x <sup>1</sup> | 0.9000 | 0.8000 | -0.1000 | 0.9600 ± 0.0141, 2 seeds | 2 s |"
    )
    assert shortfalls(report, rows) == []


def test_ours_below_what_was_published_is_a_shortfall() -> None:
    report = a_report(accuracy=0.99)
    rows = [Measured(report.rows[0], an_outcome(0.5), [an_outcome(0.98)])]
    assert shortfalls(report, rows) == ["s, x: 0.98 is below 0.99"]


def test_a_report_there_is_not_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"there is no report 'Z'.*A, B, C, D, E"):
        run_reports(["A", "Z"], 1, [], tmp_path / "out")
    assert not (tmp_path / "out").exists()
