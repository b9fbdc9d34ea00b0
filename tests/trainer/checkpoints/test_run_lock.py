"""Two processes never write into one run's folder, and a dead one is in nobody's way."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from base.errors import UserError, WriteError
from tests.running import PROJECT, Config, go_on, program, run, tree
from trainer.checkpoints import run_lock
from trainer.checkpoints.run_lock import is_trained_in, training_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the lock is one of POSIX")

HOLD = "import sys, pathlib, os, time; from trainer.checkpoints.run_lock import training_in\n"
HOLD += "with training_in(pathlib.Path(sys.argv[1])):\n    {before}print('held', flush=True)\n    time.sleep(60)"


def hold(folder: Path, before: str = "") -> subprocess.Popen[str]:
    """A process that holds the lock of a folder until it is killed."""
    command = [sys.executable, "-c", HOLD.format(before=before), str(folder.resolve())]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_second_process_is_told_which_one_trains_there_and_may_when_that_was_killed(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    try:
        words = rf"{tmp_path}: process {holder.pid} on .* trains there"
        with pytest.raises(UserError, match=words), training_in(tmp_path):
            pass
    finally:
        kill(holder)
    with training_in(tmp_path):
        assert str(os.getpid()) in (tmp_path / ".lock").read_text()
    assert not [*tmp_path.iterdir()]


def test_a_workers_process_that_outlives_the_one_that_was_killed_does_not_hold_its_lock(tmp_path: Path) -> None:
    holder = hold(tmp_path, before="child = os.fork()\n    if not child: time.sleep(5); os._exit(0)\n    ")
    kill(holder)
    with training_in(tmp_path):
        pass


def test_a_lock_taken_on_a_file_that_was_just_removed_is_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lockf, path = run_lock.fcntl.lockf, tmp_path / ".lock"
    removed: list[int] = []

    def late(handle: int, how: int) -> None:
        if not removed:
            removed.append(handle)
            path.unlink()  # by the one that held it
        lockf(handle, how)

    monkeypatch.setattr(run_lock.fcntl, "lockf", late)
    with training_in(tmp_path):
        assert path.is_file()


def test_where_a_system_has_no_such_locks_the_file_itself_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_lock, "fcntl", None)
    words = r"process \d+ on .*delete .*\.lock"
    with training_in(tmp_path), pytest.raises(UserError, match=words), training_in(tmp_path):
        pass
    assert not [*tmp_path.iterdir()]


def test_a_program_that_only_looks_at_this_moment_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lockf, looks = run_lock.fcntl.lockf, [1, 1]

    def looked_at(*words: object) -> None:
        if looks:
            looks.pop()
            raise BlockingIOError(11, "Resource temporarily unavailable")
        lockf(*words)

    monkeypatch.setattr(run_lock.fcntl, "lockf", looked_at)
    with training_in(tmp_path):
        assert not looks


def test_a_file_system_without_locks_does_not_stop_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(handle: int, how: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(run_lock.fcntl, "lockf", none)
    with training_in(tmp_path):
        pass
    assert not [*tmp_path.iterdir()]


def test_a_folder_that_is_gone_is_a_write_error(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"cannot write .*\.lock: No such file"), training_in(tmp_path / "gone"):
        pass


@pytest.mark.usefixtures("here", "no_pictures")
def test_a_run_that_trains_elsewhere_is_left_untouched_and_can_be_scored(config: Config) -> None:
    folder = run(config)
    before = tree(folder.models)
    holder = hold(folder.models)
    try:
        done = program("train.py", "-r", "latest", "--epochs", "4", expect=2)
        assert f"saved/models/tiny/run: process {holder.pid} on " in done.stderr
        program("test.py", "-r", "latest")
        assert {name: content for name, content in tree(folder.models).items() if name != ".lock"} == before
    finally:
        kill(holder)
    go_on("latest", "trainer.epochs=3")
    assert not (folder.models / ".lock").exists()


@pytest.mark.usefixtures("here", "no_pictures")
def test_a_plan_made_before_another_process_wrote_to_the_run_is_given_up(config: Config) -> None:
    from trainer.checkpoints.resume import plan
    from trainer.start import train

    folder = run(config)
    old = plan(None, "latest", ["trainer.epochs=4"])
    time.sleep(0.01)  # file times are that coarse
    go_on("latest", "trainer.epochs=3")
    before = tree(folder.models)
    assert not (folder.models / ".lock").exists()
    with pytest.raises(UserError, match="another process has just trained there; give the command again"):
        train(old, None, tsne=False)
    assert tree(folder.models) == before


@pytest.mark.usefixtures("here", "no_pictures")
def test_what_a_killed_process_was_writing_is_removed_when_the_run_goes_on(config: Config) -> None:
    folder = run(config)
    (folder.models / ".last.npz.123.tmp").write_bytes(b"half")
    go_on(folder.models, "trainer.epochs=3")
    assert not [*folder.models.glob(".*")]


def test_others_can_see_whether_a_run_is_being_trained(tmp_path: Path) -> None:
    assert not is_trained_in(tmp_path)
    assert not is_trained_in(tmp_path / "gone")
    holder = hold(tmp_path)
    try:
        assert is_trained_in(tmp_path)
    finally:
        kill(holder)
    assert (tmp_path / run_lock.NAME).exists()
    assert not is_trained_in(tmp_path)
    with training_in(tmp_path):  # looking has not taken it
        pass


def test_where_a_system_has_no_locks_the_file_says_that_a_run_is_being_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_lock, "fcntl", None)
    with training_in(tmp_path):
        assert is_trained_in(tmp_path)
    assert not is_trained_in(tmp_path)
