"""Training on several ranks: what they must have in common, and what those beside the first do."""
