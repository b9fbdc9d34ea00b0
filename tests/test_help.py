"""--help of every program answers and does nothing else."""

import subprocess
import sys

import pytest

from tests.running import PROJECT

PROGRAMS = [
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__main__")
    for path in sorted(PROJECT.rglob("*.py"))
    if path.relative_to(PROJECT).parts[0] in ("tools", "experiments", "ops", "tests")
    and '\nif __name__ == "__main__":\n' in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("module", PROGRAMS)
def test_help_answers(module: str) -> None:
    for part, needed in {"tests.reference": "torch", "ops": "numba"}.items():
        if module.startswith(part):
            pytest.importorskip(needed)
    ended = subprocess.run([sys.executable, "-m", module, "--help"], cwd=PROJECT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("usage: ")
