"""Many cases in a process of limited memory and time."""

import random
import resource
import signal
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from base.errors import StoppedError
from tests.fuzz.cases import attacks, seeds

GIBIBYTE = 2**30
SECONDS = 10


def play(folder: Path, count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Read so many harmed files; returns how often each end was met, and a report of each that is a defect."""
    kinds, ends, defects = attacks(seeds(folder)), Counter[str](), []
    with _limited_memory(), warnings.catch_warnings():
        warnings.simplefilter("error")  # as a user sees of it a line of our code
        for number in range(count):
            draw = random.Random(f"{seed} {number}")
            start = time.perf_counter()
            try:
                with _limited_time():
                    kinds[number % len(kinds)](draw)
                ends["read"] += 1
            except StoppedError as error:
                ends[f"exit code {error.exit_code}"] += 1
                if error.exit_code != 2 or not str(error) or isinstance(error.__context__, MemoryError):
                    defects.append(f"case {number}: exit code {error.exit_code}: {error}")
            except BaseException:
                ends["defect"] += 1
                defects.append(f"case {number}, {time.perf_counter() - start:.1f} s:\n{traceback.format_exc(limit=-6)}")
    return ends, defects


@contextmanager
def _limited_memory() -> Iterator[None]:
    """No more than a GiB beyond what is mapped already, for libraries and the stacks of their threads."""
    mapped = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (mapped + GIBIBYTE, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@contextmanager
def _limited_time() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise TimeoutError(f"took longer than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
