"""Callbacks that a config names. Those of every run are in trainer/reporting/; early stopping is in base/monitor.py."""
