"""What each operation computes, in plain NumPy that reads as the formula: what kernels are tested against."""
