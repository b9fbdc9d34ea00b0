"""Paths as people write them."""

import os
import re
from pathlib import Path

_VARIABLE = re.compile(r"\$(?:(\w+)|\{([^}]*)\})")


def expanded(text: str) -> str:
    """A path in which ~, ~USER, $NAME and ${NAME} stand for what they do in a shell, so that no folder is called so.

    One with a $ that exists as it is written stays. Raises ValueError for a variable that is not set, and for a ~
    that stands for nothing.
    """
    if "$" in text and os.path.lexists(text):
        return text
    for name in (word or braced for word, braced in _VARIABLE.findall(text)):
        if not os.environ.get(name):
            raise ValueError(f"{text}: the environment variable {name} is not set; set it, or write out the path")
    path = os.path.expanduser(os.path.expandvars(text))
    if path.startswith("~"):
        raise ValueError(
            f"{text}: nobody here is called {Path(path).parts[0][1:]!r}; for a file of that name write ./{path}"
        )
    if "~" in Path(path).parts and not os.path.lexists(path):
        raise ValueError(f"{text}: ~ is the home folder only where it stands first; write out the path")
    return path
