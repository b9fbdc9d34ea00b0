"""Errors raised in a layer's code become messages that name the layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from base.base_layer import BaseLayer
from base.base_model import BaseModel
from base.errors import StoppedError, UserError, defect


@contextmanager
def layer_error_context(model: BaseModel) -> Iterator[None]:
    """Context manager: an exception from a layer's forward or backward becomes a UserError that names the layer."""
    try:
        yield
    except (StoppedError, MemoryError):
        raise
    except Exception as error:
        found = _innermost(model, error)
        if found is None:
            raise
        layer, method = found
        raise UserError(f"{layer_label(model, layer)}: {method} raised {defect(error, type(layer))}") from error


def layer_label(model: BaseModel, layer: BaseLayer) -> str:
    """A layer's name and class, for messages."""
    name = next((name for name, one in model.named_layers() if one is layer), "")
    return f"layer {name} ({type(layer).__name__})"


def _innermost(model: BaseModel, error: Exception) -> tuple[BaseLayer, str] | None:
    """The innermost layer in the error's traceback, and the name of its method."""
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
    """The first argument of the frame's function: `self`, if it is a method."""
    names = frame.f_code.co_varnames[: frame.f_code.co_argcount]
    return frame.f_locals.get(names[0]) if names else None
