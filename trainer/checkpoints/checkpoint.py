"""The checkpoint file: a state that a run can be continued from, or evaluated."""

from __future__ import annotations

import copy
import hashlib
import json
import logging
import math
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from base.errors import CheckpointError
from base.state import State, arrays_of
from base.types import Array
from trainer.checkpoints.meant import meant
from trainer.checkpoints.metadata import mistakes_in
from trainer.checkpoints.npz import read_npz, text_of
from trainer.checkpoints.run_folder import RunFolder
from utils.config.limits import DEEPEST, check_extent
from utils.config.messages import report, shown
from utils.files import replacing
from utils.npz import NpzFile

LOG = logging.getLogger(__name__)

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Checkpoint:
    """Named arrays, and everything else of a run's state as JSON values (`meta`)."""

    arrays: dict[str, Array]
    meta: dict[str, Any]

    @classmethod
    def of(cls, state: State) -> Checkpoint:
        """Split a nested state into its arrays, by path such as "model/linear1.weight", and all else."""
        return cls(arrays_of(state), _without_arrays(state))

    @property
    def state(self) -> State:
        """The nested state again."""
        state = copy.deepcopy(self.meta)
        for path, array in self.arrays.items():
            *sections, name = path.split("/")
            part = state
            for section in sections:
                part = part.setdefault(section, {})
            part[name] = array
        return state

    def copy(self) -> Checkpoint:
        """A deep copy, which does not change when training goes on."""
        arrays = {name: array.copy() for name, array in self.arrays.items()}
        meta = {key: copy.deepcopy(held) if isinstance(held, dict | list) else held for key, held in self.meta.items()}
        return Checkpoint(arrays, meta)

    def with_nested(self, name: str, other: Checkpoint) -> Checkpoint:
        """This checkpoint with another one, of the same data, nested in it under a name."""
        inner = {f"{name}/{key}": array for key, array in other.arrays.items() if not key.startswith("data/")}
        meta = {key: value for key, value in other.meta.items() if key != "data"}
        return Checkpoint(self.arrays | inner, self.meta | {name: meta})

    def with_batch(self, inputs: Array, targets: Array) -> Checkpoint:
        """This checkpoint with the batch of the next step, for debugging."""
        return Checkpoint(self.arrays | {"batch/inputs": inputs, "batch/targets": targets}, self.meta)

    @property
    def digest(self) -> str:
        """The first 16 hex digits of the weights' SHA-256: equal where parameters, buffers and their average are.

        Over `name shape dtype` and the little-endian bytes of each array below model/, buffer/ and ema/, by name.
        """
        digest = hashlib.sha256()
        for name in sorted(name for name in self.arrays if name.split("/")[0] in ("model", "buffer", "ema")):
            array = np.asarray(self.arrays[name])
            digest.update(f"{name} {array.shape} {array.dtype.name}".encode())
            digest.update(array.astype(array.dtype.newbyteorder("<"), order="C", copy=False).tobytes())
        return digest.hexdigest()[:16]

    def save(self, path: Path, flush_folder: bool = True) -> None:
        """Write atomically: a temporary file, flushed to disk, replaces `path`. Raises WriteError.

        Where another file is written into the same folder next, that flushes the folder too.
        """
        start = time.perf_counter()
        meta = {"format_version": FORMAT_VERSION, **self.meta}
        meta["sha256"] = _digest(self.arrays, meta)
        plain = {name: np.asarray(array, order="C") for name, array in self.arrays.items()}
        content: dict[str, Any] = {"meta": np.array(json.dumps(meta)), **plain}
        with replacing(path, flush_folder=flush_folder) as file:
            np.savez(file, **content)
            size = file.tell()
        LOG.debug("wrote %s: %.2f MiB in %.2f s", path.name, size / 2**20, time.perf_counter() - start)


def _without_arrays(state: State) -> State:
    """The JSON values of a state; a section that held arrays alone is left out."""
    meta = {}
    for key, value in state.items():
        plain = _without_arrays(value) if isinstance(value, dict) else value
        if not isinstance(value, np.ndarray) and (plain or not value or not isinstance(value, dict)):
            meta[key] = plain
    return meta


def load_checkpoint(path: Path) -> Checkpoint:
    """Read and verify a checkpoint. Raises CheckpointError where it is missing, damaged or of another kind."""
    if not path.is_file():
        raise CheckpointError(f"{path}: there is no such checkpoint (looked from {Path.cwd()}){meant(path)}")
    try:
        arrays, text = read_npz(path, "meta")
        meta = json.loads(text)
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        hint = "; a config is given with -c" if path.suffix in (".json", ".yaml", ".yml") else ""
        raise CheckpointError(f"{path}: is not a checkpoint that can be read: {error}{hint}") from error
    except MemoryError:
        raise CheckpointError(f"{path}: is larger than the memory that is left") from None
    _verify(path, arrays, meta)
    return Checkpoint(arrays, meta)


def step_of(path: Path) -> int | None:
    """The number of steps done in a checkpoint, whose arrays are not looked at; None where it is damaged."""
    try:
        with NpzFile(path) as file:
            step = json.loads(text_of(file.read("meta")))["step"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return step if isinstance(step, int) else None


def stored_digests(folder: RunFolder) -> dict[str, str]:
    """The digests of a run's "last" and "best" checkpoint, of those that exist and are intact."""
    found = {}
    for name, path in (("last", folder.last), ("best", folder.best)):
        with suppress(OSError, ValueError, RecursionError, MemoryError):
            arrays, text = read_npz(path, "meta")
            meta = json.loads(text)
            if isinstance(meta, dict) and meta.pop("sha256", None) == _digest(arrays, meta):
                found[name] = Checkpoint(arrays, meta).digest
    return found


def _verify(path: Path, arrays: dict[str, Array], meta: Any) -> None:
    if not isinstance(meta, dict) or meta.get("format_version") != FORMAT_VERSION:
        version = meta.get("format_version") if isinstance(meta, dict) else None
        raise CheckpointError(f"{path}: has checkpoint format {shown(version)}, this version reads {FORMAT_VERSION}")
    stated = meta.pop("sha256", None)
    if stated != _digest(arrays, meta):
        raise CheckpointError(f"{path}: is damaged: its content does not match its SHA-256; use another checkpoint")
    check_extent(meta, f"{path}: its meta", most=math.inf, deepest=2 * DEEPEST)  # a config lies deeper here
    if mistakes := mistakes_in(meta, arrays):
        raise CheckpointError(report(f"{path}: is not a checkpoint of a run", mistakes))
    check_extent(meta["config"], f"the config in {path}")


def _digest(arrays: dict[str, Array], meta: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(meta, sort_keys=True).encode())
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].dtype.str} {arrays[name].shape}".encode())
        digest.update(np.ascontiguousarray(arrays[name]).data)
    return digest.hexdigest()
