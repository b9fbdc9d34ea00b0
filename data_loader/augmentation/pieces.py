"""Batches in pieces."""

from collections.abc import Iterator

_NUMBERS = 2**14  # in a piece: arrays of that size stay in the cache, and take memory that was used before


def pieces(count: int, size: int) -> Iterator[slice]:
    """Cuts of so many samples that have so many numbers each.

    >>> list(pieces(5, 8000))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 6, None)]
    """
    step = max(_NUMBERS // max(size, 1), 1)
    return (slice(start, start + step) for start in range(0, count, step))
