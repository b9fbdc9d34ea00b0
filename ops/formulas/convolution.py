"""Convolution of images and its gradients."""


class Convolutions:
    """Convolution of images and its gradients."""
