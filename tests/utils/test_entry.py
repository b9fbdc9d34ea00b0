"""Every end of a program has its exit code."""

import os
import signal
from collections.abc import Callable

import pytest

from base.errors import CheckpointError, ConfigError, DataError, NonFiniteError, UserError, WriteError
from utils.entry import run_program


def _raise(error: BaseException) -> None:
    raise error


ENDS: dict[str, tuple[Callable[[], None], int, str]] = {
    "done": (lambda: None, 0, ""),
    "user": (lambda: _raise(UserError("a")), 2, "error: a\n"),
    "config": (lambda: _raise(ConfigError("a\n  b")), 2, "error: a\n  b\n"),
    "data": (lambda: _raise(DataError("a")), 2, "error: a\n"),
    "checkpoint": (lambda: _raise(CheckpointError("a")), 2, "error: a\n"),
    "not finite": (lambda: _raise(NonFiniteError("a")), 3, "error: a\n"),
    "a path that is none": (
        lambda: _raise(UserError(f"x: {'a' * 5000} is not there")), 2,
        f"error: x: {'a' * 100}...{'a' * 100} is not there\n",
    ),
    "a long path": (lambda: _raise(UserError("a" * 1000)), 2, f"error: {'a' * 1000}\n"),
    "write": (lambda: _raise(WriteError("a")), 4, "error: a\n"),
    "memory": (
        lambda: _raise(MemoryError("a")),
        2,
        "error: out of memory: a; lower the batch size or make the network smaller\n",
    ),
    "Ctrl-C": (lambda: os.kill(os.getpid(), signal.SIGINT), 130, "stopped by Ctrl-C\n"),
    **{
        name: (lambda name=name: os.kill(os.getpid(), getattr(signal, name)), code, f"stopped by {name}\n")  # type: ignore[misc]
        for name, code in {"SIGTERM": 143, "SIGHUP": 129, "SIGUSR1": 138, "SIGUSR2": 140, "SIGXCPU": 152}.items()
    },
}  # fmt: skip


@pytest.mark.parametrize(("program", "code", "message"), ENDS.values(), ids=ENDS.keys())
def test_every_foreseen_end_has_its_code_and_one_message(
    program: Callable[[], None], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        run_program(program)
    assert caught.value.code == code
    assert capsys.readouterr() == ("", message)


@pytest.mark.parametrize("variable", ["PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "MV2_COMM_WORLD_SIZE"])
def test_programs_that_are_one_process_are_not_run_by_mpi_several_times(
    variable: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[int] = []
    monkeypatch.setenv(variable, "3")
    monkeypatch.setattr("sys.argv", ["a/test.py"])
    with pytest.raises(SystemExit) as caught:
        run_program(lambda: ran.append(1))
    assert (caught.value.code, ran) == (2, [])
    assert capsys.readouterr().err == (
        "error: test.py runs in one process, and MPI has started 3: start it without MPI\n"
    )
    with pytest.raises(SystemExit) as caught:
        run_program(lambda: ran.append(1), takes_ranks=True)
    assert (caught.value.code, ran) == (0, [1])


def test_a_defect_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        run_program(lambda: _raise(ZeroDivisionError()))


@pytest.mark.parametrize("name", ["SIGUSR1", "SIGHUP", "SIGINT"])
def test_a_signal_that_was_ignored_before_stays_so(name: str) -> None:
    signal.signal(getattr(signal, name), signal.SIG_IGN)
    with pytest.raises(SystemExit) as caught:
        run_program(lambda: os.kill(os.getpid(), getattr(signal, name)))
    assert caught.value.code == 0


def test_nothing_interrupts_the_last_lines() -> None:
    with pytest.raises(SystemExit) as caught:
        run_program(lambda: _raise(UserError("a")))
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)
    assert caught.value.code == 2
