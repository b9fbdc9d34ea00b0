"""A checkpoint is whole or refused, and writing one never harms the one before."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.errors import StoppedError, WriteError
from tests.trainer.stored import ARRAYS, META
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A checkpoint on disk."""
    Checkpoint(ARRAYS, META).save(tmp_path / "last.npz")
    return tmp_path / "last.npz"


def test_what_is_saved_comes_back(path: Path) -> None:
    loaded = load_checkpoint(path)
    assert {key: loaded.meta[key] for key in META} == META
    assert loaded.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert (loaded.arrays[name].dtype, loaded.arrays[name].shape) == (array.dtype, array.shape)
        assert loaded.arrays[name].tobytes() == array.tobytes()
    assert [*loaded.state["optimizer"]["exp_avg"]] == ["linear1.weight"]


def test_anybody_can_read_the_file_without_pickle(path: Path) -> None:
    with np.load(path, allow_pickle=False) as file:
        assert {*file.files} == {*ARRAYS, "meta"}
        meta = json.loads(str(file["meta"]))
    assert meta["format_version"] == 1
    assert len(meta["sha256"]) == 64


def test_a_meta_too_deep_to_copy_is_refused(path: Path) -> None:
    deep: list[Any] = []
    for _ in range(400):
        deep = [deep]
    Checkpoint(ARRAYS, META | {"monitor": {"best": deep}}).save(path)
    with pytest.raises(StoppedError, match=r"last\.npz: its meta: is nested deeper than 120 levels"):
        load_checkpoint(path)


def test_saving_again_replaces_the_file_and_leaves_nothing_beside_it(path: Path) -> None:
    Checkpoint(ARRAYS, META | {"epoch": 4}).save(path)
    assert load_checkpoint(path).meta["epoch"] == 4
    assert [*path.parent.iterdir()] == [path]


class _FullDisk(io.FileIO):
    """A file that takes a hundred bytes."""

    def write(self, content: Any) -> int:
        if self.tell() + len(content) > 100:
            raise OSError(28, "No space left on device")
        return super().write(content)


FAILURES: dict[str, tuple[str, Callable[..., Any]]] = {
    "no space for the arrays": ("numpy.savez", lambda *_, **__: _no_space()),
    "no space to open": ("os.open", lambda *_: _no_space()),
    "no space to flush": ("os.fsync", lambda _: _no_space()),
    "no space half way": ("os.fdopen", lambda handle, _: _FullDisk(handle, "w")),
    "no leave to rename": ("pathlib.Path.replace", lambda *_: _no_space()),
}


def _no_space() -> None:
    raise OSError(28, os.strerror(28))


@pytest.mark.parametrize(("function", "fail"), FAILURES.values(), ids=FAILURES.keys())
def test_a_write_that_fails_leaves_the_old_file_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch, function: str, fail: Callable[..., Any]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(function, fail)
        with pytest.raises(WriteError, match=f"cannot write {path}: No space left on device; free some space"):
            Checkpoint(ARRAYS, META | {"epoch": 4}).save(path)
    assert load_checkpoint(path).meta["epoch"] == 3
    assert [*path.parent.iterdir()] == [path]


def test_ctrl_c_while_writing_leaves_the_old_file_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", interrupt)
        with pytest.raises(KeyboardInterrupt):
            Checkpoint(ARRAYS, META | {"epoch": 4}).save(path)
    assert load_checkpoint(path).meta["epoch"] == 3
    assert [*path.parent.iterdir()] == [path]
