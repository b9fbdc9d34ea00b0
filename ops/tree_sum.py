"""The order of sums over shards."""

from collections.abc import Sequence
from typing import Any


def tree_sum(terms: Sequence[Any]) -> Any:
    """((0 + 1) + (2 + 3)) + ..., a fixed binary tree: split at the largest power of two below the count.

    So whoever has terms 4 to 7 can add them alone, and no bit changes.

    >>> tree_sum(["a", "b", "c", "d", "e", "f", "g"])
    'abcdefg'
    """
    if len(terms) == 1:
        return terms[0]
    middle = split_point(len(terms))
    return tree_sum(terms[:middle]) + tree_sum(terms[middle:])


def split_point(count: int) -> int:
    """The largest power of two below the count.

    >>> [split_point(count) for count in (2, 3, 4, 5, 8, 9)]
    [1, 2, 2, 4, 4, 8]
    """
    return 1 << ((count - 1).bit_length() - 1)
