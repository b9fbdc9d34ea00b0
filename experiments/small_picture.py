"""Pictures for pages that are kept in the repository."""

from pathlib import Path

from utils.files import SAVE_DIR, writing

_COLORS = 256  # a palette: a third of the size


def copy_small(source: Path, target: Path, other: str = SAVE_DIR) -> None:
    """Copy a PNG with at most 256 colours. Raises WriteError, which advises `other` where that fails."""
    from PIL import Image  # only now: a line of usage should not wait for it

    with Image.open(source) as image:
        small = image.convert("RGB").quantize(_COLORS)
    with writing(target, other):
        small.save(target, optimize=True)
