"""Published experiments, run again: `python -m utils.experiments A`."""
