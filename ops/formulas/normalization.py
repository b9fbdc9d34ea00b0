"""Batch and layer normalisation, forward and backward."""


class Normalizations:
    """Batch and layer normalisation, forward and backward."""
