"""Choice of workers for this machine, or these machines."""

import platform
import sys

from trainer.workers.processes import Processes
from trainer.workers.threads import Threads
from trainer.workers.workers import Workers
from utils.ranks.current import current


def make_workers(count: int) -> Workers:
    """Processes where forked ones work well and see each other's writes in order, threads elsewhere.

    Processes are faster for small networks: threads queue for the interpreter's lock (docs/performance.md). Who trains
    with others on MPI has threads, as a process in which MPI has begun must not be forked.
    """
    if current().size > 1:
        from trainer.workers.mpi import MpiWorkers  # only now: mpi4py is an extra

        return MpiWorkers(count)
    forks = sys.platform == "linux" and platform.machine() == "x86_64"
    return Processes(count) if forks and count > 1 else Threads(count)
