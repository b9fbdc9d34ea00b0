"""Samplers, by Optuna."""
