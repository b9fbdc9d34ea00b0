"""Saying what is wrong with a class that somebody added."""

import inspect
import os
import traceback
from pathlib import Path


def defect(error: Exception, owner: type | None = None) -> str:
    """What was raised, and the file and line of it: the last one in the owner's file, if there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if owner is not None and frame.filename == inspect.getsourcefile(owner)]
    where = ""
    if frames and not isinstance(error, SyntaxError):  # which tells of its own place
        last = (own or frames)[-1]
        where = f" ({_short(last.filename)}, line {last.lineno})"
    return f"{type(error).__name__}: {error}{where}"


def _short(path: str) -> str:
    return os.path.relpath(path) if Path(path).is_relative_to(Path.cwd()) else path
