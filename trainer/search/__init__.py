"""Looking for good settings."""
