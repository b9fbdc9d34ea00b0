"""Callbacks of every run: its summary, pictures and page, and what TensorBoard and t-SNE add."""
