"""Scratch memory is used again within a thread, and never shared between threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from base.types import Array
from data_loader.augmentation.elastic_deformation import ElasticDeformation
from data_loader.augmentation.scratch import scratch


def test_the_same_memory_serves_smaller_arrays_and_other_types() -> None:
    first = scratch("test", (6, 4), np.float32)
    assert (first.shape, first.dtype.name) == ((6, 4), "float32")
    second = scratch("test", (3, 2), np.float64)
    assert (second.shape, second.dtype.name) == ((3, 2), "float64")
    assert np.shares_memory(first, second)


def test_other_names_have_other_memory() -> None:
    assert not np.shares_memory(scratch("test", (4,), np.float32), scratch("other", (4,), np.float32))


def test_larger_arrays_and_empty_ones_can_be_had() -> None:
    assert scratch("grow", (2,), np.float32).shape == (2,)
    assert scratch("grow", (1000, 3), np.float32).shape == (1000, 3)
    assert scratch("empty", (0, 3), np.float32).shape == (0, 3)


@pytest.mark.parametrize("count", [1, 100])
def test_threads_that_share_an_augmentation_do_not_disturb_each_other(count: int) -> None:
    change, start = ElasticDeformation(), Barrier(4)
    x = np.random.default_rng(1).random((count, 28, 28, 1), "float32")

    def deform(seed: int) -> list[Array]:
        start.wait()
        return [change.apply(x.copy(), np.random.default_rng(seed)) for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(deform, range(4)))
    for seed, results in enumerate(together):
        alone = change.apply(x.copy(), np.random.default_rng(seed))
        assert all(np.array_equal(result, alone) for result in results)
