"""A user's own modules, which a config names: their public classes join the families of the project."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy_template
from base.errors import defect
from utils.config.messages import Mistake, nearest, shown

MODULE_NAME = r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*"
_IMPORTED: dict[str, ModuleType] = {}  # in this process, by any config
_VISIBLE: ContextVar[tuple[str, ...] | None] = ContextVar("visible", default=None)


def imported_modules() -> tuple[ModuleType, ...]:
    """The modules whose classes a config may name: those of the config being checked, else all of this process."""
    names = _VISIBLE.get()
    return tuple(_IMPORTED[name] for name in (_IMPORTED if names is None else names))


@contextmanager
def visible_imports(names: Sequence[str]) -> Iterator[None]:
    """Context manager: of all modules imported so far, these alone are seen."""
    token = _VISIBLE.set(tuple(dict.fromkeys(names)))
    try:
        yield
    finally:
        _VISIBLE.reset(token)


def imports_of(raw: dict[str, Any]) -> list[str]:
    """The modules that a config names, as far as they are names."""
    names = raw.get("imports")
    return [name for name in names if _is_name(name)] if isinstance(names, list) else []


def import_modules(names: Sequence[str]) -> list[Mistake]:
    """Import modules from the current folder or Python's path; returns what is wrong with them."""
    here = str(Path.cwd())
    if names and not {here, ""} & set(sys.path):
        sys.path.append(here)  # last, so that nothing there hides a module of the project
    found = [(position, _import(name)) for position, name in enumerate(names)]
    return [Mistake(f"imports.{position}", text) for position, text in found if text is not None]


def files_of(names: Sequence[str]) -> dict[str, str]:
    """The files of imported modules, by name."""
    return {name: str(_file(_IMPORTED[name])) for name in names}


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and re.fullmatch(MODULE_NAME, name) is not None


def _import(name: str) -> str | None:
    """Import a module; returns what is wrong where it cannot be, or is not the one that is meant."""
    top = name.partition(".")[0]
    if top in (*numpy_template.PACKAGES, "numpy_template"):
        return f"{shown(name)} is of the project itself, whose components need no import; give your module another name"
    if top == "__main__":
        return "what stands in a notebook or a program has no name for others; write it into a file and name that"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and f"{name}.".startswith(f"{error.name}."):
            return _missing(name, error.name)
        return f"{name} cannot be imported: {defect(error)}"
    except SystemExit:
        return f"{name} ends the program when it is imported; put what it runs below: if __name__ == '__main__':"
    except Exception as error:  # whatever a user's module does wrong
        return f"{name} cannot be imported: {defect(error)}"
    if other := _hides(top):
        return f"{shown(top)} is {_file(sys.modules[top])}, which hides {other}; give yours another name"
    _IMPORTED[name] = module
    return None


def _missing(name: str, part: str) -> str:
    if name.endswith(".py") and Path(name).is_file():
        return f"there is no module {name!r}, but a file; write {name.removesuffix('.py')}, without .py"
    modules = [path.stem for path in Path.cwd().glob("*.py")]
    guess = nearest(part, modules)
    advice = f"; did you mean {guess!r}?" if guess else "."
    return (
        f"there is no module {part!r} in {Path.cwd()} nor on Python's path{advice} Run in the folder that holds "
        f"{part.partition('.')[0]}.py, or add that folder to PYTHONPATH"
    )


def _hides(top: str) -> Path | None:
    """The file of that name in the current folder, where another one is imported."""
    found = _file(sys.modules[top])
    for path in (Path.cwd() / f"{top}.py", Path.cwd() / top / "__init__.py"):
        if path.is_file() and found.resolve() != path.resolve():
            return path
    return None


def _file(module: ModuleType) -> Path:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ()), "(built in)"]
    return Path(next(place for place in places if place))


def is_defined_in(module: ModuleType, value: object) -> bool:
    """True if a class or function is a module's own, or of a module within it, and not one that it imports."""
    owner = getattr(value, "__module__", None)
    return isinstance(owner, str) and f"{owner}.".startswith(f"{module.__name__}.")
