"""Buffers are kept, and handed out in the size asked for."""

import numpy as np

from model.layers.activations import Identity


def test_a_smaller_batch_gets_the_front_of_the_same_memory() -> None:
    layer = Identity()
    large = layer.scratch("out", (6, 3), np.float64)
    small = layer.scratch("out", (2, 3), np.float64)
    assert small.shape == (2, 3)
    assert np.shares_memory(small, large[:2])
    assert np.shares_memory(layer.scratch("out", (6, 3), np.float64), large)


def test_what_does_not_fit_gets_new_memory() -> None:
    layer = Identity()
    held = layer.scratch("out", (4, 3), np.float32)
    others = [layer.scratch("grad", (4, 3), np.float32), layer.scratch("out", (5, 3), np.float32)]
    others += [layer.scratch("out", (5, 2), np.float32), layer.scratch("out", (5, 2), np.float64)]
    assert not any(np.shares_memory(other, held) for other in others)
    assert [(other.shape, other.dtype.name) for other in others[1:]] == [
        ((5, 3), "float32"),
        ((5, 2), "float32"),
        ((5, 2), "float64"),
    ]
