"""Comparison of what must be the same in all ranks of a training: plan, software, data."""

from __future__ import annotations

import hashlib
import json
import platform
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from base.errors import UserError
from base.state import arrays_of
from logger.environment import blas_kernel, library_versions
from numpy_template import PACKAGES, ROOT
from trainer.checkpoints.resume import Plan
from trainer.experiment import Experiment
from utils.config.imports import files_of
from utils.config.messages import shown
from utils.ranks.current import current


def share_plan(make: Callable[[], Plan], config: str | None) -> Plan:
    """The plan of the first rank, which alone reads config and checkpoint, in all ranks.

    Raises UserError where the ranks were given other arguments, or a config file of another content.
    """
    ranks = current()
    if ranks.size == 1:
        return make()
    _compare({"arguments": shlex.join(sys.argv[1:]), "content of the config": _content_of(config)})
    return ranks.from_first(make)


def expect_same(experiment: Experiment) -> None:
    """Raise UserError where ranks are too many, or differ in what the result depends on."""
    ranks = current()
    if ranks.size == 1:
        return
    if ranks.is_first and ranks.size > experiment.shards:
        raise UserError(
            f"{ranks.size} ranks, but trainer.shards is {experiment.shards}, and each rank needs a shard of its own: "
            f"start at most {experiment.shards} (mpiexec -n {experiment.shards}), or cut batches into more shards, "
            f"which changes the result (--set trainer.shards={ranks.size})"
        )
    _compare(_software(experiment))
    _compare(_data(experiment))


def _compare(facts: dict[str, Any]) -> None:
    """Raise UserError, in the first rank, where another has other facts; None is one that is not known there."""
    everyone = current().gathered((platform.node(), facts))
    if not current().is_first:
        return  # it hears of what the first finds
    host, first = everyone[0]
    for rank, (other_host, other) in enumerate(everyone):
        for key, value in first.items():
            if other[key] != value and None not in (other[key], value):
                raise UserError(
                    f"rank {rank} on {other_host} has other {key} than rank 0 on {host}: {shown(other[key])}, not "
                    f"{shown(value)}; all ranks need the same"
                )


def _content_of(config: str | None) -> str | None:
    """A digest of a config file; None where there is none, as on a machine that shares no folder with the others."""
    return None if config is None or not Path(config).is_file() else _digest(Path(config).read_bytes())


def _software(experiment: Experiment) -> dict[str, Any]:
    """The software that the bits of a result depend on."""
    own = [path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
    sources = [*own, *(Path(name) for name in files_of(experiment.settings.imports or []).values())]
    ops = experiment.model.ops.name
    return {
        "source files": _digest(*(path.read_bytes() for path in sources)),
        "operations": ops,
        "versions": {"python": platform.python_version(), **library_versions()},
        "BLAS": blas_kernel() if ops == "numpy" else None,
    }


def _data(experiment: Experiment) -> dict[str, Any]:
    """Digests of the data, so far as a checkpoint knows them."""
    state = experiment.data_state
    arrays = arrays_of(state)
    plain = json.dumps({key: value for key, value in state.items() if key not in arrays}, default=str)
    return {"data": _digest(plain.encode(), *(arrays[name].tobytes() for name in sorted(arrays)))}


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]
