"""Callbacks: hooks at fixed points of training."""
