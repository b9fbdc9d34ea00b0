"""What a kill prevented is made when a run goes on or its report is made again; the time told is the time waited."""

import json
import logging
import shutil
import time
from pathlib import Path

import pytest

from base.errors import AlreadyDone
from logger.report.overview import tiles
from logger.run_files import RunFiles
from logger.summary import read_summary
from tests.running import Config, arrays, go_on, records, run, same_bits
from trainer.checkpoints.run_folder import RunFolder
from trainer.checkpoints.run_lock import training_in
from trainer.compare import compare
from trainer.remake import remake_report
from trainer.reporting import pictures
from trainer.reporting.pictures import Pictures

pytestmark = pytest.mark.usefixtures("here")

SHOWN = ("trainer.epochs=1", 'trainer.pictures=["curves", "confusion"]', "trainer.report=true")
MADE = {"curves.png", "confusion.png", "validation.json"}


class Killed(BaseException):
    """As if the process had been killed."""


def killed(config: Config, monkeypatch: pytest.MonkeyPatch, *changes: str) -> RunFolder:
    """A run that is over but for its pictures."""

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Pictures, "on_train_end", die)
        patch.setattr("trainer.start.update_summary", lambda *_, **__: None)
        with pytest.raises(Killed):
            run(config, *SHOWN, *changes)
    folder = RunFolder(Path("saved"), "tiny", "run")
    assert not MADE & {path.name for path in folder.log.iterdir()}
    return folder


def made(folder: RunFolder) -> set[str]:
    return MADE & {path.name for path in folder.log.iterdir()}


def files_of(folder: RunFolder) -> RunFiles:
    return RunFiles(folder.models, folder.log)


def test_a_run_that_is_continued_makes_them_and_is_then_finished(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = killed(config, monkeypatch)
    before = arrays(folder.last)
    go_on(folder.models)
    assert made(folder) == MADE
    assert same_bits(arrays(folder.last), before)
    assert len(records(folder)) == 1
    assert "training has ended; what it makes at its end" in (folder.log / "run.log").read_text()
    with pytest.raises(AlreadyDone):
        go_on(folder.models)


def test_so_does_one_that_stopped_early(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    early = ("trainer.epochs=9", "trainer.early_stop=1", "trainer.monitor=min lr")
    folder = killed(config, monkeypatch, *early)
    go_on(folder.models)
    assert made(folder) == MADE
    assert len(records(folder)) == 2
    with pytest.raises(AlreadyDone, match="stopped early"):
        go_on(folder.models)


@pytest.mark.parametrize("gone", sorted(MADE))
def test_a_report_that_is_made_again_makes_them(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], gone: str
) -> None:
    folder = killed(config, monkeypatch)
    remake_report(files_of(folder))
    assert made(folder) == MADE
    assert capsys.readouterr().out == "", "the page's path alone is printed there"
    (folder.log / gone).unlink()
    remake_report(files_of(folder))
    assert made(folder) == MADE


def test_without_its_data_the_rest_is_made_and_it_says_so(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], here: Path
) -> None:
    shutil.copytree(config["data_loader"]["args"]["data_dir"], here / "data")
    config["data_loader"]["args"]["data_dir"] = "data"
    folder = killed(config, monkeypatch)
    shutil.rmtree(here / "data")
    page = remake_report(files_of(folder))
    assert (made(folder), page.is_file()) == ({"curves.png"}, True)
    assert "warning: what shows the network is not made: " in capsys.readouterr().err


def test_of_a_run_killed_in_training_the_log_is_drawn(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = killed(config, monkeypatch)
    summary = folder.log / "summary.json"
    summary.write_text(json.dumps(json.loads(summary.read_text()) | {"state": "running", "finished": False}))
    with training_in(folder.models):
        pass
    remake_report(files_of(folder))
    assert made(folder) == {"curves.png"}


def test_files_and_pictures_are_part_of_the_time_that_is_told(
    config: Config, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(pictures.RECORDED, "curves", lambda *_: bool(time.sleep(1.0)))
    begun = time.monotonic()
    with caplog.at_level(logging.INFO):
        folder = run(config, *SHOWN, "trainer.verbosity=1")
    waited, summary = time.monotonic() - begun, read_summary(folder.log)
    assert summary is not None
    assert summary.seconds is not None
    assert 1.0 < summary.seconds <= waited < summary.seconds + 1
    assert records(folder)[0]["seconds"] < 0.5, "an epoch's time is its own"
    assert f"trained 1 epoch in {summary.seconds:.1f} s" in caplog.text
    (tile,) = [tile for tile in tiles(files_of(folder)) if tile.label == "time"]
    assert tile.value == f"{summary.seconds:.1f} s"
    caplog.clear()
    compare([str(folder.models)], None, None, None)
    assert f"{summary.seconds:.1f} s" in caplog.text


def test_the_time_of_earlier_processes_is_counted_and_that_between_them_is_not(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    first = read_summary(folder.log)
    time.sleep(1.0)
    begun = time.monotonic()
    go_on(folder.models, "trainer.epochs=2")
    second, waited = read_summary(folder.log), time.monotonic() - begun
    assert first is not None
    assert second is not None
    assert first.seconds is not None
    assert second.seconds is not None
    assert first.seconds < second.seconds <= first.seconds + waited + 0.01


def test_a_run_of_before_tells_the_time_of_its_epochs(config: Config) -> None:
    folder = run(config, "trainer.epochs=2")
    summary = folder.log / "summary.json"
    held = {name: value for name, value in json.loads(summary.read_text()).items() if name not in ("seconds", "made")}
    summary.write_text(json.dumps(held))
    files = files_of(folder)
    assert files.seconds == pytest.approx(sum(record["seconds"] for record in records(folder)))
    assert files.is_complete
