"""Memory that layers share."""

from threading import Thread

import numpy as np

from base.types import Array
from model.convolution.workspace import Workspace

FLOAT32, FLOAT64 = np.dtype("float32"), np.dtype("float64")


def test_a_smaller_array_of_any_type_lies_in_the_memory_of_the_larger() -> None:
    workspace = Workspace()
    large = workspace.array("sum", (4, 5), FLOAT64)
    small = workspace.array("sum", (3, 2), FLOAT32)
    assert (small.shape, small.dtype) == ((3, 2), FLOAT32)
    assert np.shares_memory(large, small)
    assert np.shares_memory(large, workspace.array("sum", (20,), FLOAT64))
    assert not np.shares_memory(large, workspace.array("product", (4, 5), FLOAT64))


def test_threads_do_not_share_it() -> None:
    workspace = Workspace()
    found: list[Array] = []
    thread = Thread(target=lambda: found.append(workspace.array("sum", (3,), FLOAT64)))
    thread.start()
    thread.join()
    assert not np.shares_memory(found[0], workspace.array("sum", (3,), FLOAT64))
