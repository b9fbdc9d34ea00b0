"""Checkpoints: what they hold, how they are written, found, validated and resumed from."""
