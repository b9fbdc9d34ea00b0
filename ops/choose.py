"""Which operations a run gets."""

import importlib.util
from functools import cache
from typing import Literal

from ops.ops import Ops

Choice = Literal["auto", "compiled", "numpy"]


@cache
def choose_ops(choice: Choice = "auto") -> Ops:
    """The operations that a config asks for; "auto" means compiled ones where they can run.

    Raises ValueError where compiled ones are asked for and cannot run.
    """
    hindrance = None if choice == "numpy" else _hindrance()
    if choice == "compiled" and hindrance:
        raise ValueError(hindrance)
    if choice == "numpy" or hindrance:
        return Ops()
    from ops.compiled.compiled_ops import CompiledOps

    return CompiledOps()


def _hindrance() -> str | None:
    """Why compiled operations cannot run here."""
    if importlib.util.find_spec("numba") is None:
        return 'compiled operations need Numba; install it with pip install -e ".[fast]", or set trainer.ops to "numpy"'
    from ops.compiled.target import has_fma

    if not has_fma():
        return 'compiled operations need a processor with fused multiply-add; set trainer.ops to "numpy"'
    return None
