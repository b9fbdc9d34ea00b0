"""The ranks that this process belongs to."""

from __future__ import annotations

import logging
import os
import sys

from base.errors import UserError
from utils.ranks.ranks import Alone, Ranks

_SIZES = ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "MV2_COMM_WORLD_SIZE")  # what launchers tell those that they start
_NUMBERS = ("PMI_RANK", "OMPI_COMM_WORLD_RANK", "MV2_COMM_WORLD_RANK", "PMIX_RANK")

_current: Ranks = Alone()


def current() -> Ranks:
    """The ranks of this process: itself alone until it has joined others."""
    return _current


def join() -> Ranks:
    """Join the other processes where an MPI launcher, such as mpiexec, has started this one with others.

    Raises UserError where mpi4py is missing, or belongs to another MPI than the launcher.
    """
    global _current
    if _number(_SIZES, 1) == 1 and "PMIX_RANK" not in os.environ:
        return _current
    try:
        size = _world_size()
    except (ImportError, RuntimeError) as error:
        raise _only_once(
            UserError(f'MPI has started this program, which needs mpi4py for it: pip install -e ".[mpi]" ({error})')
        ) from error
    expected = _number(_SIZES, size)
    if size != expected:
        raise _only_once(
            UserError(
                f"the launcher has started {expected} processes and mpi4py finds {size}: they belong to two kinds of "
                f"MPI; start it with the mpiexec of the MPI that mpi4py was installed with"
            )
        )
    if size > 1:
        from utils.ranks.mpi import MpiRanks

        _current = MpiRanks()
        if not _current.is_first:
            _be_silent()
    return _current


def refuse_ranks(program: str) -> None:
    """Raise UserError where an MPI launcher has started several processes of a program that is one alone."""
    count = _number(_SIZES, 1)
    if count > 1:
        raise _only_once(UserError(f"{program} runs in one process, and MPI has started {count}: start it without MPI"))


def _world_size() -> int:
    import mpi4py

    mpi4py.rc.thread_level = "funneled"
    from mpi4py import MPI

    return MPI.COMM_WORLD.size


def _number(names: tuple[str, ...], default: int) -> int:
    return next((int(os.environ[name]) for name in names if os.environ.get(name, "").isdecimal()), default)


def _only_once(error: UserError) -> UserError:
    """An error that every process meets, of which only the first speaks."""
    if _number(_NUMBERS, 0):
        _be_silent()
    return error


def _be_silent() -> None:
    """Print nothing; only what the system or MPI itself writes is seen."""
    logging.disable(logging.CRITICAL)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the process ends
