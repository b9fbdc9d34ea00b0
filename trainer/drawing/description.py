"""The description of a network for a page."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

import numpy as np

from base.base_layer import BaseLayer
from base.errors import UserError
from base.preprocessing import Preprocessing
from base.types import Array
from model.browser.descriptions import describe
from model.receptive_field import ReceptiveField, receptive_fields
from trainer.drawing.inputs import Fields, Pixels
from trainer.predictor import Predictor
from utils.memory import size_text

MOST_BYTES = 2**26  # of weights within a page: a browser holds them several times


def description_of(predictor: Predictor, inputs: Pixels | Fields) -> dict[str, Any]:
    """Names, shapes and receptive fields, as plain values."""
    fields = receptive_fields(predictor.model)
    return {
        "name": predictor.settings.name,
        "checkpoint": predictor.path.name,
        "epoch": predictor.checkpoint.meta["epoch"],
        "input": inputs.description(),
        "classes": predictor.classes,
        "meaning": predictor.meaning,
        "has_probabilities": predictor.has_probabilities,
        "layers": [_layer(name, layer, fields[name]) for name, layer in predictor.model.leaves()],
        "network": None,
    }


def with_network(predictor: Predictor, description: dict[str, Any]) -> dict[str, Any]:
    """The same with all that a page needs to compute by itself. Raises UserError where it cannot."""
    model = predictor.model
    size = model.values.nbytes + model.buffers.nbytes
    if size > MOST_BYTES:
        raise UserError(f"{predictor.path}: has weights of {size_text(size)}, too many for a page; leave -o out")
    root, arrays = describe(model)
    network = {
        "root": root,
        "arrays": {name: array_description(values) for name, values in arrays.items()},
        "input_shape": model.input_shape,
        "dtype": str(model.values.dtype),
        "preprocessing": _preprocessing(predictor.preprocessing),
    }
    return description | {"network": network}


def array_description(values: Array) -> dict[str, Any]:
    """An array as text: its numbers' bytes, the lowest first, in base64."""
    plain = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return {"shape": values.shape, "dtype": str(values.dtype), "data": base64.b64encode(plain.tobytes()).decode()}


def _layer(name: str, layer: BaseLayer, field: ReceptiveField | None) -> dict[str, Any]:
    weight = layer.parameters.get("weight")
    return {
        "name": name,
        "type": type(layer).__name__,
        "shape": layer.output_shape,
        "input_shape": layer.input_shape,
        "field": None if field is None else asdict(field),
        "weight": None if weight is None or len(weight.shape) < 2 else weight.shape,
    }


def _preprocessing(known: Preprocessing) -> dict[str, Any]:
    """Offset and divisor of stored numbers: one number each, or one a feature."""
    if known.offset is not None and known.divisor is not None:
        return {"offset": known.offset.reshape(-1).tolist(), "divisor": known.divisor.reshape(-1).tolist()}
    return {"offset": [0.0], "divisor": [known.scale or 1.0]}
