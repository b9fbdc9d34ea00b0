"""Metrics: functions that score each sample, or classes that need all samples."""
