"""Networks that a config can name."""
