"""Timing in a process of its own, for sides whose threads, imports or settings would disturb the others."""

import multiprocessing
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.steps import milliseconds


class OwnProcess:
    """Times the calls of a function that another function, named "module:function", makes there."""

    def __init__(self, maker: str, *args: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._asking, answering = context.Pipe()
        self._process = context.Process(target=_serve, args=(answering, maker, args), daemon=True)
        self._process.start()

    def milliseconds(self, calls: int, warm_up: int = 3) -> float:
        """The mean time of a call over some, after a few that are not counted."""
        self._asking.send((calls, warm_up))
        taken: float = self._asking.recv()
        return taken

    def close(self) -> None:
        """End the process."""
        self._asking.send(None)
        self._process.join()


def _serve(connection: Connection, maker: str, args: tuple[Any, ...]) -> None:
    module, name = maker.split(":")
    function = getattr(import_module(module), name)(*args)
    while (asked := connection.recv()) is not None:
        connection.send(milliseconds(function, *asked))
