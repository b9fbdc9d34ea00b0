"""Stored samples as scaled numbers: NumPy's differences and quotients are exact already, and as fast as memory is."""

from ops.formulas.inputs import Inputs


class CompiledInputs(Inputs):
    """Stored samples as scaled numbers."""
