"""Networks and what they are made of; each folder is a family whose modules are found by name from the config."""
