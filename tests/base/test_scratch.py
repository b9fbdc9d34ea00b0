"""Memory is used again, but never while something refers to it."""

import threading

import numpy as np
import pytest

from base import scratch
from base.scratch import LARGE, LINE, empty

NUMBERS = LARGE // 4


@pytest.fixture(autouse=True)
def no_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "_BLOCKS", scratch._Blocks())


def test_what_nothing_refers_to_is_used_again() -> None:
    address = empty((NUMBERS,), np.float32).ctypes.data
    again = empty((2, NUMBERS // 4), np.float64)
    assert (again.ctypes.data, again.shape, again.dtype) == (address, (2, NUMBERS // 4), np.float64)


def test_what_a_view_refers_to_is_kept() -> None:
    part = empty((2, NUMBERS), np.float32).T[3:, :1].reshape(-1)[5:]
    assert not np.shares_memory(empty((2, NUMBERS), np.float32), part)
    del part
    first = empty((2, NUMBERS), np.float32)
    assert not np.shares_memory(empty((2, NUMBERS), np.float32), first)
    assert len(scratch._BLOCKS.held) == 2


def test_the_smallest_that_fits_is_taken() -> None:
    large, small = empty((2 * NUMBERS,), np.float32), empty((3 * NUMBERS // 2,), np.float32)
    addresses = large.ctypes.data, small.ctypes.data
    del large, small
    held = [empty((NUMBERS,), np.float32), empty((NUMBERS,), np.float32)]
    assert [array.ctypes.data for array in held] == [addresses[1], addresses[0]]


def test_a_large_block_is_not_spent_on_a_small_array() -> None:
    address = empty((3 * NUMBERS,), np.float32).ctypes.data
    small = empty((NUMBERS,), np.float32)
    assert empty((3 * NUMBERS,), np.float32).ctypes.data == address
    assert small.ctypes.data != address


def test_blocks_that_are_not_taken_any_more_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch, "LONG", 5)
    kept = empty((NUMBERS,), np.float32)
    for factor in range(2, 40):
        empty((factor**2 * NUMBERS,), np.float32)
        assert len(scratch._BLOCKS.held) <= 7
    assert scratch._BLOCKS.held[0].size == kept.nbytes


def test_blocks_begin_with_a_cache_line() -> None:
    arrays = [empty((NUMBERS + extra,), np.float32) for extra in range(4)]
    assert [array.ctypes.data % LINE for array in arrays] == [0, 0, 0, 0]


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (5,), (NUMBERS, 0)])
def test_small_arrays_and_none_at_all(shape: tuple[int, ...]) -> None:
    array = empty(shape, np.float32)
    assert (array.shape, array.dtype) == (shape, np.float32)
    assert not scratch._BLOCKS.held


def test_threads_do_not_share_blocks() -> None:
    address, found = empty((NUMBERS,), np.float32).ctypes.data, []
    thread = threading.Thread(target=lambda: found.append(empty((NUMBERS,), np.float32).ctypes.data))
    thread.start()
    thread.join()
    assert found
    assert address not in found
