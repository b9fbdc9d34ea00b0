"""Pooling of images, forward and backward."""


class Pooling:
    """Pooling of images, forward and backward."""
