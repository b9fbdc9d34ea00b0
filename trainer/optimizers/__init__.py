"""Rules that update parameters."""
