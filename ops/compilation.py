"""Observers of compilation, which takes some seconds the first time that a machine needs kernels."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Observer = Callable[[int, bool], None]

_observers: list[Observer] = []


@contextmanager
def observed_by(observer: Observer) -> Iterator[None]:
    """Tell `observer`, before and after each kernel, how many this process has compiled, and whether it goes on."""
    _observers.append(observer)
    try:
        yield
    finally:
        _observers.remove(observer)


def tell(done: int, goes_on: bool) -> None:
    """Tell all observers."""
    for observer in _observers:
        observer(done, goes_on)
