"""Softmax, its logarithm, and cross-entropy."""


class Softmaxes:
    """Softmax, its logarithm, and cross-entropy."""
