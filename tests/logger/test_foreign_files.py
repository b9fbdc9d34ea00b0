"""Whatever stands in the place of a run's files, pages and comparisons are made of the rest."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from logger.comparison.run import Run
from logger.comparison.table import comparison, details, overview
from logger.report.page import report_page
from logger.run_files import RunFiles
from tests.made_run import made_run
from tests.running import Config, go_on, meta, records, run
from trainer.compare import filled
from trainer.remake import remake_report
from trainer.reporting.pictures import draw_recorded
from trainer.score import score
from utils.config.messages import shown

DEEP = b"[" * 100_000
NUMBERS = (0, -1, 10**300, 10**400, 1e308, True, float("nan"), float("inf"))
VALUES = (*NUMBERS, None, "a", "\ud800", [], [1], ["a"], {}, {"a": 1}, [{}], [[1, 2], [3]])
CONTENTS: dict[str, bytes] = {
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "zeros": bytes(100_000),
    "not UTF-8": b'{"epoch": 1, "name": "\xff"}\n',
    "half a character": b'{"epoch": 1, "name": "\\ud800", "started": "\\ud800"}\n',
    "deep list": DEEP,
    "deep object": b'{"a":' * 100_000,
    "nested": b'{"epoch": 1, "seconds": ' + b"[" * 900 + b"]" * 900 + b"}\n",
    **{f"JSON {shown(value)}": json.dumps(value).encode() + b"\n" for value in (None, [], [[]], {}, "a", 1, [1, {}])},
}
PLACES: dict[str, Callable[[Path], None]] = {
    **{name: lambda path, content=content: path.write_bytes(content) for name, content in CONTENTS.items()},  # type: ignore[misc]
    "folder": lambda path: path.mkdir(),
    "link to nothing": lambda path: path.symlink_to("nowhere"),
    "loop": lambda path: path.symlink_to(path.name),
    "ten terabytes": lambda path: (path.touch(), os.truncate(path, 10 * 2**40))[1],
}
if sys.platform != "win32":
    PLACES["pipe"] = lambda path: os.mkfifo(path)
    PLACES["device"] = lambda path: path.symlink_to("/dev/zero")
FILES = ("metrics.jsonl", "steps.csv", "validation.json", "test.json", "summary.json", "environment.json")
DRAWN = ("metrics.jsonl", "steps.csv", "summary.json", "config.json")
CONTINUED = (
    "binary",
    "zeros",
    "deep object",
    "nested",
    "half a character",
    "JSON null",
    "JSON [1, {}]",
    "ten terabytes",
)


def read_all(files: RunFiles) -> None:
    """Everything that reads a run's files."""
    report_page(RunFiles(files.models, files.log))
    runs = [Run(RunFiles(files.models, files.log)), Run(RunFiles(files.models, files.log))]
    for columns in (overview(runs), details(runs), comparison(runs, {})):
        assert columns
    filled(runs[0].files)


def path_of(files: RunFiles, name: str) -> Path:
    return (files.models if name == "config.json" else files.log) / name


@pytest.mark.parametrize("name", [*FILES, "config.json", "confusion.png"])
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_file_of_a_run_is_left_out(tmp_path: Path, name: str, place: str) -> None:
    files = made_run(tmp_path)
    path_of(files, name).unlink(missing_ok=True)
    PLACES[place](path_of(files, name))
    read_all(files)
    if name in DRAWN and place in CONTINUED:
        draw_recorded(RunFiles(files.models, files.log))


@pytest.mark.parametrize("name", [*FILES, "config.json"])
def test_values_of_other_types_are_left_out(tmp_path: Path, name: str) -> None:
    files = made_run(tmp_path)
    path = path_of(files, name)
    if name in ("steps.csv", "test.json"):
        rows = b"".join(b"1,%d,nan,inf\n" % 10**n for n in range(400))
        path.write_bytes(b"step,loss,lr,grad_norm\n" + rows + b"nan,1,1,1\ninf,1,1,1\n1e300,1,1,1\n-1,1,1,1\n")
        read_all(files)
        return
    held = json.loads(path.read_text().splitlines()[0] if name == "metrics.jsonl" else path.read_text())
    for number, key in enumerate(held):
        for value in VALUES[number % 3 :: 3]:  # each is in the place of every third key
            path.write_text(json.dumps(held | {key: value}) + "\n")
            try:
                read_all(files)
            except Exception as error:
                raise AssertionError(f"{key}: {shown(value)}") from error


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", CONTINUED)
@pytest.mark.usefixtures("here", "no_pictures")
def test_a_run_goes_on_whatever_its_files_hold(config: Config, name: str, content: str) -> None:
    folder = run(config, "trainer.epochs=1", "trainer.report=true")
    (folder.log / name).unlink(missing_ok=True)
    PLACES[content](folder.log / name)
    go_on(folder.models, "trainer.epochs=2")
    score(None, str(folder.models), [], tsne=False, verbosity=0)
    remake_report(RunFiles(folder.models, folder.log))
    assert meta(folder.last)["epoch"] == 2
    assert records(folder)[-1]["epoch"] == 2
