"""Batch and layer normalisation, forward and backward, compiled."""

from ops.formulas.normalization import Normalizations


class CompiledNormalizations(Normalizations):
    """Batch and layer normalisation, forward and backward."""
