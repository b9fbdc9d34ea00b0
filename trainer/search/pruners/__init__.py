"""Pruners, by Optuna."""
