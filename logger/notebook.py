"""Output in notebooks, which have no terminal but show a line that is written over."""

import sys
from typing import Any, TextIO


def in_notebook() -> bool:
    """True in the kernel of a Jupyter notebook."""
    ipython: Any = sys.modules.get("IPython")
    return ipython is not None and type(ipython.get_ipython()).__name__ == "ZMQInteractiveShell"


def bar_stream() -> TextIO | None:
    """The place of progress bars: a terminal's stderr, in a notebook the cell's output; None where there is none."""
    if in_notebook():
        return sys.stdout  # beside stderr it would be shown as parts of two outputs, in turn
    return sys.stderr if sys.stderr.isatty() else None
