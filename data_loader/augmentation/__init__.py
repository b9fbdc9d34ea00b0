"""Random changes to training data."""
