"""Images read between their pixels."""


class Resampling:
    """Images read between their pixels."""
