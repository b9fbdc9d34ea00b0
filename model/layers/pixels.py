"""Images whose pixels are moved whole."""

import numpy as np

from base.types import Array


def pixels(x: Array) -> Array:
    """A view of (..., C) as (...) whose items are pixels of C numbers each.

    Copied from place to place they take half the time of numbers, of which NumPy would start a loop for each pixel.
    """
    view: Array = x.view(np.dtype((np.void, x.shape[-1] * x.itemsize)))
    return view[..., 0]
