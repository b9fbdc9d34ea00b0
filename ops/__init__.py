"""The operations that a training step is made of, twice: NumPy defines them, compiled kernels run them fast."""
