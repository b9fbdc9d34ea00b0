"""Values of Python programs as a config holds them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """The value as JSON has it: of NumPy's scalars and arrays numbers and lists, of tuples lists, of paths texts.

    >>> plain({"lr": np.float64(0.5), "sizes": (4, 8)})
    {'lr': 0.5, 'sizes': [4, 8]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return str(value) if isinstance(value, Path) else value
