"""Forward and backward hooks of layers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.types import Array

AfterCall = Callable[[str, Array, Any], None]  # the layer's name, its argument, its result
BeforeCall = Callable[[str, Array], None]  # the layer's name, its argument


@contextmanager
def layer_hooks(
    model: BaseModel, after_forward: AfterCall, after_backward: AfterCall, before: BeforeCall = lambda *_: None
) -> Iterator[None]:
    """Context manager: the hooks are called for the forward and backward of every layer that contains no others.

    `before` is called before either.
    """
    with ExitStack() as stack:
        for name, layer in model.leaves():
            stack.enter_context(_shadowed(layer, "forward", name, after_forward, before))
            stack.enter_context(_shadowed(layer, "backward", name, after_backward, before))
        yield


@contextmanager
def _shadowed(layer: BaseLayer, method: str, name: str, after: AfterCall, before: BeforeCall) -> Iterator[None]:
    original = getattr(layer, method)

    def hooked(argument: Array) -> Array | None:
        before(name, argument)
        result: Array | None = original(argument)
        after(name, argument, result)
        return result

    layer.__dict__[method] = hooked  # shadows the method on this one instance
    try:
        yield
    finally:
        del layer.__dict__[method]
