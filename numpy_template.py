"""The names of the project's folders on Python's path: importing this refuses a module that hides one of them.

Each folder's `__init__.py` imports it, so whichever is imported first tells of all others.
"""

from __future__ import annotations  # Pythons that are too old have to read this, to be told so

import os
import signal
import sys

# Programs end without a traceback from here on; scripts of others and notebooks keep their KeyboardInterrupt.
PROGRAMS = ("compare", "draw", "export", "new_project", "predict", "search", "test", "train", "watch")
_MAIN = os.path.abspath(getattr(sys.modules["__main__"], "__file__", None) or "-")
if (
    _MAIN in [os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py") for name in PROGRAMS]
    and signal.getsignal(signal.SIGINT) is signal.default_int_handler
):
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from importlib.util import find_spec  # noqa: E402
from pathlib import Path  # noqa: E402

ROOT = Path(__file__).resolve().parent
PACKAGES = ("base", "data_loader", "experiments", "logger", "model", "ops", "tools", "trainer", "utils")


def hidden(name: str) -> Path | None:
    """The file or folder that is imported under the name of one of the folders, where that is another."""
    module = sys.modules.get(name)
    spec = find_spec(name) if module is None else getattr(module, "__spec__", None)
    if spec is None:
        return None
    if spec.origin is not None and spec.has_location:
        found = Path(spec.origin).resolve()
        return None if found == (ROOT / name / "__init__.py").resolve() else found
    return next((Path(place) for place in spec.submodule_search_locations or ()), None)


def check_names() -> None:
    """Raise ImportError where a folder of the project is hidden; `python -m` ends with the message and exit code 2."""
    for name in PACKAGES:
        if (ROOT / name).is_dir() and (other := hidden(name)) is not None:
            other = other.parent if other.name == "__init__.py" else other
            text = (
                f"{other} hides the folder {name}/ of numpy-template, which is in {ROOT}: rename {other.name}, or take "
                f"{other.parent} from Python's path (sys.path, PYTHONPATH, the folder that you run in)"
            )
            if sys.argv[:1] == ["-m"]:  # as long as Python looks for the module to run
                print(f"error: {text}", file=sys.stderr)
                sys.exit(2)
            raise ImportError(text)


check_names()
