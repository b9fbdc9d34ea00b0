"""The processes that work on a search."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from argparse import Namespace
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from base.errors import StoppedError
from utils.files import opened, read_plain

LOG = logging.getLogger(__name__)

PROGRAM = Path(__file__).resolve().parents[2] / "search.py"
_STOPPED = (0, 128 + signal.SIGINT, 128 + signal.SIGTERM)
_MOST_RESTARTS = 5  # of each worker: with no memory left it would go on for ever
_END_SECONDS = 5.0
_MOST_WORDS = 4000


class WorkerPool:
    """A number of workers, each with a log of its own; one that is killed is replaced.

    The storage, whose URL may hold a password, comes to them as the first line of their input, as everybody can read
    the arguments of a process. They are out of reach of the terminal's Ctrl-C. What tells them to stop is the end of
    their input, which comes too when this process ends, however that happens.
    """

    def __init__(self, args: Namespace, count: int, folder: Path) -> None:
        self._command = _command(args)
        self._storage = args.storage or ""
        self._folder = folder
        self._restarts = [0] * count
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> WorkerPool:
        for place in range(len(self._restarts)):
            self._processes.append(self._start(place))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        until = time.monotonic() + _END_SECONDS
        for process in self._processes:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def stop(self) -> None:
        """Tell all that are left to stop at a checkpoint, or, told again, at once."""
        for process in self._processes:
            assert process.stdin
            if not process.stdin.closed:
                process.stdin.close()  # unlike a signal, not lost on a process that is still starting
            elif process.poll() is None:
                process.terminate()

    def working(self, replace: bool = True) -> bool:
        """True if any is left; those that were killed are replaced if asked. Raises the failure of one that failed."""
        for place, process in enumerate(self._processes):
            code = process.poll()
            if code is not None and code not in _STOPPED:
                if code > 0:
                    raise self._failure(place, code)
                if replace:
                    self._replace(place, -code)
        return any(process.poll() is None for process in self._processes)

    def _replace(self, place: int, number: int) -> None:
        self._restarts[place] += 1
        name = signal.Signals(number).name
        if self._restarts[place] > _MOST_RESTARTS:
            raise WorkerError(f"worker {place + 1} was ended by {name} {_MOST_RESTARTS + 1} times", 1)
        LOG.warning("worker %d was ended by %s; another takes its place and its trial", place + 1, name)
        self._processes[place] = self._start(place)

    def _start(self, place: int) -> subprocess.Popen[bytes]:
        path = self._log(place)
        with opened(path, "ab") as log:
            process = subprocess.Popen(
                [*self._command, "--worker", str(place + 1)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=os.environ | {"PYTHONIOENCODING": "utf-8"},
            )
        assert process.stdin
        with suppress(BrokenPipeError):  # it has ended already, and `working` will say how
            os.write(process.stdin.fileno(), f"{self._storage}\n".encode())
        return process

    def _log(self, place: int) -> Path:
        return self._folder / f"worker-{place + 1}.log"

    def _failure(self, place: int, code: int) -> WorkerError:
        words = read_plain(self._log(place)).decode(errors="replace")[-_MOST_WORDS:].strip()
        reason = words.rpartition("error: ")[2] if code != 1 else f"\n{words}"
        return WorkerError(f"worker {place + 1}: {reason}", code)


class WorkerError(StoppedError):
    """A worker failed, with its exit code."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.exit_code = code


def read_storage() -> str | None:
    """The storage that a worker is told before all else."""
    told = bytearray()
    while (letter := os.read(sys.stdin.fileno(), 1)) not in (b"", b"\n"):  # none of what comes later
        told += letter
    return told.decode() or None


def stop_with_input() -> None:
    """Stop this process as by SIGTERM when its input ends."""

    def wait() -> None:
        os.read(sys.stdin.fileno(), 1)  # returns when the other end of the pipe is closed
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def _command(args: Namespace) -> list[str]:
    changes = [word for change in args.overrides for word in ("--set", change)]
    return [sys.executable, str(PROGRAM), "-c", args.config, "-s", args.search, *changes]
