"""The page follows the run and costs it next to nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from base.base_trainer import BaseTrainer, Record
from tests.running import Config, go_on, program, run
from trainer.checkpoints.run_folder import RunFolder
from trainer.reporting.report import Report

pytestmark = pytest.mark.usefixtures("here", "no_pictures")
PAGE = Path("saved/log/tiny/run/report.html")


@pytest.fixture
def config(config: Config) -> Config:
    """The same, with a page."""
    config["trainer"]["report"] = True
    return config


class Clock:
    """A clock that stands still but for what is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class _Running:
    finished = False


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> tuple[Clock, list[float], Callable[[], None]]:
    """A clock, the times at which a page was written, which takes 0.3 seconds, and the end of an epoch."""
    clock, times = Clock(), list[float]()

    def write(_: object) -> None:
        times.append(clock.now)
        clock.now += 0.3

    monkeypatch.setattr("trainer.reporting.report.write_report", write)
    report, trainer = Report(RunFolder(Path("saved"), "tiny", "run"), clock), _Running()
    report.on_train_start(trainer)  # type: ignore[arg-type]
    return clock, times, lambda: report.on_epoch_end(trainer, {})  # type: ignore[arg-type]


def test_it_is_written_after_epochs_in_a_fiftieth_of_the_time(
    written: tuple[Clock, list[float], Callable[[], None]],
) -> None:
    clock, times, end_epoch = written
    for _ in range(100):
        clock.now += 1.0
        end_epoch()
    assert len(times) > 3
    assert 0.3 * (len(times) - 1) <= (clock.now - 100) / 50


def test_the_page_of_a_run_is_there_from_its_start_and_says_at_the_end_that_it_is_done(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = []

    def look(report: Report, trainer: BaseTrainer, record: Record) -> None:
        states.append(_state())

    monkeypatch.setattr(Report, "on_epoch_end", look)
    run(config)
    assert [*states, _state()] == ["running", "running", "done"]


def test_a_run_without_a_page_can_be_continued_with_one(config: Config) -> None:
    run(config, "trainer.report=false")
    assert not PAGE.exists()
    go_on("saved/models/tiny/run", "trainer.epochs=3", "trainer.report=true")
    assert _state() == "done"
    assert "<progress" not in PAGE.read_text(encoding="utf-8")


def test_testing_brings_the_page_up_to_date(config: Config) -> None:
    run(config)
    assert "test accuracy" not in PAGE.read_text(encoding="utf-8")
    program("test.py", "-r", "saved/models/tiny/run")
    accuracy = json.loads((PAGE.parent / "test.json").read_text())["accuracy"]
    page = PAGE.read_text(encoding="utf-8")
    assert "test accuracy" in page
    assert f"<dd>{accuracy:.4f}</dd>" in page


def _state() -> str:
    return PAGE.read_text(encoding="utf-8").partition('data-state="')[2].partition('"')[0]
