"""docs/tutorial.ipynb runs from its first cell to its last, in a kernel of the installation, and shows its pictures."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.running import PROJECT

FILE = PROJECT / "docs" / "tutorial.ipynb"
NOTEBOOK: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
CODE = [cell for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]


def shown(cells: list[Any]) -> list[Any]:
    """All outputs."""
    return [output for cell in cells for output in cell["outputs"]]


def test_it_is_small_and_its_outputs_are_those_of_a_run_without_errors() -> None:
    assert FILE.stat().st_size < 300_000
    assert [cell["execution_count"] for cell in CODE] == list(range(1, len(CODE) + 1))
    assert {output["output_type"] for output in shown(CODE)} <= {"stream", "display_data", "execute_result"}
    assert all(output.get("name") != "stderr" for output in shown(CODE))


def test_it_holds_no_paths_of_a_machine() -> None:
    assert re.findall(r"/(?:home|root|tmp|work|Users)/", FILE.read_text(encoding="utf-8")) == []


def test_its_links_lead_somewhere() -> None:
    text = "".join(line for cell in NOTEBOOK["cells"] if cell["cell_type"] == "markdown" for line in cell["source"])
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links
    assert [link for link in links if not (FILE.parent / link).exists()] == []


@pytest.mark.tutorial
def test_it_runs(tmp_path: Path) -> None:
    from tools.tutorial import executed

    copy = tmp_path / FILE.name
    copy.write_text(
        json.dumps(
            NOTEBOOK | {"cells": [cell | {"outputs": []} if "outputs" in cell else cell for cell in NOTEBOOK["cells"]]}
        )
    )
    cells = [cell for cell in executed(copy).cells if cell.cell_type == "code"]
    pictures = [[("image/png" in output.get("data", {})) for output in cell.outputs] for cell in cells]
    assert pictures == [[("image/png" in output.get("data", {})) for output in cell["outputs"]] for cell in CODE]
