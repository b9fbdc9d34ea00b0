"""A disk that is full or cannot be written to ends a run with 4 and one message, and costs nothing saved before."""

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.errors import WriteError
from tests.running import Config, command, go_on, meta, run, tree, write_config
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint
from trainer.checkpoints.run_folder import RunFolder
from utils.files import OUTPUT, writing

resource = pytest.importorskip("resource")  # not on Windows

pytestmark = [
    pytest.mark.usefixtures("here", "no_pictures"),
    pytest.mark.skipif(sys.platform == "win32", reason="limits and devices of POSIX"),
]

SETPRIV = shutil.which("setpriv")
CALLS: dict[str, str] = {
    "open": "os.open",
    "write": "numpy.savez",
    "fsync": "os.fsync",
    "rename": "pathlib.Path.replace",
}


def _run(words: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run(words, text=True, timeout=60, **options)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EFBIG], ids=errno.errorcode.get)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_whichever_call_fails_the_checkpoint_before_stays_and_nothing_is_left(
    config: Config, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    folder = run(config, "trainer.epochs=1")
    before = tree(folder.models)
    held = load_checkpoint(folder.last)

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(call, fail)
        with pytest.raises(WriteError, match=rf"cannot write saved/.*{os.strerror(code)}; .*trainer.save_dir"):
            Checkpoint(held.arrays, held.meta).save(folder.last)
    assert tree(folder.models) == before


@pytest.mark.parametrize("which", range(3))
def test_numbered_checkpoints_are_deleted_only_after_the_new_one_is_safe(
    config: Config, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    folder = run(config, "trainer.epochs=1", "trainer.save_period=1", "trainer.keep_last=1")
    calls: Iterator[int] = iter(range(1000))
    replace: Callable[..., Path] = Path.replace

    def fail(path: Path, target: Path) -> Path:
        if target.suffix == ".npz" and next(calls) >= which:
            raise OSError(errno.ENOSPC, "full")
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(WriteError, match="full; free some space"):
            go_on("latest", "trainer.epochs=2")
    kept = [path.name for path in sorted(folder.models.glob("*.npz"))]
    assert kept == ["best.npz", "epoch-0001.npz" if which == 0 else "epoch-0002.npz", "last.npz"]
    assert meta(folder.last)["epoch"] == 1
    go_on("latest", "trainer.epochs=2")
    assert meta(folder.last)["epoch"] == 2


def test_a_limit_on_the_size_of_files_ends_a_run_with_4_and_says_so(config: Config) -> None:
    write_config(config)
    limits = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (20_000, 20_000))
    done = _run(command("train.py", "-c", "config.json", "--run-id", "run"), preexec_fn=limits)
    assert (done.returncode, "Traceback" in done.stderr) == (4, False), done.stderr
    assert "ulimit -f" in done.stderr
    assert not [path for path in Path("saved/models/tiny/run").iterdir() if path.name != "config.json"]


@pytest.mark.skipif(os.geteuid() == 0 and SETPRIV is None, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_ends_with_4(config: Config) -> None:
    folder = run(config, "trainer.epochs=1")
    folder.models.chmod(0o500)
    bound = [SETPRIV, "--bounding-set=-dac_override"] if SETPRIV and os.geteuid() == 0 else []  # root as anybody
    done = _run([*bound, *command("train.py", "-r", "latest", "--epochs", "2")])
    folder.models.chmod(0o700)
    assert done.returncode == 4
    assert "allow writing there" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_console_on_a_full_disk_stops_no_run_but_is_told_at_its_end(config: Config) -> None:
    write_config(config)
    with Path("/dev/full").open("w") as full:
        loud = ("--run-id", "run", "--set", "trainer.verbosity=1")
        done = _run(command("train.py", "-c", "config.json", *loud), stdout=full)
    words = "error: stdout could not be written to its end: No space left on device; let it go elsewhere\n"
    assert (done.returncode, done.stderr) == (4, words)
    assert meta(RunFolder(Path("saved"), "tiny", "run").last)["epoch"] == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "words",
    [
        ("test.py", "-r", "latest"),
        ("predict.py", "-r", "latest", "x.npy"),
        ("compare.py", "saved"),
        ("search.py", "-c", "config.json", "-s", "search.json"),
        pytest.param(("export.py", "-r", "latest"), marks=pytest.mark.onnx),
    ],
    ids=lambda words: words[0],
)
def test_what_cannot_be_printed_is_told_in_one_line_with_4(config: Config, words: tuple[str, ...]) -> None:
    run(config, "trainer.epochs=1")
    np.save("x.npy", np.zeros((3, 28, 28, 1), np.uint8))
    Path("search.json").write_text('{"name": "small", "space": {"optimizer.args.lr": [0.1]}, "trials": 1}')
    with Path("/dev/full").open("w") as full:
        done = _run(command(*words), stdout=full)
    said = "error: stdout could not be written to its end: No space left on device; let it go elsewhere\n"
    assert (done.returncode, done.stderr) == (4, said)


def test_what_was_not_chosen_by_save_dir_is_not_blamed_on_it() -> None:
    words = r"x.png: No space .* or choose another path with -o$"
    with pytest.raises(WriteError, match=words), writing(Path("x.png"), OUTPUT):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
