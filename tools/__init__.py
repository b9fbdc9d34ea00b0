"""Programs that stand above training: python -m tools.NAME --help."""
