"""Styles and scripts that pages hold."""

import base64
import hashlib
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def asset(name: str) -> str:
    """The text of a style or script by its path in this folder."""
    return (_HERE / name).read_text(encoding="utf-8")


def script_hash(script: str) -> str:
    """What allows this one script to run: no other does, even if text of a run could get into the page as one."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
