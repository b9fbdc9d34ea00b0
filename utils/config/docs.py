"""What docstrings say about a component and its arguments."""

import inspect
import re
from typing import Any


def summary(target: Any) -> str:
    """The first line of a docstring; empty where there is none."""
    return next(iter(inspect.cleandoc(target.__doc__ or "").splitlines()), "")


def argument_texts(target: Any) -> dict[str, str]:
    """The "name: text" lines of a docstring, with those of the classes that it is derived from."""
    texts: dict[str, str] = {}
    for owner in reversed(getattr(target, "__mro__", (target,))):
        found = re.findall(r"^(\w+): (.+(?:\n[ \t]+.+)*)", inspect.cleandoc(owner.__doc__ or ""), re.MULTILINE)
        texts |= {name: " ".join(text.split()) for name, text in found}
    return texts
