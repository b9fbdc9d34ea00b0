"""Samples without targets: files of any kind, read block by block as a trained network takes them."""
