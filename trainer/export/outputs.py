"""The way from a network's outputs to probabilities and labels, as ONNX nodes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from base.outputs import PROBABILISTIC, Meaning
from base.types import Shape
from model.export.graph import Graph
from model.export.values import Value


def outputs_of(
    output_shape: Shape, dtype: np.dtype, meaning: Meaning, classes: Sequence[str] | None, numbers: bool
) -> list[Value]:
    """The outputs of a model: the numbers that it predicts, or labels and the classes' probabilities or scores.

    Labels are the names of the classes, where these are known.
    """
    if numbers:
        return [Value("output", dtype, output_shape)]
    label = Value("label", np.dtype(np.int64 if classes is None else np.str_), ())
    if meaning in PROBABILISTIC:
        return [label, Value("probabilities", dtype, (max(output_shape[0], 2),))]
    return [label, Value("scores", dtype, output_shape)]


def append_outputs(
    graph: Graph, y: str, output_shape: Shape, meaning: Meaning, classes: Sequence[str] | None, names: Sequence[str]
) -> None:
    """Append what is made of the network's outputs, which are called `names`: of one, the outputs as they are."""
    if len(names) == 1:
        graph.node("Identity", y, output=names[0])
        return
    label, figures = names
    if classes is None:
        graph.node("Identity", _classes(graph, y, output_shape, meaning), output=label)
    else:
        graph.node(
            "Gather", graph.constant(classes, "classes"), _classes(graph, y, output_shape, meaning), output=label
        )
    graph.node("Identity", _figures(graph, y, output_shape, meaning), output=figures)


def _classes(graph: Graph, y: str, output_shape: Shape, meaning: Meaning) -> str:
    """The predicted classes, as base.outputs.predicted_classes says."""
    if output_shape[0] > 1:
        return graph.node("ArgMax", y, axis=1, keepdims=0)
    threshold = np.array(0.0 if meaning in ("margins", "logits") else 0.5)
    exceeds = graph.node("Greater", graph.node("Squeeze", y, np.array([1], np.int64)), threshold)
    return graph.cast(exceeds, np.int64)


def _figures(graph: Graph, y: str, output_shape: Shape, meaning: Meaning) -> str:
    """The probabilities, as base.outputs.class_probabilities says, or the outputs where these are no such."""
    if meaning not in PROBABILISTIC:
        return y
    if output_shape[0] == 1:
        y = _with_other(graph, y, meaning)
    return y if meaning == "probabilities" else graph.node("Softmax", y, axis=1)


def _with_other(graph: Graph, y: str, meaning: Meaning) -> str:
    """A single output behind that of the other class: 0, or 1 - y."""
    if meaning == "logits":
        return graph.node("Pad", y, np.array([0, 1, 0, 0], np.int64))
    return graph.node("Concat", graph.node("Sub", np.array(1.0), y), y, axis=1)
