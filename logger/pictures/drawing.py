"""Drawing that no setting of the user's reaches: matplotlibrc, MPLBACKEND, or what their own code has set."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Callable
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import ParamSpec, TypeVar

LOG = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


def drawing(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function that draws with matplotlib's own settings; what it warns of is for those who look closer."""

    @wraps(function)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        import_matplotlib()
        import matplotlib

        with warnings.catch_warnings(record=True) as caught, matplotlib.rc_context():
            warnings.simplefilter("always")
            for key, value in matplotlib.rcParamsDefault.items():
                if not key.startswith("backend"):
                    matplotlib.rcParams[key] = value
            matplotlib.rcParams["text.parse_math"] = False  # no $ of a name begins a formula
            result = function(*args, **kwargs)
        for warning in caught:
            LOG.debug("matplotlib: %s", warning.message)
        return result

    return drawn


def import_matplotlib() -> None:
    """Import matplotlib as if the user had no matplotlibrc, of which some end the import, and no MPLBACKEND.

    It reads the matplotlibrc of the current folder before all others, so that folder is its own meanwhile.
    """
    if "matplotlib" in sys.modules:
        return
    spec = find_spec("matplotlib")
    assert spec
    assert spec.origin
    backend = os.environ.pop("MPLBACKEND", None)
    try:
        with contextlib.chdir(Path(spec.origin).resolve().parent / "mpl-data"):
            import matplotlib  # noqa: F401
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # a home that cannot be written to, fonts being listed
