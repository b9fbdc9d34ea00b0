"""Whatever happens to a checkpoint's file, it is refused by name or read as it was."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from base.errors import CheckpointError
from tests.trainer.stored import ARRAYS, META
from trainer.checkpoints.checkpoint import Checkpoint, load_checkpoint


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A checkpoint on disk."""
    Checkpoint(ARRAYS, META).save(tmp_path / "last.npz")
    return tmp_path / "last.npz"


def _repack(path: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
    """Change arrays and meta of a file and leave its SHA-256 as it is."""
    with np.load(path) as file:
        arrays: dict[str, Any] = {name: file[name] for name in file.files}
    meta = json.loads(str(arrays.pop("meta")))
    change(arrays, meta)
    np.savez(path, **arrays, meta=np.array(json.dumps(meta)))


def _drop_meta(path: Path) -> None:
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist() if name != "meta.npy"}
    with zipfile.ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[content.index(ARRAYS["model/linear1.weight"].tobytes()) + 7] ^= 1
    path.write_bytes(content)


def _save_lone_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.ones(3))


def _save_pickle(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.array([{}]), allow_pickle=True)


BAD: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (Path.unlink, "there is no such checkpoint"),
    "empty": (lambda path: path.write_bytes(b""), "it is not an .npz file"),
    "cut short": (lambda path: path.write_bytes(path.read_bytes()[:-30]), "is damaged"),
    "cut in half": (lambda path: path.write_bytes(path.read_bytes()[:700]), "is damaged"),
    "bit flipped": (_flip, "is damaged"),
    "text": (lambda path: path.write_text("loss 0.1"), "is not a checkpoint"),
    "lone array": (_save_lone_array, "is not a checkpoint"),
    "lone pickle": (_save_pickle, "is not a checkpoint"),
    "pickle inside": (lambda path: _repack(path, lambda arrays, _: arrays.update(a=np.array([{}]))), "Python objects"),
    "no meta": (_drop_meta, "is not a checkpoint"),
    "meta no JSON": (lambda path: np.savez(path, meta=np.array("{")), "is not a checkpoint"),
    "meta a list": (lambda path: np.savez(path, meta=np.array("[]")), "has checkpoint format null, this version reads"),
    "later format": (lambda path: _repack(path, lambda _, meta: meta.update(format_version=2)), "format 2, this vers"),
    "other digest": (lambda path: _repack(path, lambda _, meta: meta.update(sha256="0")), "does not match its SHA-256"),
    "no digest": (lambda path: _repack(path, lambda _, meta: meta.pop("sha256")), "does not match its SHA-256"),
    "other number": (lambda path: _repack(path, lambda arrays, _: arrays["buffer/count"].fill(4)), "not match its SHA"),
    "other epoch": (lambda path: _repack(path, lambda _, meta: meta.update(epoch=9)), "does not match its SHA-256"),
    "one array less": (lambda path: _repack(path, lambda arrays, _: arrays.pop("buffer/count")), "match its SHA-256"),
    "of no run": (lambda path: Checkpoint(ARRAYS, {"epoch": 3}).save(path), "a run: .*\n  step: is missing"),
}


@pytest.mark.parametrize(("harm", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_refused_by_name(path: Path, harm: Callable[[Path], Any], words: str) -> None:
    harm(path)
    with pytest.raises(CheckpointError, match=words) as caught:
        load_checkpoint(path)
    assert str(path) in str(caught.value)


def test_a_flipped_bit_anywhere_is_noticed_or_changes_nothing(path: Path) -> None:
    content = path.read_bytes()
    for place in range(0, len(content), 3):
        harmed = bytearray(content)
        harmed[place] ^= 1 << place % 8
        path.write_bytes(harmed)
        try:
            loaded = load_checkpoint(path)
        except CheckpointError:
            continue
        assert all(loaded.arrays[name].tobytes() == array.tobytes() for name, array in ARRAYS.items())
        assert {key: loaded.meta[key] for key in META} == META
