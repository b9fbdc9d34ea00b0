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
from trainer.compare import filled
from trainer.remake import remake_report
from trainer.reporting.pictures import draw_recorded
from utils.config.messages import shown

DEEP = b"[" * 100_000
NUMBERS = (0, -1, 10**300, 10**400, 1e308, True, float("nan"), float("inf"))
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


def read_all(files: RunFiles) -> None:
    """Everything that reads a run's files."""
    report_page(RunFiles(files.models, files.log))
    remake_report(RunFiles(files.models, files.log))
    draw_recorded(RunFiles(files.models, files.log))
    runs = [Run(RunFiles(files.models, files.log)), Run(RunFiles(files.models, files.log))]
    for columns in (overview(runs), details(runs), comparison(runs, {})):
        assert columns
    filled(runs[0].files)


@pytest.mark.parametrize("name", [*FILES, "config.json", "confusion.png"])
@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_what_is_no_file_of_a_run_is_left_out(tmp_path: Path, name: str, place: Callable[[Path], None]) -> None:
    files = made_run(tmp_path)
    path = (files.models if name == "config.json" else files.log) / name
    path.unlink(missing_ok=True)
    place(path)
    read_all(files)


@pytest.mark.parametrize("name", [*FILES, "config.json"])
def test_values_of_other_types_are_left_out(tmp_path: Path, name: str) -> None:
    files = made_run(tmp_path)
    path = (files.models if name == "config.json" else files.log) / name
    if name == "steps.csv":
        path.write_bytes(b"step,loss,lr,grad_norm\n" + b"".join(b"1,%d,nan,inf\n" % 10**n for n in range(400)))
        read_all(files)
        return
    held = json.loads(path.read_text().splitlines()[0] if name == "metrics.jsonl" else path.read_text())
    for key in held:
        for value in (*NUMBERS, None, "a", "\ud800", [], [1], ["a"], {}, {"a": 1}, [{}], [[1, 2], [3]]):
            path.write_text(json.dumps(held | {key: value}) + "\n")
            try:
                read_all(files)
            except Exception as error:
                raise AssertionError(f"{key}: {shown(value)}") from error
