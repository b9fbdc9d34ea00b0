"""Messages on a path that leads to nothing."""

from collections.abc import Callable
from pathlib import Path

from utils.config.messages import nearest


def missing(path: Path, what: str = "file") -> str:
    """A sentence that the path leads to no such thing, where that was looked for, and what was probably meant."""
    pattern = "; a shell leaves a pattern as it is where no file fits it" if set("*?") & set(path.name) else ""
    return f"there is no such {what} (looked from {Path.cwd()}){similar(path) or pattern}"


def similar(path: Path, fits: Callable[[Path], bool] = lambda other: True) -> str:
    """The end of a message: the path in the same folder that is most like this one; "" where none is."""
    try:
        guess = nearest(path.name, [other.name for other in path.parent.iterdir() if fits(other)])
    except OSError:  # there is none, or it may be entered and not listed
        return ""
    return f"; did you mean {str(path.with_name(guess))!r}?" if guess else ""
