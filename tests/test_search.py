"""search.py as a user starts it: what it leaves, and that nothing is lost however it ends."""

import json
import os
import signal
import subprocess
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests.running import Config, command, program
from tests.trainer.search.searching import COMMAND, table, trials_of, write
from utils.config.parser import ConfigParser
from utils.cores import cores

pytestmark = pytest.mark.slow

STUDY = Path("saved/search/small")
LONG = {"trainer.epochs": 400}  # a second or two: long enough to be stopped on a fast machine


def test_a_search_leaves_tables_pictures_and_the_best_config(config: Config, here: Path) -> None:
    write(config, trials=5, workers=2, goal="max val_accuracy")
    done = program("search.py", *COMMAND)
    assert "0 of 5 settings are done" in done.stdout
    assert f"train    python train.py -c {STUDY}/best_config.json" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    threads = [json.loads(path.read_text())["trainer"]["threads"] for path in here.glob("saved/models/*/*/config.json")]
    assert threads == [max(1, cores() // 2)] * 5
    rows = table(STUDY)
    assert [row["setting"] for row in rows] == list("01234")
    best = max(rows, key=lambda row: float(row["val_accuracy"]))
    resolved = json.loads((STUDY / "best_config.json").read_text())
    assert resolved == ConfigParser.from_file(STUDY / "best_config.json").resolved
    assert resolved["optimizer"]["args"]["lr"] == float(best["optimizer.args.lr"])
    assert resolved["trainer"]["epochs"] == 2
    text = (STUDY / "results.md").read_text()
    for picture in ("history", "importance", "parallel", "heat_map"):
        assert (STUDY / f"{picture}.png").stat().st_size > 5000
        assert f"]({picture}.png)" in text
    state = {"state": "done", "mode": "max", "metric": "val_accuracy", "settings": 5}
    assert json.loads((STUDY / "state.json").read_text()) == state
    again = program("search.py", *COMMAND)
    assert "continues after 5 settings" in again.stdout
    assert table(STUDY) == rows


def test_ctrl_c_stops_at_a_checkpoint_and_the_same_command_continues(config: Config, here: Path) -> None:
    write(config, workers=2, overrides=LONG)
    process = started()
    wait_for_epochs(here)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "continue with the same command" in out
    assert json.loads((STUDY / "state.json").read_text())["state"] == "stopped"
    program("search.py", *COMMAND)
    assert_each_setting_once(3)
    assert any("continues run" in path.read_text() for path in here.glob("saved/log/tiny/*/run.log"))


def test_a_search_that_is_killed_repeats_only_what_was_not_finished(config: Config, here: Path) -> None:
    write(config, overrides=LONG)
    process = started()
    wait_for_epochs(here, runs=2)
    os.kill(children(process.pid)[0], signal.SIGKILL)
    process.kill()
    process.communicate(timeout=60)
    program("search.py", *COMMAND)
    assert_each_setting_once(3)
    assert (Path("saved/models/tiny/small-0000-s5") / "best.npz").is_file()
    assert not Path("saved/models/tiny/small-0000-s5-2").exists()


def test_workers_end_with_the_process_that_started_them(config: Config, here: Path) -> None:
    write(config, overrides={"trainer.epochs": 3000})
    process = started()
    wait_for_epochs(here)
    (worker,) = children(process.pid)
    process.kill()
    process.communicate(timeout=60)
    until = time.monotonic() + 30
    while Path(f"/proc/{worker}").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Path(f"/proc/{worker}").exists()


def test_a_worker_that_is_killed_is_replaced(config: Config, here: Path) -> None:
    write(config, overrides=LONG)
    process = started()
    wait_for_epochs(here)
    os.kill(children(process.pid)[0], signal.SIGKILL)
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    assert "worker 1 was ended by SIGKILL; another takes its place" in out
    assert_each_setting_once(3)


def started(*arguments: str, folder: Path | None = None) -> subprocess.Popen[str]:
    """search.py, running."""
    words, pipe = command("search.py", *COMMAND, *arguments), subprocess.PIPE
    return subprocess.Popen(words, cwd=folder, text=True, stdout=pipe, stderr=pipe)


def wait_for_epochs(folder: Path, runs: int = 1) -> None:
    """Wait until so many runs have three epochs, the last of them just now."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        lines = [path.read_text().count("\n") for path in folder.glob("saved/log/*/*/metrics.jsonl")]
        if sum(count >= 3 for count in lines) >= runs:
            return
        time.sleep(0.01)
    pytest.fail(f"no run came to its third epoch in {folder}")


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def assert_each_setting_once(settings: int) -> None:
    """Each setting has one result, in the table and in the study."""
    assert [row["setting"] for row in table(STUDY)] == [str(number) for number in range(settings)]
    assert {row["state"] for row in table(STUDY)} == {"done"}
    states = Counter(trial.state.name for trial in trials_of("small", f"sqlite:///{STUDY}/study.db"))
    assert states["COMPLETE"] == settings
    assert set(states) <= {"COMPLETE", "FAIL"}


def test_workers_are_not_told_the_storage_by_arguments_and_no_file_holds_it(config: Config, here: Path) -> None:
    write(config, trials=1, overrides={"trainer.epochs": 1})
    url = f"sqlite:///file:{here}/study.db?uri=true&secret=pa55word"  # an option, as it can be one of any URL
    process = started("--storage", url)
    seen: set[str] = set()
    while process.poll() is None:
        with suppress(OSError):  # it has ended
            for child in children(process.pid):
                seen.add(Path(f"/proc/{child}/cmdline").read_text() + Path(f"/proc/{child}/environ").read_text())
        time.sleep(0.05)
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert any("--worker" in words for words in seen)
    told = [out, err, *seen, *(path.read_bytes().decode("latin-1") for path in here.rglob("*") if path.is_file())]
    assert not [text for text in told if "pa55word" in text]
    assert list(here.glob("saved/log/*/*/environment.json"))
