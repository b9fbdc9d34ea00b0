"""Tests need no PyTorch: the module that does is not looked into for doctests."""

collect_ignore = ["make.py"]
