"""A limit on what deflated data, of ZIP archives and .gz files, may unpack to."""

from utils.memory import size_text

_MOST = 1032  # bytes that one byte can stand for
_BOMB_BYTES, _BOMB_RATIO = 2**28, 100  # what is larger, and grows more than so many times, is taken for a bomb


def check_unpacked_size(packed: int, unpacked: int) -> None:
    """Raise ValueError where so many bytes cannot be, or should not be, unpacked of so few."""
    if unpacked > _MOST * packed:
        raise ValueError(f"it should have {unpacked} bytes, more than a file of {packed} bytes can hold; it is damaged")
    if unpacked > max(_BOMB_BYTES, _BOMB_RATIO * packed):
        raise ValueError(
            f"it unpacks from {size_text(packed)} to {size_text(unpacked)}, as no data do but a bomb; if it is none, "
            "store it without compression"
        )
