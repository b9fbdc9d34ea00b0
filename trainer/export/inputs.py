"""The way from samples as they are stored to what a network takes, as ONNX nodes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from base.preprocessing import ColumnCoding, Preprocessing
from base.types import Shape
from model.export.graph import Graph
from model.export.values import ML, Value

ONE_INPUT = "input"


def inputs_of(known: Preprocessing | None, input_shape: Shape, dtype: np.dtype) -> list[Value]:
    """The inputs of a model: an array of samples as they are stored, or where there are texts one for each column."""
    if known is None:
        return [Value(ONE_INPUT, dtype, input_shape)]
    if known.columns is None:
        return [Value(ONE_INPUT, _stored(known, dtype), input_shape)]
    double, text = np.dtype(np.float64), np.dtype(np.str_)
    if not _has_texts(known.columns):
        return [Value(ONE_INPUT, double, (len(known.columns),))]
    return [Value(column.name, double if column.categories is None else text, (1,)) for column in known.columns]


def append_preprocessing(graph: Graph, known: Preprocessing | None, input_shape: Shape) -> str:
    """Append what is done with the inputs to a graph, and return the name of the network's input."""
    if known is None:
        return ONE_INPUT
    x = ONE_INPUT
    if known.columns is not None:
        x = _coded(graph, known.columns) if _has_texts(known.columns) else _filled(graph, ONE_INPUT, known.columns)
        if len(input_shape) > 1:
            x = graph.node("Reshape", x, np.array([0, *input_shape], np.int64))
    if known.normalize is None:
        x = graph.cast(x, graph.dtype)
        if known.scale not in (None, 1.0):
            x = graph.node("Div", x, np.array(known.scale))
    else:  # in float64 and rounded once, as when it was trained
        assert known.offset is not None
        assert known.divisor is not None
        centred = graph.node("Sub", graph.cast(x, np.float64), graph.exact(known.offset, "offset"))
        x = graph.cast(graph.node("Div", centred, graph.exact(known.divisor, "divisor")), graph.dtype)
    return x


def _stored(known: Preprocessing, dtype: np.dtype) -> np.dtype:
    """The type in which samples are stored."""
    if known.scale is None and known.normalize is None:
        return dtype
    if known.dtype is None:
        return np.dtype(np.uint8) if known.scale == 255 else dtype
    stored = np.dtype(known.dtype).newbyteorder("=")
    return np.dtype(np.float64) if stored.itemsize > 8 else stored


def _has_texts(columns: Sequence[ColumnCoding]) -> bool:
    return any(column.categories is not None for column in columns)


def _filled(graph: Graph, x: str, columns: Sequence[ColumnCoding]) -> str:
    """Columns of numbers, without gaps where there is something to fill them with."""
    fills = np.array([[np.nan if column.fill is None else float(column.fill) for column in columns]])
    if np.isnan(fills).all():
        return x
    return graph.node("Where", graph.node("IsNaN", x), graph.exact(fills, "fill"), x)


def _coded(graph: Graph, columns: Sequence[ColumnCoding]) -> str:
    """Columns (N, 1) of numbers and texts as one array of numbers."""
    parts = [
        _filled(graph, column.name, [column]) if column.categories is None else _categories(graph, column)
        for column in columns
        if column.names
    ]
    return graph.node("Concat", *parts, axis=1)


def _categories(graph: Graph, column: ColumnCoding) -> str:
    """The place of each text among the categories, -1 for others, or one-hot, zeros for others."""
    known = column.categories or ()
    places = {text: place for place, text in enumerate(known)}
    gap = places.get(str(column.fill), -1) if column.fill is not None else places.get("", -1)
    keys = [text for text in known if text]
    codes = graph.node(
        "LabelEncoder",
        column.name,
        domain=ML,
        keys_strings=["", *keys],
        values_int64s=[gap, *(places[text] for text in keys)],
        default_int64=-1,
    )
    if column.one_hot:
        codes = graph.node("Equal", codes, np.arange(len(known), dtype=np.int64)[None])
    return graph.cast(codes, np.float64)
