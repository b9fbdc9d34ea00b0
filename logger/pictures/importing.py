"""The import of matplotlib, which no setting of the user's reaches."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from importlib.util import find_spec
from pathlib import Path


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
