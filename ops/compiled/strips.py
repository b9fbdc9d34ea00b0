"""Rows of a few numbers, worked on in whole vectors.

A strip is several rows looked at as one long row, so that a vector need not end with a row. What is known for each
channel is repeated along a strip; what is summed for each channel is summed for each position of a strip, in chains of
CHAIN strips, and then folded: its second half is added to its first until one row is left. Chains are added in order.
None of that depends on the length of a vector. Arrays that are as long as a strip have room for a vector more, as the
last one may reach over the end.
"""

from ops.compiled.kernel import subroutine
from ops.compiled.vector import lanes_of, load, load_part, store, store_part

CHAIN = 64
_LENGTH = 256  # the least numbers of a strip


@subroutine
def strip_length(channels):
    """The length of a strip: a power of two of rows."""
    length = channels
    while length < _LENGTH:
        length *= 2
    return length


@subroutine
def fill(array, start, end, value):
    """Write a number to a part of an array of one axis."""
    for index in range(start, end):
        array[index] = value


@subroutine
def copy_on(array, start, known, length):
    """Repeat the first numbers of a part of an array of one axis until it is full."""
    for index in range(start + known, start + length):
        array[index] = array[index - known]


@subroutine
def add_strips(array, start, end, length, chain):
    """Add strips of an array of one axis, the last of which may be shorter, to a chain for each position."""
    lanes = lanes_of(array)
    for begun in range(start, end, length):
        whole = in_vectors(array, begun, end, length)
        for position in range(0, whole, lanes):
            store(chain, position, load(chain, position) + load(array, begun + position))
        for position in range(whole, min(length, end - begun)):
            chain[position] += array[begun + position]


@subroutine
def fold(strip, length, channels):
    """Add the rows of a strip up, in its first."""
    while length > channels:
        length //= 2
        for position in range(length):
            strip[position] += strip[length + position]


@subroutine
def in_vectors(array, start, end, length):
    """The part of a strip that is worked on as vectors.

    The last vector may reach over the end of a whole strip, into the next, but not over that of the last or the array.
    """
    lanes = lanes_of(array)
    rounded = (length + lanes - 1) // lanes * lanes
    if start + length <= end and start + rounded <= array.size:
        return rounded
    return min(length, end - start) // lanes * lanes


@subroutine
def load_within(array, index):
    """`load`, with zeros for what lies over the array's end."""
    return load(array, index) if index + lanes_of(array) <= array.size else load_part(array, index, array.size - index)


@subroutine
def store_within(array, index, value):
    """`store` of what does not lie over the array's end."""
    if index + lanes_of(array) <= array.size:
        store(array, index, value)
    else:
        store_part(array, index, value, array.size - index)
