"""Seeing what goes through the layers of a network."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.types import Array

See = Callable[[str, Array], None]


@contextmanager
def watching(model: BaseModel, output: See, gradient: See) -> Iterator[None]:
    """A time in which each layer's output, and the gradient that it passes down, are shown with the layer's name."""
    with ExitStack() as stack:
        for name, layer in model.leaves():
            stack.enter_context(_shadowed(layer, "forward", name, output))
            stack.enter_context(_shadowed(layer, "backward", name, gradient))
        yield


@contextmanager
def _shadowed(layer: BaseLayer, method: str, name: str, see: See) -> Iterator[None]:
    original = getattr(layer, method)

    def shown(given: Array) -> Array | None:
        made: Array | None = original(given)
        if made is not None:
            see(name, made)
        return made

    layer.__dict__[method] = shown  # shadows the method on this one instance
    try:
        yield
    finally:
        del layer.__dict__[method]
