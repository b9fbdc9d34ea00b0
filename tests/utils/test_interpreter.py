"""An interpreter that cannot run the project says so in one message."""

import ast
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from numpy_template import PROGRAMS
from tests.running import PROJECT, command
from utils.interpreter import OLDEST, PACKAGES, check_interpreter

READ = (
    *("train.py", "test.py", "predict.py", "compare.py", "search.py", "numpy_template.py", "utils/__init__.py"),
    *(
        "utils/quiet_start.py",
        "utils/interpreter.py",
        "tools/__init__.py",
        "tools/report.py",
        "experiments/__main__.py",
    ),
)


@pytest.mark.parametrize("name", READ)
def test_old_pythons_can_read_what_they_see_before_they_are_told(name: str) -> None:
    tree = ast.parse((PROJECT / name).read_text(encoding="utf-8"), feature_version=(3, 8))
    lazy = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
    defined = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    unions = [node for one in defined if one.returns for node in ast.walk(one.returns) if isinstance(node, ast.BinOp)]
    assert lazy or not unions


def test_a_python_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    with pytest.raises(SystemExit) as caught:
        check_interpreter()
    assert caught.value.code == 2
    assert "is Python 3.9, and 3.11 or newer is needed" in capsys.readouterr().err


@pytest.mark.parametrize("program", ["train.py", "test.py", "predict.py", "compare.py", "search.py", "tools/report.py"])
def test_missing_packages_are_named_with_the_command_of_the_readme(program: str) -> None:
    code = f"import runpy, sys; sys.path.insert(0, {str(PROJECT)!r}); sys.argv = ['x', '--help']; "
    code += f"runpy.run_path({str(PROJECT / program)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "numpy" in done.stderr
    command = done.stderr.splitlines()[1].strip()
    assert command in (PROJECT / "README.md").read_text(encoding="utf-8")


def test_what_is_asked_for_is_what_the_project_needs() -> None:
    names = {"scikit-learn": "sklearn", "pillow": "PIL", "pyyaml": "yaml"}
    listed = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [part.split(">=")[0] for part in listed["dependencies"]]
    assert sorted(names.get(name, name) for name in needed) == sorted(PACKAGES)
    assert listed["requires-python"] == f">={OLDEST[0]}.{OLDEST[1]}"


def test_every_program_begins_with_the_start_that_ends_quietly() -> None:
    beginning = "import utils.quiet_start"
    assert {path.stem for path in PROJECT.glob("*.py") if beginning in path.read_text(encoding="utf-8")} == {*PROGRAMS}


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("program", ["train.py", "export.py"])
@pytest.mark.parametrize("module", ["utils.quiet_start", "utils.interpreter", "utils.entry"])
def test_ctrl_c_between_the_first_imports_ends_without_a_traceback(tmp_path: Path, program: str, module: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupt())\n"
    )
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command(program, "--help"), capture_output=True, text=True, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
