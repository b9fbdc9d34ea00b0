"""Convolution of images and its gradients, compiled."""

from ops.formulas.convolution import Convolutions


class CompiledConvolutions(Convolutions):
    """Convolution of images and its gradients."""
