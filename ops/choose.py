"""Choice of compiled or NumPy operations."""

import importlib.util
from functools import cache
from typing import Literal

from ops.ops import Ops

Enum = Literal["auto", "compiled", "numpy"]


@cache
def choose_ops(choice: Enum = "auto", dtype: str | None = None) -> Ops:
    """The operations that a config asks for, for numbers of a type or of any; "auto": compiled ones where they can run.

    Raises ValueError where compiled ones are asked for and cannot run.
    """
    missing = None if choice == "numpy" else _missing()
    if choice == "compiled" and missing:
        raise ValueError(f'compiled operations need {missing}; or set trainer.ops to "numpy"')
    if choice == "numpy" or missing:
        return Ops()
    from ops.compiled.beside import compile_beside
    from ops.compiled.compiled_ops import CompiledOps

    if dtype:
        compile_beside(dtype)
    return CompiledOps()


def computed_with(choice: Enum, ops: Ops) -> str:
    """A description of the operations in use and, where "auto" could not compile, of what is missing for it."""
    missing = _missing() if choice == "auto" else None
    return f"{ops.description}; two to three times as fast with {missing}" if missing else ops.description


def _missing() -> str | None:
    """The requirement of compiled operations that is not met; None where all are."""
    if importlib.util.find_spec("numba") is None:
        return 'Numba: pip install -e ".[fast]"'
    from ops.compiled.target import has_fma

    return None if has_fma() else "a processor with fused multiply-add"
