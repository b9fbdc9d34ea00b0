"""Stored samples as scaled numbers."""


class Inputs:
    """Stored samples as scaled numbers."""
