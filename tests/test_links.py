"""A run's folder that came from somebody else: links and pipes in it lead nowhere, and nothing is lost."""

import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from base.errors import StoppedError, UserError, WriteError
from logger.tensorboard import check_tensorboard_installed
from tests.running import Config, go_on, meta, program, run
from trainer.checkpoints.run_folder import RunFolder
from trainer.score import score
from trainer.search.worker_pool import WorkerPool
from utils.files import open_plain, opened, read_object, replacing

pytestmark = [
    pytest.mark.usefixtures("here"),
    pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX"),
]

MINE = "a letter that took an evening\n"
OF_MODELS, OF_LOG = (
    (".lock", "last.npz", "best.npz", "config.json"),
    (
        *("run.log", "metrics.jsonl", "metrics.csv", "steps.csv", "summary.json", "environment.json", "report.html"),
        *("curves.png", "steps.png", "confusion.png", "validation.json"),
    ),
)
PLACES: dict[str, Callable[[Path, Path], None]] = {
    "link": lambda path, mine: path.symlink_to(mine),
    "hard link": lambda path, mine: os.link(mine, path),
    "pipe": lambda path, mine: os.mkfifo(path),
    "folder": lambda path, mine: path.mkdir(),
}


@pytest.fixture
def mine(here: Path) -> Path:
    """A file of the reader's own."""
    path = here / "letter.txt"
    path.write_text(MINE)
    return path


@pytest.fixture
def folder(config: Config, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """A run that can go on, and draws and reports when it ends."""
    with monkeypatch.context() as patch:
        patch.setattr("trainer.reporting.pictures.Pictures.on_train_end", lambda *_: None)
        return run(config, "trainer.epochs=1", "trainer.report=true", 'trainer.pictures=["curves", "confusion"]')


def harm(path: Path, mine: Path, place: str) -> None:
    path.unlink(missing_ok=True)
    PLACES[place](path, mine)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", [*OF_MODELS, *OF_LOG])
def test_a_run_that_goes_on_overwrites_nothing_through_what_stands_for_its_files(
    folder: RunFolder, mine: Path, name: str, place: str
) -> None:
    path = (folder.models if name in OF_MODELS else folder.log) / name
    harm(path, mine, place)
    refusal: StoppedError | None = None
    try:
        go_on(folder.models, "trainer.epochs=2")
    except StoppedError as error:
        refusal = error
    if refusal is not None:
        assert (refusal.exit_code in (2, 4), name in str(refusal)) == (True, True)
    elif name != "config.json":  # without which the folder is no run's, and a new one begins
        assert meta(folder.last)["epoch"] == 2
    assert mine.read_text() == MINE
    assert meta(folder.best if name == "last.npz" else folder.last)["epoch"] >= 1, "nothing is lost"


@pytest.mark.parametrize("place", ["link", "hard link", "pipe"])
@pytest.mark.parametrize("name", ["predictions.csv", "test.json", "report.html"])
def test_test_py_overwrites_nothing(folder: RunFolder, mine: Path, name: str, place: str) -> None:
    harm(folder.log / name, mine, place)
    with suppress(WriteError):
        score(None, str(folder.last), [], tsne=False, verbosity=0)
    assert mine.read_text() == MINE


def test_temporary_names_that_are_taken_by_links_are_freed(here: Path, mine: Path) -> None:
    (here / f".a.json.{os.getpid()}.tmp").symlink_to(mine)
    with replacing(here / "a.json") as file:
        file.write(b"{}")
    assert ((here / "a.json").read_text(), mine.read_text()) == ("{}", MINE)
    assert not (here / "a.json").is_symlink()


def test_tensorboards_folder_is_no_link(folder: RunFolder, mine: Path) -> None:
    try:
        check_tensorboard_installed()
    except UserError:
        pytest.skip("needs TensorBoard")
    (folder.log / "tensorboard").symlink_to(mine.parent)
    with pytest.raises(WriteError, match="tensorboard: it is a link"):
        go_on(folder.models, "trainer.epochs=2", "trainer.tensorboard=true")
    assert sorted(path.name for path in mine.parent.iterdir()) == ["config.json", "letter.txt", "saved"]


def test_a_searchs_worker_logs_follow_no_links(here: Path, mine: Path) -> None:
    (here / "worker-1.log").symlink_to(mine)
    pool = WorkerPool.__new__(WorkerPool)
    pool._folder, pool._command = here, ["true"]
    with pytest.raises(WriteError, match=r"worker-1\.log: it is a link"):
        pool._start(0)
    assert mine.read_text() == MINE


def test_the_message_is_one_line_with_exit_code_4_that_says_what_to_do(folder: RunFolder, mine: Path) -> None:
    harm(folder.log / "metrics.csv", mine, "link")
    done = program("train.py", "-r", folder.models, "--epochs", "2", expect=4)
    assert re.fullmatch(r"error: cannot write \S+metrics.csv: it is a link, .*: remove it, or .*\n", done.stderr)
    (folder.log / "metrics.csv").unlink()
    program("train.py", "-r", folder.models, "--epochs", "2")
    assert (mine.read_text(), meta(folder.last)["epoch"]) == (MINE, 2)


@pytest.mark.parametrize("mode", ["wb", "ab"])
def test_a_path_that_the_user_chose_may_be_a_link(here: Path, mine: Path, mode: str) -> None:
    (here / "out.png").symlink_to(mine)
    with opened(here / "out.png", mode, "choose another path with -o") as file:  # type: ignore[arg-type]
        file.write(b"x")
    assert mine.read_text() == ("x" if mode == "wb" else MINE + "x")


def test_reading_waits_for_no_pipe(here: Path) -> None:
    os.mkfifo(here / "summary.json")
    assert read_object(here / "summary.json") == {}
    with pytest.raises(OSError, match="no plain file"):
        open_plain(here / "summary.json")
