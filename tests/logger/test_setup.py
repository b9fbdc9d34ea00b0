"""Messages reach the console and run.log, and nothing is left configured afterwards."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from base.errors import WriteError
from logger.setup import run_log

LOG = logging.getLogger("trainer.example")
FULL = Path("/dev/full")


def say_everything() -> None:
    LOG.debug("detail")
    LOG.info("epoch")
    LOG.warning("careful")


@pytest.mark.parametrize(
    ("verbosity", "shown"),
    [(0, "warning: careful\n"), (1, "epoch\nwarning: careful\n"), (2, "detail\nepoch\nwarning: careful\n")],
)
def test_verbosity_decides_what_the_console_shows(
    verbosity: int, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with run_log(None, verbosity):
        say_everything()
    assert capsys.readouterr() == (shown, "")


@pytest.mark.parametrize(
    ("verbosity", "kept"), [(0, ["epoch", "careful"]), (1, ["epoch", "careful"]), (2, ["detail", "epoch", "careful"])]
)
def test_the_file_holds_the_story_with_time_stamps_even_when_the_console_is_quiet(
    tmp_path: Path, verbosity: int, kept: list[str]
) -> None:
    with run_log(tmp_path / "log", verbosity):
        say_everything()
    lines = (tmp_path / "log" / "run.log").read_text().splitlines()
    assert [line.split()[-1] for line in lines] == kept
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (DEBUG|INFO|WARNING) ", line) for line in lines)


def test_time_stamps_are_those_of_logging(tmp_path: Path) -> None:
    as_usual = logging.Formatter("%(asctime)s %(levelname)-7s %(message)s")
    with run_log(tmp_path, 0):
        file = next(handler for handler in logging.getLogger().handlers if hasattr(handler, "size"))
        for created in (0.25, 0.75, 1e9, 1.8e9, 1e9 + 0.0625):
            record = logging.makeLogRecord({"msg": "epoch", "created": created, "msecs": created % 1 * 1000})
            assert file.format(record) == as_usual.format(record)


def test_a_continued_run_adds_to_its_file(tmp_path: Path) -> None:
    for message in ("first", "second"):
        with run_log(tmp_path, 0):
            LOG.info(message)
    assert [line.split()[-1] for line in (tmp_path / "run.log").read_text().splitlines()] == ["first", "second"]


def test_details_of_libraries_stay_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with run_log(tmp_path, 2):
        logging.getLogger("somebody.library").info("score 10.05")
        logging.getLogger("somebody.library").warning("no such font")
    assert capsys.readouterr().out == "warning: no such font\n"


def test_levels_and_handlers_are_put_back(tmp_path: Path) -> None:
    root, trainer = logging.getLogger(), logging.getLogger("trainer")
    before = list(root.handlers), root.level, trainer.level
    with pytest.raises(KeyError), run_log(tmp_path, 2):
        raise KeyError
    assert (list(root.handlers), root.level, trainer.level) == before


def test_a_file_that_cannot_be_opened_is_a_write_error(tmp_path: Path) -> None:
    (tmp_path / "run.log").mkdir()
    with pytest.raises(WriteError, match=r"run\.log"), run_log(tmp_path, 1):
        pass


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_a_disk_that_fills_up_ends_the_run_with_a_clear_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logger.setup.open_descriptor", lambda path, flags: os.open(FULL, flags))
    with pytest.raises(WriteError, match="No space left on device; free some space"), run_log(tmp_path, 1):
        LOG.info("epoch")
    assert capsys.readouterr().err == ""


def test_a_reader_that_goes_away_does_not_stop_the_run() -> None:
    program = (
        "import logging, sys\n"
        "from logger.setup import run_log\n"
        "sys.stdin.read()\n"
        "with run_log(None, 1):\n"
        "    for _ in range(3):\n"
        "        logging.getLogger('trainer').info('epoch')\n"
        "print('done', file=sys.stderr)\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", program], cwd=root, text=True, **pipes) as run:  # type: ignore[call-overload]
        run.stdout.close()
        run.stdin.close()
        assert run.stderr.read() == "done\n"
    assert run.returncode == 0
