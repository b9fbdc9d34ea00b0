"""The installation: folders on Python's path under their names, and a message where another module hides one."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import numpy_template
from tests.running import PROJECT

SETTINGS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
# Module and distribution, where their names differ; those of extras are imported where they are asked for.
DISTRIBUTIONS = {
    "sqlalchemy": "optuna",
    "yaml": "pyyaml",
    "sklearn": "scikit-learn",
    "PIL": "pillow",
    "llvmlite": "numba",
    "google": "tensorboard",
}


def python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python in a folder, with the project on its path behind that."""
    path = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, timeout=60, env=path)


def test_every_folder_of_the_project_is_installed_under_its_name() -> None:
    folders = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert folders == set(numpy_template.PACKAGES)
    assert [f"{name}*" for name in sorted(folders)] == SETTINGS["tool"]["setuptools"]["packages"]["find"]["include"]


def test_files_beside_the_code_are_installed_with_it() -> None:
    patterns = SETTINGS["tool"]["setuptools"]["package-data"]["*"]
    files = [path for name in numpy_template.PACKAGES for path in (PROJECT / name).rglob("*") if path.is_file()]
    beside = [path for path in files if path.suffix not in (".py", ".pyc", ".md", ".nbi", ".nbc")]
    assert beside
    assert [str(path) for path in beside if not any(path.match(pattern) for pattern in patterns)] == []


def test_folders_hold_packages_alone() -> None:
    folders = {path.parent for name in numpy_template.PACKAGES for path in (PROJECT / name).rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_what_is_imported_is_a_dependency() -> None:
    extras = SETTINGS["project"]["optional-dependencies"]
    stated = [*SETTINGS["project"]["dependencies"], *(one for extra in extras.values() for one in extra)]
    names = {re.split(r"[^A-Za-z0-9_-]", one)[0].lower() for one in stated}
    own = {*numpy_template.PACKAGES, "numpy_template"}
    found = {
        module.partition(".")[0]
        for name in numpy_template.PACKAGES
        for path in (PROJECT / name).rglob("*.py")
        for module in _imports(path)
    }
    others = found - own - sys.stdlib_module_names
    assert {"numpy", "pandas"} <= others
    assert sorted(name for name in others if DISTRIBUTIONS.get(name, name).lower() not in names) == []


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("name", ["utils.py", "model.py", "base.py", "logger/__init__.py", "data_loader/__init__.py"])
def test_a_module_of_the_same_name_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    ended = python(tmp_path, "-c", "import trainer.fit")
    top = tmp_path / name.partition("/")[0]
    folder = top.stem
    words = (
        f"ImportError: {top} hides the folder {folder}/ of numpy-template, which is in {PROJECT}: rename {top.name}, or"
    )
    assert ended.returncode == 1
    assert words in ended.stderr


def test_it_is_found_whichever_folder_is_imported_first_and_where_it_was_imported_before(tmp_path: Path) -> None:
    (tmp_path / "utils.py").touch()
    for first in ("ops.choose", "base.types", "data_loader", "model", "logger", "tools", "experiments"):
        assert "utils.py hides the folder utils/" in python(tmp_path, "-c", f"import {first}").stderr
    assert "utils.py hides the folder utils/" in python(tmp_path, "-c", "import utils, trainer.fit").stderr


def test_a_program_of_the_project_ends_with_the_message_alone(tmp_path: Path) -> None:
    (tmp_path / "utils.py").touch()
    ended = python(tmp_path, "-m", "tools.report", "latest")
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"error: {tmp_path / 'utils.py'} hides the folder utils/")
    assert "Traceback" not in ended.stderr


def test_a_folder_without_code_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights.npz").touch()
    ended = python(tmp_path, "-c", "import model.layers.linear; print(model.__file__)")
    assert ended.stdout.strip() == str(PROJECT / "model" / "__init__.py"), ended.stderr


def test_nothing_is_hidden_here() -> None:
    assert [name for name in numpy_template.PACKAGES if numpy_template.hidden(name)] == []
