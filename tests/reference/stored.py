"""The stored reference values."""

from functools import cache
from pathlib import Path

import numpy as np

from base.types import Array

FOLDER = Path(__file__).parent


@cache
def _family(name: str) -> dict[str, Array]:
    with np.load(FOLDER / f"{name}.npz") as arrays:
        return dict(arrays)


def stored(family: str, case: object) -> dict[str, Array]:
    """The arrays stored for a case of a family, by name."""
    prefix = f"{case}/"
    found = {key.removeprefix(prefix): array for key, array in _family(family).items() if key.startswith(prefix)}
    assert found, f"no reference values for {case}; run python -m tests.reference.make"
    return found
