"""Stored samples as scaled numbers, compiled."""

from ops.formulas.inputs import Inputs


class CompiledInputs(Inputs):
    """Stored samples as scaled numbers."""
