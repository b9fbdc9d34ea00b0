"""Softmax, its logarithm, and cross-entropy, compiled."""

from ops.formulas.softmax import Softmaxes


class CompiledSoftmaxes(Softmaxes):
    """Softmax, its logarithm, and cross-entropy."""
