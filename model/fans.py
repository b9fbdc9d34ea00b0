"""Fan-in and fan-out of weights."""

from math import prod

from base.types import Shape


def fans(shape: Shape) -> tuple[int, int]:
    """(fan_in, fan_out) of Linear weights (in, out) and of kernels (k, k, in, out).

    >>> fans((784, 256)), fans((3, 3, 16, 32))
    ((784, 256), (144, 288))
    """
    if len(shape) < 2:
        raise ValueError(f"He and Xavier initialisation need a weight of two axes or more, got shape {shape}")
    window = prod(shape[:-2])
    return window * shape[-2], window * shape[-1]
