"""Checks of a config, its layers and data before training, and of a step after it."""
