"""Images read between their pixels, compiled."""

from ops.formulas.resampling import Resampling


class CompiledResampling(Resampling):
    """Images read between their pixels."""
