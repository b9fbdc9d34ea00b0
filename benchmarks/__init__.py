"""Measurements; each module's docstring says of what. NumPy gets the kernels that it has in train.py."""

from utils.blas_kernels import prefer_wide_kernels

prefer_wide_kernels()
