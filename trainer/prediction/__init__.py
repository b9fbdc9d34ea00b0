"""Predictions of trained networks, one or several together, and scores of several."""
