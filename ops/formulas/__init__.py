"""Operations in plain NumPy that read as their formulas: the reference of the kernels' tests."""
