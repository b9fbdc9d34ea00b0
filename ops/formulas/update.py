"""From the gradients of shards to new parameters."""


class Updates:
    """From the gradients of shards to new parameters."""
