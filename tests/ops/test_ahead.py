"""Operations compiled ahead are all there are."""

import importlib
import pkgutil
from typing import Any

import pytest

import ops.compiled
from ops.ops import Ops
from tests.every_ops import needs_numba

pytestmark = needs_numba


class Recorder:
    """Operations in NumPy, and the names of those that were called."""

    def __init__(self) -> None:
        self.called: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.called.add(name)
        return getattr(Ops(), name)


def test_every_operation_is_called() -> None:
    from ops.compiled.ahead import call_all

    recorder: Any = Recorder()
    call_all(recorder, "float32")
    assert recorder.called == {name for name in dir(Ops) if not name.startswith("_") and callable(getattr(Ops, name))}


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_second_process_compiles_where_the_tile_is_missing(monkeypatch: pytest.MonkeyPatch, is_kept: bool) -> None:
    from ops.compiled import beside

    started: list[list[str]] = []

    class Process:
        def __init__(self, command: list[str], **options: Any) -> None:
            started.append(command[1:])

        def kill(self) -> None:
            """At the end of the tests."""

    monkeypatch.setattr(beside.subprocess, "Popen", Process)
    monkeypatch.setattr(beside.os, "sched_getaffinity", lambda process: {0, 1}, raising=False)
    monkeypatch.setattr(beside, "has_panel", lambda dtype: is_kept)
    beside.compile_beside("float32")
    assert started == ([] if is_kept else [["-m", "ops.compiled", "float32"]])


@pytest.mark.kernels
def test_every_kernel_is_compiled() -> None:
    from ops.compiled.ahead import compile_all
    from ops.compiled.cache import cache_folder
    from ops.compiled.kernel import Kernel

    compile_all("float32")
    modules = [importlib.import_module(f"ops.compiled.{module.name}") for module in pkgutil.iter_modules(
        ops.compiled.__path__) if module.name != "__main__"]  # fmt: skip
    kernels = {f"{each.__module__}.{each.__qualname__}"
               for module in modules for each in vars(module).values() if isinstance(each, Kernel)}  # fmt: skip
    assert kernels - {path.name.rpartition("-")[0] for path in cache_folder().iterdir()} == set()
