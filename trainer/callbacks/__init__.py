"""Callbacks: hooks at fixed points of training. Early stopping is none of them: see base/monitor.py."""
