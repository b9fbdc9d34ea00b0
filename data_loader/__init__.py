"""Where samples come from, and how they are altered for training."""
