"""Streams that cannot be used stop no program; that what it prints is lost on a full disk is told at its end."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import PROJECT, command

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a shell")

HOWS = [
    *("<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full", ">/dev/full 2>&1"),
    *("| true", "2>&1 | true", "| head -n 1"),
]
PROGRAM = """
import sys; sys.path.insert(0, sys.argv[1])
from utils.entry import run_program
from base.errors import UserError
def main():
    for number in range(100_000): print(number)
    print("x", file=sys.stderr, flush=True)
    opened = open("file", "w"); assert opened.fileno() > 2, opened
    opened.write("all")
    if sys.argv[2] == "2": raise UserError("a")
run_program(main)
"""


def ended(words: list[str], how: str, **env: str) -> tuple[int, str]:
    """The exit code of a command, of the streams that are left what it wrote to them."""
    line = f"set -o pipefail; {{ {shlex.join(words)}; echo $? >code; }} {how}"
    line = line if how.startswith(("|", "2>&1 |")) else f"{shlex.join(words)} {how}; echo $? >code"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=os.environ | env, timeout=120)
    return int(Path("code").read_text()), done.stdout + done.stderr


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("code", [0, 2])
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("how", HOWS)
def test_a_program_ends_as_it_would_have(how: str, code: int, unbuffered: str) -> None:
    words = [sys.executable, "-c", PROGRAM, str(PROJECT), str(code)]
    found, said = ended(words, how, PYTHONUNBUFFERED=unbuffered)
    assert found == (4 if "1>/dev/full" in f"1{how}" and code == 0 else code)
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert Path("file").read_text() == "all"
    assert ("stdout could not be written to its end: No space left" in said) == (how == ">/dev/full")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("how", [">/dev/full", "<&- >&- 2>&-", "| true"])
@pytest.mark.parametrize(
    "name", ["train.py", "test.py", "predict.py", "export.py", "draw.py", "compare.py", "search.py"]
)
def test_help_and_refusals_do(name: str, how: str) -> None:
    assert ended(command(name, "--help"), how)[0] == (4 if how == ">/dev/full" else 0)
    assert ended(command(name, "--no-such-option"), how)[0] == 2


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""},
    ],
    ids=str,
)
def test_letters_that_an_encoding_lacks_stay_apart(env: dict[str, str]) -> None:
    done = subprocess.run(command("train.py", "-c", "猫犬.json"), capture_output=True, env=os.environ | env)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: ")
    assert b"\\u732b\\u72ac" in done.stderr or b"\\udce7\\x8c" in done.stderr.replace(b"\\udc8c", b"\\x8c")


def test_a_folder_that_was_removed_is_told(here: Path) -> None:
    gone = here / "gone"
    line = f"mkdir {gone}; cd {gone}; rmdir {gone}; {shlex.join(command('train.py', '-c', 'config.json'))}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "the current folder is not there any more" in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_what_takes_a_progress_bar_away_comes_before_what_is_printed_next(unbuffered: str) -> None:
    program = (
        "import sys; from utils.streams import open_streams; open_streams()\n"
        "sys.stderr.write('bar'); sys.stderr.flush(); sys.stderr.write('\\r'); print('line', flush=True)"
    )
    ours, theirs = os.openpty()
    env = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT, stdout=theirs, stderr=theirs, check=True, env=env)
    assert os.read(ours, 4096) == b"bar\rline\r\n"
    os.close(ours)
    os.close(theirs)
