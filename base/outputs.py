"""Interpretation of a network's outputs (logits, probabilities, ...), which its loss decides."""

from typing import Literal

import numpy as np

from base.types import Array

Meaning = Literal["numbers", "margins", "logits", "probabilities", "log_probabilities"]

PROBABILISTIC = ("logits", "probabilities", "log_probabilities")  # what probabilities of classes can be had of
_CENTRED = ("margins", "logits")


def predicted_classes(outputs: Array, meaning: Meaning) -> Array:
    """Predicted classes (N,): argmax over C, or whether a single output exceeds its threshold.

    The threshold is 0 for margins and logits, else 0.5.

    >>> predicted_classes(np.array([[-0.1], [0.3]]), "logits").tolist()
    [0, 1]
    """
    if outputs.shape[1] > 1:
        return np.asarray(outputs.argmax(axis=1))
    return (outputs[:, 0] > (0.0 if meaning in _CENTRED else 0.5)).astype(np.int64)


def class_probabilities(outputs: Array, meaning: Meaning) -> Array | None:
    """Class probabilities (N, C) of outputs (N, C), or (N, 2) of a single output; None where these are no such."""
    if meaning not in PROBABILISTIC:
        return None
    if outputs.shape[1] == 1:
        outputs = np.hstack([np.zeros_like(outputs) if meaning == "logits" else 1 - outputs, outputs])
    if meaning == "probabilities":
        return outputs
    powers = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
