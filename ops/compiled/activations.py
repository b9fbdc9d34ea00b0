"""Functions of each number by itself, and their derivatives, compiled."""

from ops.formulas.activations import Activations


class CompiledActivations(Activations):
    """Functions of each number by itself, and their derivatives."""
