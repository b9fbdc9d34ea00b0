"""From the gradients of shards to new parameters, compiled."""

from ops.formulas.update import Updates


class CompiledUpdates(Updates):
    """From the gradients of shards to new parameters."""
