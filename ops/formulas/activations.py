"""Functions of each number by itself, and their derivatives."""


class Activations:
    """Functions of each number by itself, and their derivatives."""
