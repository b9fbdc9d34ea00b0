"""The state of an object as nested dicts of arrays and JSON values: what a checkpoint holds of it.

Whatever later results depend on has `state_dict()`, whose arrays are views, and `load_state_dict(state)`, which raises
CheckpointError, listing each difference, where a state does not fit the object.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from base.errors import CheckpointError
from base.types import Array

State = dict[str, Any]


def arrays_of(state: State) -> dict[str, Array]:
    """The arrays of a state by path.

    >>> list(arrays_of({"model": {"linear1.bias": np.zeros(3)}, "step": 7}))
    ['model/linear1.bias']
    """
    arrays: dict[str, Array] = {}
    for key, value in state.items():
        if isinstance(value, np.ndarray):
            arrays[key] = value
        elif isinstance(value, dict):
            arrays |= {f"{key}/{path}": array for path, array in arrays_of(value).items()}
    return arrays


def differences(own: State, held: State) -> list[str]:
    """The arrays that only one of two states has, or that differ in shape or type."""
    forms = [{path: f"{array.shape} {array.dtype}" for path, array in arrays_of(one).items()} for one in (own, held)]
    return [
        f"{path}: the model has {forms[0].get(path, 'no such array')}, "
        f"the checkpoint {forms[1].get(path, 'no such array')}"
        for path in sorted(forms[0].keys() | forms[1].keys())
        if forms[0].get(path) != forms[1].get(path)
    ]


def load_arrays(own: State, held: State) -> None:
    """Copy the arrays of the sections that `own` has. Raises CheckpointError where they differ in form."""
    held = {section: held.get(section, {}) for section in own}
    raise_differences(differences(own, held))
    arrays = arrays_of(held)
    for path, array in arrays_of(own).items():
        array[...] = arrays[path]


def raise_differences(found: list[str]) -> None:
    """Raise CheckpointError where there are any."""
    if found:
        raise CheckpointError("the checkpoint does not fit the config's model:\n  " + "\n  ".join(found))
