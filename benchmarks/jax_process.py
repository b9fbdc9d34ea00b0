"""JAX's step in a process of its own: a process must not fork beside JAX's threads, and ours does."""

import multiprocessing
from multiprocessing.connection import Connection

from benchmarks.steps import milliseconds


class JaxProcess:
    """Times the step of `jax_step` when asked."""

    def __init__(self, sizes: list[int], batch: int, optimizer: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._asking, answering = context.Pipe()
        context.Process(target=_serve, args=(answering, sizes, batch, optimizer), daemon=True).start()

    def milliseconds(self, steps: int) -> float:
        """The mean time of a step over some, after a few that are not counted."""
        self._asking.send(steps)
        taken: float = self._asking.recv()
        return taken

    def close(self) -> None:
        """End the process."""
        self._asking.send(None)


def _serve(connection: Connection, sizes: list[int], batch: int, optimizer: str) -> None:
    from benchmarks.jax_step import jax_step

    step = jax_step(sizes, batch, optimizer)
    while (steps := connection.recv()) is not None:
        connection.send(milliseconds(step, steps))
