"""Choice of workers for this machine."""

import platform
import sys

from trainer.workers.processes import Processes
from trainer.workers.threads import Threads
from trainer.workers.workers import Workers


def make_workers(count: int) -> Workers:
    """Processes where forked ones work well and see each other's writes in order, threads elsewhere.

    Processes are faster for small networks: threads queue for the interpreter's lock (docs/performance.md).
    """
    forks = sys.platform == "linux" and platform.machine() == "x86_64"
    return Processes(count) if forks and count > 1 else Threads(count)
