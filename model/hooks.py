"""Forward and backward hooks."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.types import Array

See = Callable[[str, Array, Any], None]  # a layer's name, what it was given, what it made of it
Given = Callable[[str, Array], None]


@contextmanager
def layer_hooks(model: BaseModel, output: See, gradient: See, given: Given = lambda *_: None) -> Iterator[None]:
    """A time in which each layer's forward and backward show what they are given and make.

    `given` sees what either is given before it is called.
    """
    with ExitStack() as stack:
        for name, layer in model.leaves():
            stack.enter_context(_shadowed(layer, "forward", name, output, given))
            stack.enter_context(_shadowed(layer, "backward", name, gradient, given))
        yield


@contextmanager
def _shadowed(layer: BaseLayer, method: str, name: str, see: See, before: Given) -> Iterator[None]:
    original = getattr(layer, method)

    def shown(given: Array) -> Array | None:
        before(name, given)
        made: Array | None = original(given)
        see(name, given, made)
        return made

    layer.__dict__[method] = shown  # shadows the method on this one instance
    try:
        yield
    finally:
        del layer.__dict__[method]
