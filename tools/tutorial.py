"""Run docs/tutorial.ipynb again and keep what its cells show: python -m tools.tutorial (extra `tutorial`)"""

import os
from pathlib import Path
from typing import Any

from utils.command_line import no_arguments

FILE = Path(__file__).parents[1] / "docs" / "tutorial.ipynb"
MOST_SECONDS = 600  # of a cell, on a busy machine


def executed(path: Path = FILE) -> Any:
    """The notebook with the outputs of a new kernel. Raises CellExecutionError for a cell that fails."""
    import nbformat
    from nbclient import NotebookClient

    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # a debugger's warning about frozen modules
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=MOST_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,
    )
    client.execute()
    return notebook


def main() -> None:
    """Write the notebook."""
    import nbformat

    notebook = executed()
    for cell in notebook.cells:
        cell.metadata.clear()
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"], "language_info": {"name": "python"}}
    nbformat.write(notebook, FILE)


if __name__ == "__main__":
    no_arguments("tools.tutorial", __doc__)
    main()
