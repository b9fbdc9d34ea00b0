"""Numbers in files that may hold anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def numbers(held: Mapping[str, Any]) -> dict[str, float]:
    """The numeric values of an object."""
    known = {name: number(value) for name, value in held.items()}
    return {name: value for name, value in known.items() if value is not None}


def count(value: object) -> int | None:
    """A finite number without what follows its decimal point, else None."""
    known = number(value)
    return int(known) if known is not None and math.isfinite(known) else None


def number(value: object) -> float | None:
    """A number, which may be nan or infinite, else None."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
