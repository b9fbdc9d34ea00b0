"""Predictions of a trained network, and pictures of them and of its layers."""
