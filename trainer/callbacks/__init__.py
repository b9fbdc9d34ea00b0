"""What some runs do besides training."""
