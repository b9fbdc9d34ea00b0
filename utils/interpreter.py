"""A check that this interpreter can run the project; Pythons that cannot have to read it, so nothing here is new."""

import os
import sys
from contextlib import suppress
from importlib.util import find_spec

OLDEST = (3, 11)
PACKAGES = ("numpy", "scipy", "pandas", "sklearn", "matplotlib", "PIL", "yaml", "jinja2", "tqdm", "threadpoolctl")
INSTALL = 'python3 -m venv .venv && .venv/bin/pip install -e ".[fast]"'


def check_interpreter() -> None:
    """Exit with code 2 and a message that says what to run, where Python is too old or packages are missing."""
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if sys.version_info < OLDEST:
        trouble = f"is Python {sys.version_info[0]}.{sys.version_info[1]}, and 3.11 or newer is needed"
    elif missing:
        trouble = f"has no {', '.join(missing)}"
    else:
        return
    project = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with suppress(OSError, ValueError, AttributeError):  # stderr may be closed or gone
        sys.stderr.write(
            f"error: {sys.executable} {trouble}; install what is needed, in {project}:\n"
            f"  {INSTALL}\nand begin commands with .venv/bin/python\n"
        )
    sys.exit(2)
