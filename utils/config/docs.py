"""Docstrings of components, split into summary and arguments."""

import inspect
import re
from typing import Any

ARGUMENT = re.compile(r"^(\w+): (.+(?:\n[ \t]+.+)*)", re.MULTILINE)


def summary(target: Any) -> str:
    """The first line of a docstring; empty where there is none."""
    return next(iter(inspect.cleandoc(target.__doc__ or "").splitlines()), "")


def paragraphs(target: Any) -> list[str]:
    """The paragraphs of a docstring, without its "name: text" lines."""
    text = ARGUMENT.sub("", inspect.cleandoc(target.__doc__ or ""))
    return [paragraph.strip() for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip()]


def argument_texts(target: Any) -> dict[str, str]:
    """The "name: text" lines of a docstring, with those of the classes that it is derived from."""
    texts: dict[str, str] = {}
    for owner in reversed(getattr(target, "__mro__", (target,))):
        found = ARGUMENT.findall(inspect.cleandoc(owner.__doc__ or ""))
        texts |= {name: " ".join(text.split()) for name, text in found}
    return texts
