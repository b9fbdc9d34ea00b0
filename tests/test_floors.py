"""Imports go downwards, from floor to floor, and never in a circle: the picture in docs/architecture.md is true."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from tests.running import PROJECT

FLOORS = (  # a module may import from its own floor and from those before it
    ("numpy_template",),
    ("base.types",),
    ("ops",),
    ("base",),
    ("utils",),
    ("data_loader", "model"),
    ("logger",),
    ("trainer",),
    ("experiments", "tools"),
    ("train", "test", "predict", "search", "compare", "export", "draw", "new_project", "watch"),
)


def modules() -> dict[str, Path]:
    """Every module of the project by name."""
    paths = [path for floor in FLOORS for name in floor for path in _files(name.replace(".", "/"))]
    return {".".join(path.relative_to(PROJECT).with_suffix("").parts): path for path in paths}


def _files(name: str) -> list[Path]:
    return sorted((PROJECT / name).rglob("*.py")) or [PROJECT / f"{name}.py"]


def imports(path: Path, known: set[str]) -> set[str]:
    """The project's modules that a file imports, those for annotations alone among them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & known


def floor(module: str) -> int:
    """The number of the floor that a module is on."""
    numbers = {name: number for number, names in enumerate(FLOORS) for name in names}
    return numbers[module] if module in numbers else numbers[module.split(".")[0]]


def room(module: str) -> str:
    """The top folder of a module."""
    return module.split(".")[0]


def test_imports_go_downwards() -> None:
    known = modules()
    upward = [
        f"{module} imports {other}"
        for module, path in known.items()
        for other in imports(path, set(known))
        if floor(other) > floor(module) or (floor(other) == floor(module) and room(other) != room(module))
    ]
    assert upward == []


def test_imports_form_no_circle() -> None:
    known = modules()
    TopologicalSorter({module: imports(path, set(known)) for module, path in known.items()}).prepare()


def test_trainer_is_small_at_its_top() -> None:
    assert len(list((PROJECT / "trainer").glob("*.py"))) <= 16
