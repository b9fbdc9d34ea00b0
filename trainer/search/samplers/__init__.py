"""What chooses the settings that a search tries."""
