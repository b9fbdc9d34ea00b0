"""Pooling of images, forward and backward, compiled."""

from ops.formulas.pooling import Pooling


class CompiledPooling(Pooling):
    """Pooling of images, forward and backward."""
