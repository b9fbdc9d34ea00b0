"""Naming the layer in whose code something was raised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.errors import StoppedError, UserError, defect


@contextmanager
def layer_error_context(model: BaseModel) -> Iterator[None]:
    """A time in which what forward or backward of a layer raises becomes a UserError that says where."""
    try:
        yield
    except (StoppedError, MemoryError):
        raise
    except Exception as error:
        found = _innermost(model, error)
        if found is None:
            raise
        layer, method = found
        raise UserError(f"{who(model, layer)}: {method} raised {defect(error, type(layer))}") from error


def who(model: BaseModel, layer: BaseLayer) -> str:
    """A layer by name and class."""
    name = next((name for name, one in model.named_layers() if one is layer), "")
    return f"layer {name} ({type(layer).__name__})"


def _innermost(model: BaseModel, error: Exception) -> tuple[BaseLayer, str] | None:
    """The layer whose method, and which, the error came through last."""
    layers = {id(layer): layer for _, layer in model.named_layers()}
    found: tuple[BaseLayer, str] | None = None
    trace = error.__traceback__
    while trace:
        layer = layers.get(id(_first_argument(trace.tb_frame)))
        if layer and (found is None or layer is not found[0]):
            found = layer, trace.tb_frame.f_code.co_name
        trace = trace.tb_next
    return found


def _first_argument(frame: FrameType) -> object:
    """The object that a method calls self, if the frame is a method's."""
    names = frame.f_code.co_varnames[: frame.f_code.co_argcount]
    return frame.f_locals.get(names[0]) if names else None
