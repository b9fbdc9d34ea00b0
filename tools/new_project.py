"""Projects of one's own: a folder with a config and components, which imports the framework and holds no copy of it."""

from __future__ import annotations

import keyword
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from base.errors import UserError
from numpy_template import PACKAGES, ROOT
from utils.files import writing
from utils.shell import shell_command

STARTER = ROOT / "starter"
_NAME = "my_project"  # as the package is called there
_LONGEST = 50
_LEFT_BEHIND = ("saved", "__pycache__")  # what training and testing the starter itself leaves


def make_project(path: Path) -> str:
    """Make the folder of a project, whole or not at all; returns what to do next. Raises UserError, WriteError."""
    package = _package(path)
    if os.path.lexists(path):
        raise UserError(f"{path} is there already, and nothing in it is changed; choose another name, or remove it")
    if not os.path.isdir(path.parent):
        raise UserError(
            f"{path}: there is no folder {path.parent} to make it in; make that, or see whether it is right"
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with writing(path, "make it in another folder"):
            for file in _files():
                _copy(file, temporary / str(file.relative_to(STARTER)).replace(_NAME, package), package)
            temporary.rename(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return _advice(path)


def _package(path: Path) -> str:
    """The name of the project's package: that of its folder in lower case, with _ for -. Raises UserError."""
    name = path.name
    package = name.lower().replace("-", "_")
    if not re.fullmatch(rf"[A-Za-z][A-Za-z0-9_-]{{0,{_LONGEST - 1}}}", name):
        raise UserError(
            f"{path}: {name!r} is to name a folder and a package of Python: use letters, digits, '_' and '-', a letter "
            f"first, {_LONGEST} characters at most"
        )
    if keyword.iskeyword(package):
        raise UserError(f"{path}: {package!r} is a word of Python's own, which cannot be imported; choose another name")
    if package in PACKAGES:
        raise UserError(f"{path}: that hides the folder {package}/ of numpy-template from imports; choose another name")
    if package in _own_names():
        raise UserError(f"{path}: {package!r} is the name of something else in a project; choose another name")
    spec = find_spec(package)
    if spec is not None and spec.origin is not None:
        raise UserError(f"{path}: that hides the module {package!r}, which is installed; choose another name")
    return package


def _own_names() -> set[str]:
    return {name.stem for name in STARTER.iterdir()} | {"saved"}


def _files() -> Iterator[Path]:
    for file in sorted(STARTER.rglob("*")):
        parts = file.relative_to(STARTER).parts
        left = any(part in _LEFT_BEHIND or part.endswith("_cache") for part in parts)
        if file.is_file() and not left:
            yield file


def _copy(source: Path, target: Path, package: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(source.read_text(encoding="utf-8").replace(_NAME, package), encoding="utf-8", newline="\n")


def _advice(path: Path) -> str:
    python = _python()
    install = shell_command(python, "-m", "pip", "install", "-e", f"{ROOT}[fast,test]")
    lines = [
        f"made {path}; its README.md says what is in it",
        *([] if _is_installed(path) else [f"install    {install}"]),
        f"go there   {shell_command('cd', path)}",
        f"train      {shell_command(python, 'train.py', '-c', 'config.json')}",
        f"test       {shell_command(python, '-m', 'pytest')}",
    ]
    return "\n".join(lines)


def _python() -> str:
    """This Python as it is called on the command line."""
    found = shutil.which("python")
    return "python" if found and Path(found).absolute() == Path(sys.executable) else sys.executable


def _is_installed(folder: Path) -> bool:
    """True if this Python finds this framework, and what tests need, from a folder elsewhere."""
    words = [sys.executable, "-c", "import pytest, numpy_template; print(numpy_template.ROOT)"]
    ended = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    return ended.returncode == 0 and ended.stdout.strip() == str(ROOT)
