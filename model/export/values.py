"""Inputs and outputs of an ONNX model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from base.types import Shape

if TYPE_CHECKING:
    from onnx import ValueInfoProto

ML = "ai.onnx.ml"  # the operators for what is no tensor arithmetic, such as looking texts up


@dataclass(frozen=True)
class Value:
    """An input or output of a model: its name, its type, and its shape without the batch."""

    name: str
    dtype: np.dtype
    shape: Shape

    def __str__(self) -> str:
        kind = "string" if self.dtype.kind == "U" else self.dtype.name
        return f"{self.name}: {kind} ({', '.join(map(str, ('N', *self.shape)))}{'' if self.shape else ','})"


def value_infos(values: Sequence[Value]) -> list[ValueInfoProto]:
    """The declarations of inputs or outputs, for batches of any size N."""
    from onnx import TensorProto, helper

    return [
        helper.make_tensor_value_info(
            value.name,
            TensorProto.STRING if value.dtype.kind == "U" else helper.np_dtype_to_tensor_dtype(value.dtype),
            ["N", *value.shape],
        )
        for value in values
    ]
