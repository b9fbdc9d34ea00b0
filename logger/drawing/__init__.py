"""The page to draw on."""
