"""compare.py, as a user runs it."""

import json
import re
from pathlib import Path

import pytest

from tests.running import Config, program, records, run

pytestmark = pytest.mark.usefixtures("here", "no_pictures")


@pytest.fixture
def config(config: Config) -> Config:
    """The same, with a page."""
    config["trainer"]["report"] = True
    return config


def cells(table: str) -> dict[str, list[str]]:
    """The rows of a printed table by their first cell."""
    rows = [re.split(r"\s{2,}", line.strip()) for line in table.splitlines() if line.strip()]
    return {row[0]: row[1:] for row in rows}


def test_two_runs_are_compared_by_what_differs_and_what_came_of_it(config: Config) -> None:
    folders = [run(config, run_id="low"), run(config, "optimizer.args.lr=0.3", "trainer.epochs=3", run_id="high")]
    program("test.py", "-r", folders[0].best)
    done = program("compare.py", folders[0].models, folders[1].log, "-o", "both")
    rows = cells(done.stdout)
    assert rows["run"] == ["low", "high"]
    assert rows["done"] == ["2/2", "3/3"]
    assert rows["optimizer.args.lr"] == ["0.1", "0.3"]
    assert rows["trainer.epochs"] == ["2", "3"]
    assert not any(key.startswith("arch") for key in rows)
    best = [min(records(folder), key=lambda record: record["val_loss"]) for folder in folders]
    assert [float(cell.rstrip("* ")) for cell in rows["val_loss"]] == [round(one["val_loss"], 4) for one in best]
    assert rows["best epoch"] == [str(one["epoch"]) for one in best]
    test = json.loads((folders[0].log / "test.json").read_text())
    assert rows["test_accuracy"] == [f"{test['accuracy']:.4f}", "-"]
    assert Path("both/comparison.png").read_bytes().startswith(b"\x89PNG")
    page = Path("both/comparison.html").read_text()
    assert "optimizer.args.lr" in page
    assert f">{best[1]['val_loss']:.4f}<" in page
    assert all(len(line) <= 80 for line in done.stdout.splitlines() if not line.startswith("written"))


def test_a_page_needs_nothing_from_elsewhere(config: Config) -> None:
    folders = [run(config, run_id=run_id) for run_id in ("a", "b")]
    done = program("compare.py", *(folder.last for folder in folders))
    assert "their configs do not differ" in done.stdout
    (page,) = Path("saved/compare").glob("*/comparison.html")
    text = page.read_text()
    reports = {f"../../log/tiny/{folder.run_id}/report.html" for folder in folders}
    assert set(re.findall(r'(?:src|href)="([^"]*)"', text)) == {"data:,", "#main", "#results", "#curves", *reports}
    text = re.sub(r"/\*!.*?\*/", "", text)  # where a library comes from
    assert not re.search(r"@import|url\(['\"]?[^#'\"]|https?:", text)
    assert (page.parent / "comparison.png").is_file()


def test_the_page_leads_to_the_reports_of_runs(config: Config) -> None:
    folder = run(config)
    (folder.log / "report.html").write_text("report")
    program("compare.py", "latest", "-o", "one page")
    (link,) = re.findall(r'href="([^"#:]*)"', Path("one page/comparison.html").read_text())
    assert (Path("one page") / link).read_text() == "report"


def test_a_folder_of_runs_is_listed_and_nothing_written(config: Config) -> None:
    best = {}
    for run_id, rate in (("slow", 0.001), ("fast", 0.1), ("mid", 0.01)):
        folder = run(config, f"optimizer.args.lr={rate}", run_id=run_id)
        best[run_id] = min(record["val_loss"] for record in records(folder))
    done = program("compare.py", "saved/", "--sort", "val_loss", "--top", "2")
    lines = done.stdout.splitlines()
    assert "val_loss" in lines[0]
    assert [line.split()[0] for line in lines[1:3]] == sorted(best, key=lambda run_id: best[run_id])[:2]
    assert lines[3] == "2 of 3 runs"
    assert not Path("saved/compare").exists()
    program("compare.py", "saved/models/tiny", "-o", "all")
    assert all(f">{run_id}<" in Path("all/comparison.html").read_text() for run_id in best)


def test_a_config_of_before_a_setting_was_there_has_its_default(config: Config) -> None:
    folders = [run(config, run_id=run_id) for run_id in ("old", "new")]
    path = folders[0].models / "config.json"
    old = json.loads(path.read_text())
    del old["trainer"]["accumulate_steps"]
    path.write_text(json.dumps(old))
    assert "their configs do not differ" in program("compare.py", *(folder.models for folder in folders)).stdout


def test_runs_that_are_damaged_are_shown_as_far_as_they_go(config: Config) -> None:
    whole, hurt = run(config, run_id="whole"), run(config, run_id="hurt")
    (hurt.models / "config.json").write_text("{")
    (hurt.log / "summary.json").unlink()
    (hurt.log / "steps.csv").write_bytes(b"\xff")
    history = (hurt.log / "metrics.jsonl").read_bytes()
    (hurt.log / "metrics.jsonl").write_bytes(history[: len(history) * 3 // 4])
    rows = cells(program("compare.py", whole.models, hurt.models).stdout)
    assert rows["done"] == ["2/2", "1/? stopped"]
    assert rows["loss"][1].rstrip("* ") == f"{records(whole)[0]['loss']:.4f}"
    (hurt.log / "metrics.jsonl").unlink()
    assert "2 runs" in program("compare.py", "saved").stdout
    program("compare.py", hurt.models)


def test_runs_of_different_figures_are_named_with_them(config: Config) -> None:
    run(config, run_id="loss")
    run(config, "trainer.monitor=max val_accuracy", run_id="accuracy")
    run(config, "trainer.monitor=off", "data_loader.args.validation_split=0", run_id="none")
    lines = {line.split()[0]: line for line in program("compare.py", "saved").stdout.splitlines()}
    assert "val_loss " in lines["loss"]
    assert "val_accuracy " in lines["accuracy"]
    assert lines["none"].split()[4:6] == ["-", "-"]
