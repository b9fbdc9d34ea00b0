"""--help of every program answers, at any width, and does nothing else."""

import subprocess
import sys

import pytest

from tests.running import PROJECT
from utils.command_line import train_arguments

PROGRAMS = [
    ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__main__")
    for path in sorted(PROJECT.rglob("*.py"))
    if path.relative_to(PROJECT).parts[0] in ("tools", "experiments", "ops", "tests")
    and '\nif __name__ == "__main__":\n' in path.read_text(encoding="utf-8")
]


def test_help_breaks_between_words_at_any_width(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def shown(columns: int) -> list[str]:
        monkeypatch.setenv("COLUMNS", str(columns))
        with pytest.raises(SystemExit):
            train_arguments(["--help"])
        return capsys.readouterr().out.splitlines()

    words = {word for line in shown(500) for word in line.split()}
    for columns in (40, 59, 60, 80, 120):
        lines = shown(columns)
        assert max(map(len, lines)) <= columns
        assert {word for line in lines for word in line.split()} <= words


@pytest.mark.parametrize("module", PROGRAMS)
def test_help_answers(module: str) -> None:
    for part, needed in {"tests.reference": "torch", "ops": "numba"}.items():
        if module.startswith(part):
            pytest.importorskip(needed)
    ended = subprocess.run([sys.executable, "-m", module, "--help"], cwd=PROJECT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("usage: ")
