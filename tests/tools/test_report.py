"""`python -m tools.report`, as a user runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.made_run import made_run
from tests.running import PROJECT


@pytest.mark.parametrize("wanted", ["models/made/run", "log/made/run", "models/made/run/best.npz"])
def test_a_page_is_made_again_from_the_files(here: Path, wanted: str) -> None:
    made_run(here / "saved")
    command = [sys.executable, "-m", "tools.report", f"saved/{wanted}"]
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    page = Path(done.stdout.strip())
    assert page.resolve() == (here / "saved/log/made/run/report.html").resolve()
    assert "<h1" in page.read_text(encoding="utf-8")
